import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildDataset, previewData, readDataFile } from '../../../src/engine/text/datasets.ts';
import type { ClassificationDataset } from '../../../src/engine/text/types.ts';

const lines = (...rows: object[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const guessOf = (fileName: string, text: string) => previewData(readDataFile(fileName, text), 1).guess;

function classify(files: Record<string, string>, columns: Record<string, string> = {}): ClassificationDataset {
  const read = Object.entries(files).map(([name, text]) => readDataFile(name, text));
  return buildDataset(read, { task: 'text-classification', columns }) as ClassificationDataset;
}

describe('what columns mean', () => {
  it.each([
    ['imdb', { text: 'x', label: 'pos' }, { text: 'text', label: 'label' }],
    ['sst2', { idx: 0, sentence: 'x', label: 1 }, { text: 'sentence', label: 'label' }],
    [
      'mnli',
      { premise: 'x', hypothesis: 'y', label: 0, idx: 1 },
      { text: 'premise', text_pair: 'hypothesis', label: 'label' },
    ],
    [
      'mrpc',
      { sentence1: 'x', sentence2: 'y', label: 0 },
      { text: 'sentence1', text_pair: 'sentence2', label: 'label' },
    ],
  ])('%s is known by name', (_, row, columns) => {
    expect(guessOf('train.jsonl', lines(row))).toEqual({ task: 'text-classification', columns });
  });

  it('squad is known by name and by form', () => {
    const row = { id: '1', title: '', context: 'c', question: 'q', answers: { text: [], answer_start: [] } };
    const file = {
      data: [{ title: '', paragraphs: [{ context: 'c', qas: [{ id: '1', question: 'q', answers: [] }] }] }],
    };
    const expected = { task: 'question-answering', columns: {} };
    expect(guessOf('train.jsonl', lines(row))).toEqual(expected);
    expect(guessOf('train.json', JSON.stringify(file))).toEqual(expected);
  });

  it('without names, few different values make a label, the longest ones a text', () => {
    const tsv = Array.from({ length: 20 }, (_, i) => `${i % 2}\ta sentence about ${i}`).join('\n');
    expect(guessOf('train.tsv', tsv)).toEqual({
      task: 'text-classification',
      columns: { text: 'column 2', label: 'column 1' },
    });
    expect(guessOf('train.csv', 'name,city\nAnn,Rome\nBob,Paris')).toBeNull();
  });
});

describe('building a dataset', () => {
  it('sorts files into splits by name', () => {
    const { splits } = classify({
      'train-8000.jsonl': lines({ text: 'a', label: 0 }, { text: 'b', label: 1 }),
      'imdb_validation.jsonl': lines({ text: 'c', label: 0 }),
      'test.csv': 'text,label\nd,1',
      'latest.csv': 'text,label\ne,1',
    });
    expect(splits.train.map(({ text }) => text)).toEqual(['a', 'b', 'e']);
    expect(splits.dev).toEqual([{ id: 'imdb_validation.jsonl:1', text: 'c', label: 0 }]);
    expect(splits.test).toEqual([{ id: 'test.csv:1', text: 'd', label: 1 }]);
  });

  it('numbers labels in numeric order, names by code unit', () => {
    expect(classify({ 'a.csv': 'text,label\nx,10\ny,2\nz,2' }).labels).toEqual(['2', '10']);
    const { labels, splits } = classify({ 'a.csv': 'text,label\nx,pos\ny,neg\nz,pos' });
    expect(labels).toEqual(['neg', 'pos']);
    expect(splits.train.map(({ label }) => label)).toEqual([1, 0, 1]);
  });

  it('texts alone are read without labels, under a usual name, as the only column or as chosen', () => {
    const alone = classify({ 'a.csv': 'id,text\n1,a b\n2,c d' });
    expect(alone.labels).toEqual([]);
    expect(alone.splits.train.map(({ text, label }) => [text, label])).toEqual([
      ['a b', null],
      ['c d', null],
    ]);
    expect(classify({ 'a.csv': 'passage\na b\nc d' }).splits.train[1]!.text).toBe('c d');
    expect(classify({ 'a.csv': 'x,y\n1,a b\n2,c d' }, { text: 'y' }).splits.train[0]!.text).toBe('a b');
  });

  it('where a table declares its classes, −1 or nothing beside them is no label', () => {
    const labels = [0, -1, 1, null];
    const table = {
      fileName: 'train',
      columns: ['text', 'label'],
      hasHeader: null,
      rows: labels.map((label, i) => ({ text: `t${i}`, label: label === 0 ? 'neg' : label === 1 ? 'pos' : label })),
      classNames: { label: ['neg', 'pos'] },
    };
    const built = buildDataset([{ kind: 'table', table }], { task: 'text-classification', columns: {} });
    expect((built as ClassificationDataset).splits.train.map(({ label }) => label)).toEqual([0, null, 1, null]);
  });

  it('a file whose labels are all −1 hides them; beside others it is a label', () => {
    const train = 'text,label\nx,0\ny,1';
    const hidden = classify({ 'train.csv': train, 'test.csv': 'text,label\nx,-1' });
    expect(hidden.labels).toEqual(['0', '1']);
    expect(hidden.splits.test[0]!.label).toBeNull();
    expect(classify({ 'train.csv': `${train}\nz,-1` }).labels).toEqual(['-1', '0', '1']);
  });

  it('takes the columns it is told', () => {
    const { splits } = classify({ 'a.csv': 'a,b,c\nx,y,0\nz,w,1' }, { text: 'b', text_pair: 'a', label: 'c' });
    expect(splits.train[0]).toEqual({ id: 'a.csv:1', text: 'y', textPair: 'x', label: 0 });
  });

  it('takes a column of paraphrases from the files to train on, which dev and test need not have', () => {
    const columns = { text: 'text', label: 'label', augmented: 'bt' };
    const files = { 'train.csv': 'text,label,bt\nx,0,y\nz,1,w', 'test.csv': 'text,label\nu,1' };
    const { splits } = classify(files, columns);
    expect(splits.train.map(({ augmentedText }) => augmentedText)).toEqual(['y', 'w']);
    expect(splits.test).toEqual([{ id: 'test.csv:1', text: 'u', label: 1 }]);
    expect(() => classify({ 'train.csv': files['test.csv'] }, columns)).toThrow(
      'expected the column bt, got text, label',
    );
  });

  it('guesses the columns that it is not told, among the others', () => {
    const rows = Array.from({ length: 8 }, (_, i) => `text ${i},${'a long paraphrase '.repeat(3)}${i},${i % 2}`);
    const { train } = classify({ 'train.csv': `a,b,c\n${rows.join('\n')}` }, { augmented: 'b' }).splits;
    expect(train[0]).toMatchObject({ text: 'text 0', augmentedText: `${'a long paraphrase '.repeat(3)}0`, label: 0 });
  });

  it('previews rows as text', () => {
    const file = readDataFile('a.jsonl', lines({ text: 'x', label: 1, more: { a: [2] } }, { text: 'y' }));
    expect(previewData(file, 1).rows).toEqual([{ text: 'x', label: '1', more: '{"a":[2]}' }]);
  });

  it.each([
    [
      'unknown column',
      'a.csv',
      'text,label\nx,1',
      { text: 'review', label: 'label' },
      'a.csv: expected the column review, got text, label.',
    ],
    ['no guess', 'a.csv', 'x,y\n1,2', {}, 'a.csv: expected a column of text, got x, y.'],
    ['missing label', 'a.csv', 'text,label\nx,1\ny,', {}, 'a.csv row 2: expected a label in column label, got "".'],
    [
      'label absent',
      'a.jsonl',
      lines({ text: 'x', label: 1 }, { text: 'y' }),
      {},
      'a.jsonl row 2: expected a label in column label, got nothing.',
    ],
    [
      'text is no text',
      'a.jsonl',
      lines({ text: 7, label: 1 }),
      {},
      'a.jsonl row 1: expected text in column text, got 7.',
    ],
    ['one label only', 'a.csv', 'text,label\nx,1\ny,1', {}, 'labels: expected 2 to 256 different ones, got 1 (1).'],
  ])('refuses: %s', (_, name, text, columns: Record<string, string>, message) => {
    expect(() => classify({ [name]: text }, columns)).toThrow(message);
  });

  it('refuses rows without what a question needs', () => {
    const file = readDataFile('a.jsonl', lines({ context: 'c', question: 'q' }));
    const build = () => buildDataset([file], { task: 'question-answering', columns: {} });
    expect(build).toThrow('a.jsonl: expected the column answers, got context, question.');
  });

  const sst2 = new URL('../../../../shared/data/sst2/', import.meta.url);
  const isHere = existsSync(sst2);
  it.skipIf(!isHere)(`reads SST-2 as it is${isHere ? '' : ' (skipped: needs ../shared/data/sst2)'}`, () => {
    const names = ['train.tsv', 'dev.tsv', 'test.tsv'];
    const read = Object.fromEntries(names.map((name) => [name, readFileSync(new URL(name, sst2), 'utf8')]));
    const { labels, splits } = classify(read);
    expect(labels).toEqual(['0', '1']);
    expect([splits.train.length, splits.dev.length, splits.test.length]).toEqual([6920, 872, 1821]);
    expect(splits.dev[0]).toEqual({ id: 'dev.tsv:1', text: 'one long string of cliches', label: 0 });
  });
});
