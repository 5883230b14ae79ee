// A look into a data set as the worker gives it: pages, searches, tokens, counts.
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/engine/text/types.ts';
import { createTokenizer } from '../../src/engine/text/wordpiece.ts';
import { allRows } from '../../src/notebook/new-cells.ts';
import { countsOf } from '../../src/worker/data-counts.ts';
import { keepLatest } from '../../src/worker/keep-latest.ts';
import { measureData } from '../../src/worker/lengths.ts';
import { createRowReader, tokenizeRow } from '../../src/worker/rows.ts';

const texts = Array.from({ length: 2500 }, (_, i) => (i % 1000 === 7 ? `A rare TURTLE, row ${i}` : `row ${i}`));
const mail: Dataset = {
  kind: 'text-classification',
  labels: ['ham', 'spam'],
  splits: {
    train: texts.map((text, i) => ({ id: String(i), text, label: i % 5 === 0 ? null : i % 2 })),
    dev: [{ id: 'd', text: 'turtle soup', label: 1 }],
    test: [{ id: 't', text: 'soup', label: 0 }],
  },
};
const quiet = { onProgress: () => undefined, breathe: async () => undefined };
const page = (fields: { query?: string; from?: number; split?: 'train' | 'dev' }) => {
  const data = { kind: 'files', key: 'k', task: 'text-classification', columns: {}, ...allRows } as const;
  return { type: 'read-rows', data, split: 'train', query: '', from: 0, count: 2, ...fields } as const;
};

describe('rows', () => {
  it('come in pages, with the number of all', async () => {
    expect(await createRowReader().read(mail, page({ from: 2499 }), quiet)).toEqual({
      columns: ['text', 'label'],
      rows: [{ index: 2499, cells: { text: 'row 2499', label: 'spam' } }],
      total: 2500,
    });
  });

  it('that hold a query are counted once and paged through', async () => {
    const progress: [number, number][] = [];
    let breaths = 0;
    const pace = {
      onProgress: (done: number, total: number) => void progress.push([done, total]),
      breathe: async () => void breaths++,
    };
    const reader = createRowReader();
    const first = await reader.read(mail, page({ query: 'turtle' }), pace);
    expect([first.total, first.rows.map(({ index }) => index)]).toEqual([3, [7, 1007]]);
    const second = await reader.read(mail, page({ query: 'turtle', from: 2 }), pace);
    expect(second.rows.map(({ index }) => index)).toEqual([2007]);
    expect(progress).toEqual([
      [1000, 2500],
      [2000, 2500],
    ]);
    expect(breaths).toBe(2);
    const other = await reader.read(mail, page({ query: 'turtle', split: 'dev' }), pace);
    expect(other.total).toBe(1);
  });
});

describe('tokens', () => {
  const tokenizer = createTokenizer({ vocabulary: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'row', '7', ','] });

  it('of a row stand where they are in its text', () => {
    expect(tokenizeRow(tokenizer, mail.splits.train[7]!)).toEqual({
      unknownId: 1,
      texts: [
        {
          column: 'text',
          text: 'A rare TURTLE, row 7',
          ids: [1, 1, 1, 7, 5, 6],
          tokens: ['[UNK]', '[UNK]', '[UNK]', ',', 'row', '7'],
          offsets: [
            [0, 1],
            [2, 6],
            [7, 13],
            [13, 14],
            [15, 18],
            [19, 20],
          ],
        },
      ],
    });
    expect(() => tokenizeRow(tokenizer, null)).toThrow('Row: expected one of the split');
  });

  it('of all rows are counted with rests in between, up to the last', async () => {
    const progress: [number, number][] = [];
    const measured = await measureData(tokenizer, mail, {
      ...quiet,
      onProgress: (done, total) => void progress.push([done, total]),
    });
    expect(measured.train.first).toHaveLength(2500);
    expect([...measured.dev.first]).toEqual([2]);
    expect(progress[0]).toEqual([16, 2502]);
    expect(progress.length).toBe(Math.floor(2500 / 16));
  });
});

describe('counts', () => {
  it('are of each label, and of those that are hidden', () => {
    const { balance, answers } = countsOf(mail);
    expect(answers).toBeNull();
    expect(balance?.train).toEqual({ counts: [1000, 1000], hidden: 500 });
    expect(balance?.dev).toEqual({ counts: [0, 1], hidden: 0 });
  });

  it('of questions part those with an answer, without one, and with one in the wrong place', () => {
    const question = { title: '', question: 'Who?', context: 'Ann met Bob.' };
    const train = [
      { ...question, id: 'a', answers: [{ text: 'Bob', answer_start: 8 }] },
      { ...question, id: 'b', answers: [] },
      { ...question, id: 'c', answers: [{ text: 'Bob', answer_start: 7 }] },
    ];
    const { answers } = countsOf({ kind: 'question-answering', splits: { train, dev: [], test: [] } });
    expect(answers?.train).toMatchObject({ answered: 1, unanswerable: 1, misplaced: 1 });
    expect(answers?.train.problems).toEqual([expect.stringContaining('question c: expected "Bob" at character 7')]);
  });
});

describe('what splits share', () => {
  const splits = (train: readonly string[], dev: readonly string[], test: readonly string[]) => {
    const examples = (texts: readonly string[]) => texts.map((text, i) => ({ id: `${i}`, text, label: 0 }));
    return { train: examples(train), dev: examples(dev), test: examples(test) };
  };

  it('are texts of train, in any case and spacing', () => {
    const texts = splits(['A good film', 'b'], ['a  GOOD film', 'c'], ['d']);
    expect(countsOf({ ...mail, splits: texts }).inTrain).toEqual({ dev: 1, test: 0 });
  });

  it('are questions on a passage that train asks about', () => {
    const ask = (id: string, context: string) => ({ id, title: '', question: `${id}?`, context, answers: [] });
    const questions = { train: [ask('a', 'p')], dev: [ask('b', 'q')], test: [ask('c', 'p'), ask('d', 'p')] };
    expect(countsOf({ kind: 'question-answering', splits: questions }).inTrain).toEqual({ dev: 0, test: 2 });
  });
});

describe('keepLatest', () => {
  it('reads the same again only after something else, or a failure', async () => {
    const read: string[] = [];
    const open = keepLatest(async (name: string) => {
      read.push(name);
      if (name === 'broken') throw new Error(name);
      return name;
    });
    await Promise.all([open('a'), open('a')]);
    await open('b');
    await open('a');
    await expect(open('broken')).rejects.toThrow('broken');
    await expect(open('broken')).rejects.toThrow('broken');
    expect(read).toEqual(['a', 'b', 'a', 'broken', 'broken']);
  });
});
