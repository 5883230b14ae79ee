import { describe, expect, it } from 'vitest';
import { type ExampleFilter, filterDataset } from '../../../src/engine/text/filter.ts';
import type { ClassificationDataset, QuestionDataset } from '../../../src/engine/text/types.ts';

const none: ExampleFilter = {
  labels: [],
  contains: '',
  lacks: '',
  min_words: null,
  max_words: null,
  answers: 'any',
};
const example = (id: string, text: string, label: number | null) => ({ id, text, label });
const news: ClassificationDataset = {
  kind: 'text-classification',
  labels: ['World', 'Sports', 'Business'],
  splits: {
    train: [
      example('a', 'Peace talks begin', 0),
      example('b', 'A late  goal\ndecides the match', 1),
      example('c', 'Shares fall', 2),
      example('d', 'No label here', null),
    ],
    dev: [example('e', 'Talks on shares', 2)],
    test: [example('f', 'hidden', null)],
  },
};
const idsOf = (filter: Partial<ExampleFilter>, dataset: ClassificationDataset | QuestionDataset = news) =>
  filterDataset(dataset, { ...none, ...filter }).splits.train.map(({ id }) => id);

describe('a filter of texts', () => {
  it.each<[Partial<ExampleFilter>, string[]]>([
    [{}, ['a', 'b', 'c', 'd']],
    [{ min_words: 3 }, ['a', 'b', 'd']], // 3, 6, 2 and 3 words, whatever parts them
    [{ max_words: 3 }, ['a', 'c', 'd']],
    [{ min_words: 3, max_words: 3 }, ['a', 'd']],
  ])('%j keeps %j', (filter, ids) => {
    expect(idsOf(filter)).toEqual(ids);
  });

  it('finds text in any case, and never takes it for a pattern', () => {
    const splits = { ...news.splits, dev: news.splits.train };
    expect(idsOf({ contains: 'TALKS' }, { ...news, splits })).toEqual(['a']);
    expect(idsOf({ lacks: 'goal' }, { ...news, splits })).toEqual(['a', 'c', 'd']);
    expect(() => idsOf({ contains: '.*' })).toThrow('expected examples to be left in train, got none of 4');
  });

  it('by label leaves the others, and examples without one, out, and numbers the classes that stay anew', () => {
    const { labels, splits } = filterDataset(news, { ...none, labels: ['Business', 'World'] }) as ClassificationDataset;
    expect(labels).toEqual(['World', 'Business']);
    expect(splits.train.map(({ id, label }) => [id, label])).toEqual([
      ['a', 0],
      ['c', 1],
    ]);
    expect(splits.test).toEqual([]); // a contest's, without labels: no reason to refuse
  });

  it.each<[Partial<ExampleFilter>, RegExp]>([
    [{ labels: ['Sport'] }, /expected labels among World, Sports, Business, got Sport\./],
    [{ labels: ['World'] }, /expected examples to be left in dev, got none of 1\. Take more/],
    [{ answers: 'placed' }, /no condition on answers/],
  ])('%j is refused', (filter, message) => {
    expect(() => idsOf(filter)).toThrow(message);
  });
});

describe('a filter of questions', () => {
  const question = { title: '', question: 'Who?', context: 'Ann met Bob.' };
  const train = [
    { ...question, id: 'placed', answers: [{ text: 'Bob', answer_start: 8 }] },
    { ...question, id: 'none', answers: [] },
    { ...question, id: 'misplaced', answers: [{ text: 'Bob', answer_start: 7 }] },
  ];
  const squad: QuestionDataset = { kind: 'question-answering', splits: { train, dev: train, test: [] } };

  it.each<[ExampleFilter['answers'], string[]]>([
    ['any', ['placed', 'none', 'misplaced']],
    ['placed', ['placed', 'none']],
    ['answered', ['placed']],
  ])('by answers, %s, keeps %j', (answers, ids) => {
    expect(idsOf({ answers }, squad)).toEqual(ids);
  });

  it('counts the words of question and context together', () => {
    expect(idsOf({ max_words: 4 }, squad)).toHaveLength(3);
    expect(() => idsOf({ max_words: 3 }, squad)).toThrow('got none of 3');
    expect(() => idsOf({ labels: ['x'] }, squad)).toThrow('no labels for questions');
  });
});
