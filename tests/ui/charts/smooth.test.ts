import { describe, expect, it } from 'vitest';
import { smooth } from '../../../src/ui/charts/smooth.ts';

const series = (values: readonly number[]) => values.map((value, step) => ({ step: step * 10, value }));
const smoothed = (values: readonly number[], weight: number) => smooth(series(values), weight).map((p) => p.value);

describe('smooth', () => {
  it('leaves values alone at weight 0', () => {
    expect(smoothed([3, 1, 2], 0)).toEqual([3, 1, 2]);
  });

  it('debiases the moving average, as TensorBoard does', () => {
    // Weight ½: averages ½·1 = 0.5, 0.25 + 1.5 = 1.75, 0.875 + 1 = 1.875; divided by ½, ¾, ⅞.
    const [first, second, third] = smoothed([1, 3, 2], 0.5);
    expect(first).toBeCloseTo(1, 12);
    expect(second).toBeCloseTo(7 / 3, 12);
    expect(third).toBeCloseTo(15 / 7, 12);
  });

  it('leaves a constant series exactly as it is', () => {
    expect(smoothed([0.1, 0.1, 0.1], 0.9)).toEqual([0.1, 0.1, 0.1]);
  });

  it('passes non-finite values through and averages over them', () => {
    const [first, gap, second] = smoothed([1, Number.NaN, 3], 0.5);
    expect(first).toBeCloseTo(1, 12);
    expect(gap).toBeNaN();
    expect(second).toBeCloseTo(7 / 3, 12);
  });

  it('keeps the steps', () => {
    expect(smooth(series([1, 2]), 0.6).map(({ step }) => step)).toEqual([0, 10]);
  });
});
