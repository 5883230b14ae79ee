import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClassificationDataset, ClassificationExample } from '../../../src/engine/text/types.ts';
import { splitFewShot } from '../../../src/engine/uda/few-shot.ts';

const example = (id: number, label: number | null, text = `text ${id}`): ClassificationExample => ({
  id: `${id}`,
  text,
  label,
});
const datasetOf = (train: readonly ClassificationExample[], test: readonly ClassificationExample[] = []) =>
  ({
    kind: 'text-classification',
    labels: ['animal', 'food', 'plant'],
    splits: { train, dev: [example(900, 0)], test },
  }) satisfies ClassificationDataset;

const thirty = datasetOf(Array.from({ length: 30 }, (_, i) => example(i, i % 3)));
const ids = (examples: readonly ClassificationExample[]) => examples.map(({ id }) => Number(id));

describe('a few-shot split', () => {
  it('keeps n labels of each class and hides the others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.nat(), (labelsPerClass, seed) => {
        const { dataset, unlabelled } = splitFewShot(thirty, { labelsPerClass, seed });
        const { train, dev } = dataset.splits;
        expect([0, 1, 2].map((label) => train.filter((one) => one.label === label).length)).toEqual(
          Array(3).fill(labelsPerClass),
        );
        expect(unlabelled.every(({ label }) => label === null)).toBe(true);
        expect([...ids(train), ...ids(unlabelled)].sort((a, b) => a - b)).toEqual(ids(thirty.splits.train));
        expect(dev).toEqual(thirty.splits.dev);
      }),
    );
  });

  it('is the same for a seed, another for another, and grows with n', () => {
    const labelled = (labelsPerClass: number, seed: number) =>
      ids(splitFewShot(thirty, { labelsPerClass, seed }).dataset.splits.train);
    expect(labelled(3, 1)).toEqual(labelled(3, 1));
    expect(labelled(3, 1)).not.toEqual(labelled(3, 2));
    expect(labelled(5, 1)).toEqual(expect.arrayContaining(labelled(3, 1)));
  });

  it('puts texts that never had a label with the unlabelled', () => {
    const { unlabelled } = splitFewShot(datasetOf([...thirty.splits.train, example(30, null)]), {
      labelsPerClass: 10,
      seed: 1,
    });
    expect(ids(unlabelled)).toEqual([30]);
  });

  it('counts texts that the test split has too, whatever their case and spacing', () => {
    const train = [
      example(0, 0, 'A cat'),
      example(1, 1, 'Bread'),
      example(2, 2, 'Oak'),
      example(3, 0, 'A  DOG\n'),
      example(4, 1, 'cake'),
    ];
    const test = [example(5, 0, 'a dog'), example(6, 1, 'bread'), example(7, 2, 'elm')];
    // One example of food or animal is labelled by chance: four labelled and unlabelled texts hold the two in all.
    const { inTest } = splitFewShot(datasetOf(train, test), { labelsPerClass: 1, seed: 1 });
    expect(inTest.labelled + inTest.unlabelled).toBe(2);
    expect(splitFewShot(datasetOf(train.slice(0, 3), test), { labelsPerClass: 1, seed: 1 }).inTest).toEqual({
      labelled: 1,
      unlabelled: 0,
    });
  });

  it('names the classes that have too few examples, with their counts', () => {
    const train = [example(0, 0), example(1, 0), example(2, 1)];
    expect(() => splitFewShot(datasetOf(train), { labelsPerClass: 2, seed: 1 })).toThrow(
      'few labels: expected 2 training examples of each class, got 1 of "food", 0 of "plant". Label fewer per class, or add examples.',
    );
  });
});
