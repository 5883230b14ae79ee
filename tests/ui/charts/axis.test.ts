import { describe, expect, it } from 'vitest';
import { extentOf, linearTicks, logTicks, roundOutwards, withoutOutliers } from '../../../src/ui/charts/axis.ts';

describe('linearTicks', () => {
  it('are exact multiples of 1, 2 or 5 times a power of ten', () => {
    expect(linearTicks([0, 1], 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks([0, 0.35], 3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(linearTicks([3, 651], 6)).toEqual([100, 200, 300, 400, 500, 600]);
    expect(linearTicks([-0.25, 0.25], 5)).toEqual([-0.2, -0.1, 0, 0.1, 0.2]);
  });

  it('is one tick on a range without width', () => {
    expect(linearTicks([4, 4], 5)).toEqual([4]);
  });
});

describe('logTicks', () => {
  it('are powers of ten, with 2 and 5 between when those are few', () => {
    expect(logTicks([1e-5, 0.1])).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 0.1]);
    expect(logTicks([0.3, 4])).toEqual([0.5, 1, 2]);
  });
});

describe('extentOf', () => {
  it('skips what is not finite, and on a logarithmic axis what is not positive', () => {
    expect(extentOf([Number.NaN, 2, -1, Number.POSITIVE_INFINITY])).toEqual([-1, 2]);
    expect(extentOf([0, 2, -1, 8], true)).toEqual([2, 8]);
    expect(extentOf([Number.NaN])).toBeNull();
  });

  it('gives a flat series room on both sides', () => {
    expect(extentOf([0, 0])).toEqual([-1, 1]);
    expect(extentOf([20])).toEqual([18, 22]);
    expect(extentOf([4], true)).toEqual([2, 8]);
  });
});

describe('roundOutwards', () => {
  it('ends on ticks', () => {
    expect(roundOutwards([0.13, 0.87], 4)).toEqual([0, 1]);
    expect(roundOutwards([0.2, 0.8], 3)).toEqual([0.2, 0.8]);
  });
});

describe('withoutOutliers', () => {
  it('keeps the middle 90 %, as TensorBoard does', () => {
    // Of 0 … 40 the ends are at ⌈0.05 · 40⌉ = 2 and ⌊0.95 · 40⌋ = 38, in whatever order they come.
    const values = Array.from({ length: 41 }, (_, index) => (7 * index) % 41);
    expect(extentOf(withoutOutliers(values))).toEqual([2, 38]);
  });

  it('loses the one wild value of a few, but nothing of two', () => {
    // Of three values ⌈0.1⌉ = 1 and ⌊1.9⌋ = 1: the middle one.
    expect(withoutOutliers([900, 1, 2])).toEqual([2]);
    expect(withoutOutliers([900, 1])).toEqual([900, 1]);
  });

  it('counts what can be drawn only', () => {
    expect(withoutOutliers([Number.NaN, 3, Number.POSITIVE_INFINITY, 1])).toEqual([3, 1]);
    expect(withoutOutliers([-1, 0, 3, 1], true)).toEqual([3, 1]);
  });
});
