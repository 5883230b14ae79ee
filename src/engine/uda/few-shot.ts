// Twenty labels out of a whole training split: a few examples of each class keep theirs, those of the rest are hidden.
import { deriveSeed, shuffle } from '../random.ts';
import { overlapKey } from '../text/examples.ts';
import { badData } from '../text/table.ts';
import type { ClassificationDataset, ClassificationExample } from '../text/types.ts';

export interface FewShotOptions {
  readonly labelsPerClass: number;
  readonly seed: number;
}

export interface FewShotSplit {
  /** The data set with only the labelled examples left in `train`; dev and test as they were. */
  readonly dataset: ClassificationDataset;
  /** The rest of `train`, in its order, every label null. */
  readonly unlabelled: readonly ClassificationExample[];
  /** How many texts of each are also in the test split, whatever their case and spacing. To be said, not mended. */
  readonly inTest: { readonly labelled: number; readonly unlabelled: number };
}

/**
 * A larger `labelsPerClass` with the same seed keeps the labels of a smaller one and adds to them.
 * @throws WinnowError `bad-data` naming the classes that have too few examples.
 */
export function splitFewShot(data: ClassificationDataset, { labelsPerClass, seed }: FewShotOptions): FewShotSplit {
  const { train } = data.splits;
  const placesByClass = data.labels.map((_, label) =>
    train.flatMap((example, i) => (example.label === label ? [i] : [])),
  );
  checkCounts(data, placesByClass, labelsPerClass);
  const drawn = placesByClass.flatMap((places, label) =>
    shuffle(places.length, deriveSeed(seed, label))
      .slice(0, labelsPerClass)
      .map((i) => places[i]!),
  );
  return divide(data, new Set(drawn));
}

/** The division that the data makes itself, by hiding labels. */
export function splitHidden(data: ClassificationDataset): FewShotSplit {
  return divide(data, new Set(data.splits.train.flatMap(({ label }, i) => (label === null ? [] : [i]))));
}

function divide(data: ClassificationDataset, chosen: ReadonlySet<number>): FewShotSplit {
  const { train, test } = data.splits;
  const labelled = train.filter((_, i) => chosen.has(i));
  const unlabelled = train.filter((_, i) => !chosen.has(i)).map((example) => ({ ...example, label: null }));
  const testTexts = new Set(test.map(overlapKey));
  const countInTest = (examples: readonly ClassificationExample[]) =>
    examples.filter((example) => testTexts.has(overlapKey(example))).length;
  return {
    dataset: { ...data, splits: { ...data.splits, train: labelled } },
    unlabelled,
    inTest: { labelled: countInTest(labelled), unlabelled: countInTest(unlabelled) },
  };
}

function checkCounts(data: ClassificationDataset, placesByClass: readonly number[][], labelsPerClass: number): void {
  const short = data.labels.flatMap((name, label) => {
    const count = placesByClass[label]!.length;
    return count < labelsPerClass ? [`${count} of ${JSON.stringify(name)}`] : [];
  });
  if (short.length === 0) return;
  const what = `expected ${labelsPerClass} training examples of each class, got ${short.join(', ')}`;
  throw badData('few labels', what, 'Label fewer per class, or add examples.');
}
