import { strToU8, type Zippable, zipSync } from 'fflate';
import { it } from 'vitest';
import { filesOfZip } from '../../src/hub/unzip.ts';
import { attack } from './attack.ts';
import { mutateBytes } from './mutate.ts';

const folder: Zippable = {
  'm/config.json': strToU8('{"model_type": "bert"}'.repeat(20)),
  'm/model.safetensors': [new Uint8Array(300).map((_, i) => i), { level: 0 }],
  'train.csv': strToU8('text,label\na good film,pos\n'.repeat(9)),
};
const zips = [zipSync(folder), zipSync({ 'train.csv': strToU8('a good film,pos\n') }, { comment: 'of one file' })];

it('filesOfZip answers 10,000 broken archives with their files or a plain refusal', () =>
  attack('zip', {
    cases: 10_000,
    make(random) {
      const bytes = mutateBytes(random, zips[random.integer(zips.length)]!);
      const read = async () => {
        for (const { open } of await filesOfZip('m.zip', new Blob([bytes]))) await open();
      };
      return { size: bytes.length, read };
    },
  }));
