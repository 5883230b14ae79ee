import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DistributionBuilder,
  HISTOGRAM_BINS,
  type Histogram,
  HistogramBuilder,
  widenedTo,
} from '../../../src/engine/pruning/distribution.ts';

const histogramOf = (values: readonly number[]): Histogram => {
  const builder = new HistogramBuilder();
  for (const value of values) builder.add(value);
  return builder.histogram();
};

/** Counted anew, with the range known from the start. */
function recount(values: readonly number[], limit: number): Uint32Array {
  const counts = new Uint32Array(HISTOGRAM_BINS);
  for (const value of values) {
    const bin = Math.floor((value / limit) * (HISTOGRAM_BINS / 2)) + HISTOGRAM_BINS / 2;
    counts[bin]!++;
  }
  return counts;
}

/** Bins with something in them: short to compare. */
const filled = (counts: Uint32Array) => [...counts.entries()].filter(([, count]) => count > 0);

const floats = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { maxLength: 200 });

describe('HistogramBuilder', () => {
  it('counts as if it had known the range, whatever the order', () => {
    fc.assert(
      fc.property(floats, (values) => {
        const { limit, counts } = histogramOf(values);
        expect(Number.isInteger(Math.log2(limit))).toBe(true);
        expect(values.every((value) => Math.abs(value) < limit)).toBe(true);
        expect(filled(counts)).toEqual(filled(recount(values, limit)));
      }),
    );
  });

  it('can be widened to the range of another', () => {
    fc.assert(
      fc.property(floats, (values) => {
        expect(filled(widenedTo(histogramOf(values), 32).counts)).toEqual(filled(recount(values, 32)));
      }),
    );
  });

  it('leaves out what is no number', () => {
    const { counts } = histogramOf([0.5, Number.NaN, Number.POSITIVE_INFINITY]);
    expect(counts.reduce((total, count) => total + count, 0)).toBe(1);
  });
});

describe('DistributionBuilder', () => {
  it('counts kept weights over several matrices, and how far weights moved', () => {
    const builder = new DistributionBuilder();
    // Kept: 0.5 → 0.75 away from zero, −0.5 → −0.25 towards it, −0.25 → 0.5 across it. Pruned: 1 → 0.5.
    builder.add({
      pretrained: Float32Array.of(0.5, -0.5, 1),
      finetuned: Float32Array.of(0.75, -0.25, 0.5),
      mask: Uint8Array.of(0b011),
    });
    builder.add({ pretrained: Float32Array.of(-0.25), finetuned: Float32Array.of(0.5), mask: Uint8Array.of(1) });
    const { total, kept, movedAway, meanMove, pretrained, finetuned, moved } = builder.distribution();
    expect([total, kept, movedAway]).toEqual([4, 3, 2]);
    expect(meanMove.kept).toBeCloseTo((0.25 + 0.25 + 0.75) / 3, 12);
    expect(meanMove.pruned).toBe(0.5);
    expect(pretrained).toEqual(histogramOf([0.5, -0.5, -0.25]));
    expect(finetuned).toEqual(histogramOf([0.75, -0.25, 0.5]));
    expect(moved).toEqual(histogramOf([0.25, -0.25, -0.75]));
  });
});
