import { it } from 'vitest';
import type { Random } from '../../src/engine/random.ts';
import { buildDataset, previewData, readDataFile } from '../../src/engine/text/datasets.ts';
import { attack } from './attack.ts';
import { mutateBytes, mutateJson, mutateText } from './mutate.ts';

const rows = Array.from({ length: 8 }, (_, i) => ({
  text: `a "very" good film, ${i}`,
  label: i % 2 ? 'pos' : 'neg',
  score: i / 2,
}));
const separated = (separator: string) =>
  ['text,label,score', ...rows.map(({ label, score }, i) => `"a ""good"" film, ${i}",${label},${score}`)]
    .join('\n')
    .replaceAll(',', separator);

const squad = {
  version: '1.1',
  data: [
    {
      title: 'Films',
      paragraphs: [
        {
          context: 'The plot of film 💥 one is very good.',
          qas: [
            { id: 'a', question: 'Which film?', answers: [{ text: 'one', answer_start: 19 }] },
            { id: 2, question: 'Which plot?', answers: [] },
          ],
        },
      ],
    },
  ],
};

/** All that is made of a dropped file before anything is chosen, and of the usual choices. */
function readAll(name: string, text: string): void {
  const file = readDataFile(name, text);
  const { guess } = previewData(file, 5);
  const task = guess?.task ?? 'text-classification';
  buildDataset([file], { task, columns: {} });
}

const asBytes = (random: Random, text: string): string =>
  new TextDecoder().decode(mutateBytes(random, new TextEncoder().encode(text)));

/** A file of many columns or rows, as long as no person writes one. */
const wide = (random: Random, separator: string): string =>
  Array.from({ length: 10_000 + random.integer(40_000) }, (_, i) => `c${i}`).join(separator);

it.each([
  ['CSV', 'train.csv', ','],
  ['TSV', 'train.tsv', '\t'],
])('readDataFile answers 10,000 broken %s tables with rows or a plain refusal', (kind, name, separator) =>
  attack(kind, {
    cases: 10_000,
    make(random) {
      const form = random.integer(1000);
      const whole = separated(separator);
      const text =
        form === 0 ? wide(random, separator) : form < 500 ? mutateText(random, whole) : asBytes(random, whole);
      return { size: text.length, read: () => readAll(name, text) };
    },
  }),
);

it('readDataFile answers 10,000 broken JSON tables with rows or a plain refusal', () =>
  attack('JSON table', {
    cases: 10_000,
    make(random) {
      const text = mutateJson(random, rows);
      return { size: text.length, read: () => readAll('train.json', text) };
    },
  }));

it('readDataFile answers 10,000 broken files of JSON lines with rows or a plain refusal', () =>
  attack('JSON lines', {
    cases: 10_000,
    make(random) {
      const lines = rows.map((row) => JSON.stringify(row));
      const line = random.integer(lines.length);
      lines[line] = mutateJson(random, rows[line]);
      const text = random.integer(8) === 0 ? asBytes(random, lines.join('\n')) : lines.join('\n');
      return { size: text.length, read: () => readAll('train.jsonl', text) };
    },
  }));

it('readDataFile answers 10,000 broken SQuAD files with questions or a plain refusal', () =>
  attack('SQuAD', {
    cases: 10_000,
    make(random) {
      const text = mutateJson(random, squad);
      return { size: text.length, read: () => readAll('train.json', text) };
    },
  }));
