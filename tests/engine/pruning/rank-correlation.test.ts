import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correlation, rankCorrelation, ranks } from '../../../src/engine/pruning/rank-correlation.ts';

const f32 = (...values: number[]) => Float32Array.from(values);

/** By definition: how many are smaller, and the middle of those that are equal. */
function slowRanks(values: Float32Array): number[] {
  return [...values].map((value) => {
    const smaller = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return smaller + (equal + 1) / 2;
  });
}

describe('ranks', () => {
  it('gives equal values the mean of their ranks, and no difference to the sign of zero', () => {
    expect([...ranks(f32(3, -1, 3, 0, -0, 10))]).toEqual([4.5, 1, 4.5, 2.5, 2.5, 6]);
  });

  it('agrees with the definition', () => {
    const values = fc.array(fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, 1, -1)), { maxLength: 60 });
    fc.assert(
      fc.property(values, (list) => {
        expect([...ranks(f32(...list))]).toEqual(slowRanks(f32(...list)));
      }),
    );
  });
});

describe('rankCorrelation', () => {
  it('is 1 for any rising relation, −1 for any falling one', () => {
    expect(rankCorrelation(f32(1, 2, 3, 4), f32(1, 8, 27, 64))).toBeCloseTo(1, 12);
    expect(rankCorrelation(f32(1, 2, 3, 4), f32(9, 0, -1, -100))).toBeCloseTo(-1, 12);
  });

  it('is 1 − 6 Σd² / n(n² − 1) without ties', () => {
    // Ranks 1 2 3 4 5 against 2 1 4 3 5: Σd² = 4, so 1 − 24 / 120.
    expect(rankCorrelation(f32(10, 20, 30, 40, 50), f32(2, 1, 4, 3, 5))).toBeCloseTo(0.8, 12);
  });

  it('takes a mask for ranks with ties', () => {
    // The two largest of four are kept: ranks 1.5 1.5 3.5 3.5 against 1 2 3 4.
    expect(rankCorrelation(f32(0, 0, 1, 1), f32(1, 2, 3, 4))).toBeCloseTo(2 / Math.sqrt(5), 12);
  });

  it('is no number where one side does not vary', () => {
    expect(correlation(f32(1, 1, 1), f32(1, 2, 3))).toBeNaN();
  });
});
