import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChartPoint, decimate } from '../../../src/ui/charts/decimate.ts';

const series = (values: readonly number[]): ChartPoint[] => values.map((value, step) => ({ step, value }));

describe('decimate', () => {
  it('returns short series as they are, with non-finite values as gaps', () => {
    expect(decimate(series([1, Number.NaN, 3]), 3)).toEqual([
      { step: 0, value: 1 },
      { step: 1, value: null },
      { step: 2, value: 3 },
    ]);
  });

  it('keeps the lowest and the highest of each bucket in order of step', () => {
    // Limit 6: the ends and (6 − 2)/2 = 2 buckets of the inner eight: [5 1 9 2] and [7 7 3 8].
    const drawn = decimate(series([0, 5, 1, 9, 2, 7, 7, 3, 8, 0]), 6);
    expect(drawn.map(({ step }) => step)).toEqual([0, 2, 3, 7, 8, 9]);
    expect(drawn.map(({ value }) => value)).toEqual([0, 1, 9, 3, 8, 0]);
  });

  it('keeps a lone spike among ten thousand points', () => {
    const values = Array.from({ length: 10_000 }, () => 1);
    values[6_173] = 50;
    expect(decimate(series(values), 500)).toContainEqual({ step: 6_173, value: 50 });
  });

  it('keeps a lone NaN as a gap', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => i % 7);
    values[4_321] = Number.NaN;
    expect(decimate(series(values), 500)).toContainEqual({ step: 4_321, value: null });
  });

  it('never exceeds the limit, keeps ends and extremes, and keeps the order', () => {
    const value = fc.oneof({ weight: 9, arbitrary: fc.double({ min: -1e6, max: 1e6 }) }, fc.constant(Number.NaN));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 2, maxLength: 400 }),
        fc.integer({ min: 8, max: 60 }),
        (values, limit) => {
          const points = series(values);
          const drawn = decimate(points, limit);
          expect(drawn.length).toBeLessThanOrEqual(limit);
          expect(drawn[0]!.step).toBe(0);
          expect(drawn.at(-1)!.step).toBe(values.length - 1);
          expect(drawn.every(({ step }, i) => i === 0 || step > drawn[i - 1]!.step)).toBe(true);
          const finite = values.filter(Number.isFinite);
          const shown = drawn.flatMap((point) => point.value ?? []);
          expect([Math.min(...shown), Math.max(...shown)]).toEqual([Math.min(...finite), Math.max(...finite)]);
        },
      ),
    );
  });
});
