import { describe, expect, it } from 'vitest';
import { bandOf } from '../../../src/ui/charts/band.ts';

const curve = (...values: readonly number[]) => values.map((value, step) => ({ step, value }));

describe('bandOf', () => {
  it('is one sample standard deviation to either side of the mean', () => {
    // Step 0: 2, 4, 6 have mean 4 and deviation 2. Step 1: 1, 1, 4 have mean 2 and deviation √((1 + 1 + 4)/2) = √3.
    const { mean, low, high } = bandOf([curve(2, 1), curve(4, 1), curve(6, 4)]);
    expect(mean).toEqual(curve(4, 2));
    expect(low.map(({ value }) => value)).toEqual([2, 2 - Math.sqrt(3)]);
    expect(high.map(({ value }) => value)).toEqual([6, 2 + Math.sqrt(3)]);
  });

  it('has no width where one seed has been measured only', () => {
    const { mean, low, high } = bandOf([curve(1, 3), curve(3)]);
    expect(mean).toEqual(curve(2, 3));
    expect([low[1], high[1]]).toEqual([
      { step: 1, value: 3 },
      { step: 1, value: 3 },
    ]);
  });

  it('leaves the curve of one seed as it is', () => {
    const only = curve(1, 2);
    expect(bandOf([only])).toEqual({ mean: only, low: [], high: [] });
  });
});
