import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../src/runs/statistics.ts';

describe('spreadOf', () => {
  it('is the mean and the sample standard deviation', () => {
    // Mean 4; squares of −2, 0, 2 sum to 8, over n − 1 = 2 is 4, whose root is 2.
    expect(spreadOf([2, 4, 6])).toEqual({ mean: 4, deviation: 2 });
  });

  it('is exact where all values are alike, whose sum may not be', () => {
    expect(spreadOf([0.938, 0.938, 0.938])).toEqual({ mean: 0.938, deviation: 0 });
  });

  it('has no deviation of one value, and nothing of none', () => {
    expect(spreadOf([0.8])).toEqual({ mean: 0.8, deviation: null });
    expect(spreadOf([])).toBeNull();
  });
});
