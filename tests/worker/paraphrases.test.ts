// Back-translations that were made here, as the paraphrases of a run; kept, counted, and handed out as a file.
import 'fake-indexeddb/auto';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadData } from '../../src/hub/data-source.ts';
import { saveImport } from '../../src/hub/file-store.ts';
import { keptParaphrases } from '../../src/hub/paraphrases.ts';
import { dataChoiceSchema } from '../../src/runs/spec.ts';
import type { BackTranslation } from '../../src/runs/translation.ts';
import { countParaphrases, exportParaphrases } from '../../src/worker/paraphrases.ts';
import { course, finishedOf, prepareStorage, specOf } from './course.ts';

const words = ['keep', 'what', 'moves', 'move'];
const textOf = (i: number) => [0, 1, 2].map((place) => words[(i >> (2 * place)) % 4]).join(' ');
const rows = (from: number, count: number) => Array.from({ length: count }, (_, i) => `${textOf(from + i)},${i % 2}`);
const train = Array.from({ length: 8 }, (_, i) => textOf(i));

beforeAll(() => tf.setBackend('cpu'));
beforeEach(async () => {
  await prepareStorage();
  await saveCsv('texts');
});
afterEach(() => vi.unstubAllGlobals());

const saveCsv = (key: string) =>
  saveImport(key, [
    { name: 'train.csv', blob: new Blob([`text,label\n${rows(0, 8).join('\n')}\n`]) },
    { name: 'dev.csv', blob: new Blob([`text,label\n${rows(20, 4).join('\n')}\n`]) },
    { name: 'test.csv', blob: new Blob([`text,label\n${rows(40, 4).join('\n')}\n`]) },
  ]);

/** Each test has a temperature of its own, and so paraphrases of its own. */
const at = (temperature: number): BackTranslation => ({ language: 'fr', temperature });
const specAt = (temperature: number, data = 'texts') =>
  specOf({
    data,
    few_shot: { labels_per_class: 1 },
    uda: { unsup_ratio: 1, aug_ops: `bt-${temperature}` },
    pruning: { pruning_method: 'none' },
  });
const { data } = specAt(1);

async function translate(how: BackTranslation, texts: readonly string[]) {
  for (const text of texts) await keptParaphrases.save(how, text, text.split(' ').toReversed().join(' '));
}

describe('paraphrases made here', () => {
  it('are read in the order of the texts, apart by temperature', async () => {
    await translate(at(0.11), ['a b', 'c d']);
    expect(await keptParaphrases.read(at(0.11), ['c d', 'x', 'a b'])).toEqual(['d c', null, 'b a']);
    expect(await keptParaphrases.read(at(0.12), ['c d'])).toEqual([null]);
  });

  it('train a run once all texts have theirs, and before that it says what to do', async () => {
    await translate(at(0.21), train.slice(0, 5));
    expect(await countParaphrases({ type: 'count-paraphrases', data, how: at(0.21) })).toEqual({ made: 5, texts: 8 });
    await expect(course(specAt(0.21))).rejects.toThrow(
      /expected a paraphrase of each of the 6 texts, got \d\. Translate them in the settings/,
    );
    await translate(at(0.21), train.slice(5));
    expect(finishedOf(await course(specAt(0.21))).outcome).toBe('done');
  });

  it('give way to a column that the data bring', async () => {
    const lines = train.map((text, i) => JSON.stringify({ text, label: String(i % 2), mine: `mine ${i}` }));
    await saveImport('own', [{ name: 'train.jsonl', blob: new Blob([lines.join('\n')]) }]);
    const own = { ...data, key: 'own', columns: { text: 'text', label: 'label', augmented: 'mine' } };
    await translate(at(0.31), train);
    const [file] = await exportParaphrases({ type: 'export-paraphrases', data: own, how: at(0.31) });
    expect(file?.text).toContain('"augmented":"mine ');
  });

  it('leave as a file that is read in again, paraphrases and labels with it', async () => {
    await translate(at(0.41), train);
    const files = await exportParaphrases({ type: 'export-paraphrases', data, how: at(0.41) });
    expect(files.map(({ name }) => name)).toEqual(['train.jsonl']);
    expect(JSON.parse(files[0]!.text.split('\n')[0]!)).toEqual({
      text: 'keep keep keep',
      label: '0',
      augmented: 'keep keep keep',
    });
    const [csv] = [rows(20, 4).join('\n')];
    await saveImport('again', [
      { name: 'train.jsonl', blob: new Blob([files[0]!.text]) },
      { name: 'dev.csv', blob: new Blob([`text,label\n${csv}\n`]) },
      { name: 'test.csv', blob: new Blob([`text,label\n${csv}\n`]) },
    ]);
    const columns = { text: 'text', label: 'label', augmented: 'augmented' };
    const again = dataChoiceSchema.parse({ ...data, key: 'again', columns });
    const { dataset } = await loadData(again);
    const original = (await loadData(data)).dataset;
    const strip = (examples: readonly object[]) =>
      examples.map((example) => ({ ...example, id: '', augmentedText: '' }));
    expect(strip(dataset.splits.train)).toEqual(strip(original.splits.train));
    expect(dataset.splits.train[3]).toMatchObject({
      text: textOf(3),
      augmentedText: textOf(3).split(' ').toReversed().join(' '),
    });
  });

  it('of texts whose label the data hide leave in a file of their own', async () => {
    const hidden = train.map((text) => JSON.stringify({ text, label: -1 }));
    await saveImport('hidden', [
      { name: 'train-a.csv', blob: new Blob([`text,label\n${rows(0, 8).join('\n')}\n`]) },
      { name: 'train-b.jsonl', blob: new Blob([hidden.join('\n')]) },
    ]);
    await translate(at(0.51), train);
    const files = await exportParaphrases({
      type: 'export-paraphrases',
      data: dataChoiceSchema.parse({ ...data, key: 'hidden' }),
      how: at(0.51),
    });
    expect(files.map(({ name }) => name)).toEqual(['train.jsonl', 'train-unlabelled.jsonl']);
    expect(JSON.parse(files[1]!.text.split('\n')[0]!)).toMatchObject({ label: -1 });
  });
});
