// Which examples stay, by conditions that a notebook can state: it shares what was chosen, never code that chooses.
import { WinnowError } from '../error.ts';
import { textsOf } from './examples.ts';
import { createSearch } from './search.ts';
import { checkAnswers } from './squad-features.ts';
import type { ClassificationDataset, ClassificationExample, Dataset, Example, SplitName } from './types.ts';

/** An example stays where all conditions hold. */
export interface ExampleFilter {
  /** Names of the classes that stay; the others are no classes any more. Empty: all. */
  readonly labels: readonly string[];
  /** Stands in one of the example's texts, whatever its case; empty: anything does. */
  readonly contains: string;
  /** Stands in none of them; empty: nothing is looked for. */
  readonly lacks: string;
  /** Words, by white space, of all its texts together; null: any number. */
  readonly min_words: number | null;
  readonly max_words: number | null;
  /** `placed`: those whose answers are where they say, or that have none; `answered`: only with such an answer. */
  readonly answers: 'any' | 'placed' | 'answered';
}

/** @throws WinnowError `bad-settings` where no example to train or to evaluate on is left, or for labels that there are not. */
export function filterDataset(dataset: Dataset, filter: ExampleFilter): Dataset {
  const filtered =
    dataset.kind === 'question-answering'
      ? { ...dataset, splits: mapSplits(dataset.splits, (examples) => filterQuestions(examples, filter)) }
      : filterTexts(dataset, filter);
  for (const split of ['train', 'dev'] as const) {
    const before = dataset.splits[split].length;
    if (before === 0 || filtered.splits[split].length > 0) continue;
    throw wrong(`examples to be left in ${split}, got none of ${before}`, 'Take more of the data, or loosen it.');
  }
  return filtered;
}

type Questions = Extract<Dataset, { kind: 'question-answering' }>['splits'][SplitName];

function filterQuestions(questions: Questions, filter: ExampleFilter): Questions {
  if (filter.labels.length > 0) throw wrong('no labels for questions', 'Remove them.');
  const sound = filter.answers === 'any' ? questions : checkAnswers(questions).ok;
  const answered = filter.answers === 'answered' ? sound.filter(({ answers }) => answers.length > 0) : sound;
  return answered.filter(hasTexts(filter));
}

function filterTexts(dataset: ClassificationDataset, filter: ExampleFilter): ClassificationDataset {
  if (filter.answers !== 'any') throw wrong('no condition on answers for texts with labels', 'Remove it.');
  const { labels } = dataset;
  const unknown = filter.labels.filter((name) => !labels.includes(name));
  if (unknown.length > 0) throw wrong(`labels among ${labels.join(', ')}, got ${unknown.join(', ')}`, 'Choose again.');
  const kept = filter.labels.length > 0 ? labels.filter((name) => filter.labels.includes(name)) : labels;
  const indices = labels.map((name) => kept.indexOf(name));
  const holds = hasTexts(filter);
  const stays = (example: ClassificationExample) =>
    (filter.labels.length === 0 || (example.label !== null && indices[example.label] !== -1)) && holds(example);
  const renumbered = (example: ClassificationExample) =>
    example.label === null ? example : { ...example, label: indices[example.label]! };
  return {
    ...dataset,
    labels: kept,
    splits: mapSplits(dataset.splits, (examples) => examples.filter(stays).map(renumbered)),
  };
}

function hasTexts({
  contains,
  lacks,
  min_words: least,
  max_words: most,
}: ExampleFilter): (example: Example) => boolean {
  const [wanted, unwanted] = [createSearch(contains), createSearch(lacks)];
  return (example) => {
    const texts = textsOf(example).map(({ text }) => text);
    const words = least === null && most === null ? 0 : texts.reduce((sum, text) => sum + countWords(text), 0);
    return (
      words >= (least ?? 0) &&
      words <= (most ?? Number.POSITIVE_INFINITY) &&
      texts.some(wanted.isIn) &&
      (lacks.trim() === '' || !texts.some(unwanted.isIn))
    );
  };
}

const countWords = (text: string): number => text.match(/\S+/g)?.length ?? 0;

const mapSplits = <A, B>({ train, dev, test }: Readonly<Record<SplitName, A>>, map: (split: A) => B) => ({
  train: map(train),
  dev: map(dev),
  test: map(test),
});

const wrong = (expected: string, remedy: string): WinnowError =>
  new WinnowError('bad-settings', `filter: expected ${expected}. ${remedy}`);
