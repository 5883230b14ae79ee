import { deflateRawSync } from 'node:zlib';
import { it } from 'vitest';
import type { Random } from '../../src/engine/random.ts';
import { toIpynb } from '../../src/notebook/exchange/ipynb.ts';
import { readNotebookFile } from '../../src/notebook/exchange/notebook-file.ts';
import { unpackDocument } from '../../src/notebook/exchange/share-link.ts';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import { twentyLabels } from '../../src/notebook/templates/twenty-labels.ts';
import { attack } from './attack.ts';
import { mutateBytes, mutateJson } from './mutate.ts';

const documents = [magnitudeOrMovement('quick'), twentyLabels('full')];
const notebooks = documents.map((document) =>
  JSON.parse(toIpynb(document, () => [{ 'text/plain': 'a table', 'text/html': '<b>a table</b>' }])),
);
const oneOf = <T>(random: Random, items: readonly T[]): T => items[random.integer(items.length)]!;

it('readNotebookFile answers 10,000 broken .ipynb with a document or a plain refusal', () =>
  attack('.ipynb', {
    cases: 10_000,
    make(random) {
      const text = mutateJson(random, oneOf(random, notebooks));
      return { size: text.length, read: () => readNotebookFile(text, 'a.ipynb') };
    },
  }));

it('readNotebookFile answers 10,000 broken plain documents likewise', () =>
  attack('plain notebook', {
    cases: 10_000,
    make(random) {
      const text = mutateJson(random, oneOf(random, documents));
      return { size: text.length, read: () => readNotebookFile(text, 'a.json') };
    },
  }));

it('unpackDocument answers 10,000 broken links with a document or a plain refusal', () =>
  attack('link', {
    cases: 10_000,
    make(random) {
      const form = random.integer(4);
      const text = mutateJson(random, oneOf(random, documents));
      const packed = deflateRawSync(text);
      const bytes = form === 0 ? mutateBytes(random, packed) : packed;
      const payload =
        Buffer.from(bytes).toString('base64url') + (form === 1 ? oneOf(random, ['=', '%', ' ', '💥', 'AAAA']) : '');
      return { size: text.length, read: () => unpackDocument(payload) };
    },
  }));
