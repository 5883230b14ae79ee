import { describe, expect, it } from 'vitest';
import { linearFit, median, powerFit, summarise } from '../../../scripts/lib/bench/statistics.ts';

describe('medians', () => {
  it('take the middle of an odd number of values, whatever their order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('take the mean of the two in the middle of an even number', () => {
    expect(median([10, 1, 2, 4])).toBe(3);
  });

  it('are not to be had of nothing', () => {
    expect(() => median([])).toThrow('expected at least one value');
  });

  it('stand beside the least and the count', () => {
    expect(summarise([30, 10, 20])).toEqual({ median: 20, min: 10, n: 3 });
  });
});

describe('fits', () => {
  it('find the line that points lie on', () => {
    expect(
      linearFit([
        [1, 5],
        [2, 7],
        [4, 11],
      ]),
    ).toEqual({ slope: 2, intercept: 3, r2: 1 });
  });

  it('call a constant a line', () => {
    expect(
      linearFit([
        [1, 7],
        [2, 7],
        [3, 7],
      ]),
    ).toEqual({ slope: 0, intercept: 7, r2: 1 });
  });

  it('say how little a line explains of a parabola', () => {
    // y = x² on −1, 0, 1, 2: slope 1, intercept 1, residuals 1, −1, −1, 1 (4) of a spread of 9.
    const { slope, intercept, r2 } = linearFit([
      [-1, 1],
      [0, 0],
      [1, 1],
      [2, 4],
    ]);
    expect([slope, intercept]).toEqual([1, 1]);
    expect(r2).toBeCloseTo(1 - 4 / 9, 12);
  });

  it('find the exponent of a power', () => {
    const { exponent, r2 } = powerFit([
      [1, 3],
      [2, 12],
      [4, 48],
    ]);
    expect(exponent).toBeCloseTo(2, 12);
    expect(r2).toBeCloseTo(1, 12);
  });
});
