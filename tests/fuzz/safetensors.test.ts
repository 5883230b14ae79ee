import { it } from 'vitest';
import { readSafetensors, readTensors } from '../../src/engine/model/safetensors.ts';
import type { Random } from '../../src/engine/random.ts';
import { attack } from './attack.ts';
import { mutateBytes, mutateJson } from './mutate.ts';

const header = {
  __metadata__: { format: 'pt' },
  'a.weight': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
  'a.bias': { dtype: 'F16', shape: [3], data_offsets: [24, 30] },
  mask: { dtype: 'BOOL', shape: [2, 1, 1], data_offsets: [30, 32] },
};
const DATA_BYTES = 32;

/** A header that is broken as JSON, before data of nearly the right length; one in four is broken as bytes again. */
function brokenFile(random: Random): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(mutateJson(random, header));
  const data = DATA_BYTES + (random.integer(8) === 0 ? random.integer(9) - 4 : 0);
  const file = new Uint8Array(8 + text.length + data);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return random.integer(4) === 0 ? mutateBytes(random, file) : file;
}

it('readSafetensors answers 100,000 broken headers with a file or a plain refusal', () =>
  attack('safetensors', {
    cases: 100_000,
    make(random) {
      const file = brokenFile(random);
      return { size: file.length, read: () => readSafetensors(file) };
    },
  }));

it('readTensors, which reads parts of a stored file, does as well', () =>
  attack('safetensors, some tensors', {
    cases: 10_000,
    make(random) {
      const file = brokenFile(random);
      return {
        size: file.length,
        read: () => readTensors(new Blob([file]), ['a.bias', 'mask'], 'history.safetensors'),
      };
    },
  }));
