// Histograms as bars that can be laid beside each other: one range, one width, shares in place of counts.
import { HISTOGRAM_BINS, type Histogram, widenedTo } from '../../engine/pruning/distribution.ts';
import type { WeightReturns } from '../../runs/protocol.ts';
import type { Bar } from '../charts/BarChart.tsx';

export interface Bars {
  /** Per histogram, all between the same edges; heights are shares of what the histogram counts. */
  readonly bars: readonly (readonly Bar[])[];
  /** Per histogram, the share beyond the bars. */
  readonly outside: readonly number[];
}

const MOST_BARS = 96;
const CENTRAL_SHARE = 0.999;

/** The middle that holds 99.9 % of every histogram, in at most 96 bars of equal width. */
export function barsOf(histograms: readonly Histogram[]): Bars {
  const limit = Math.max(...histograms.map((histogram) => histogram.limit));
  const all = histograms.map((histogram) => widenedTo(histogram, limit).counts);
  const half = Math.max(1, ...all.map(halfOf));
  const group = 2 ** Math.max(0, Math.ceil(Math.log2((2 * half) / MOST_BARS)));
  const groups = Math.ceil(half / group);
  const width = (2 * limit * group) / HISTOGRAM_BINS;
  const edges = Array.from({ length: 2 * groups + 1 }, (_, index) => (index - groups) * width);
  const bars = all.map((counts) => {
    const total = Math.max(1, sum(counts));
    return edges.slice(0, -1).map((from, index): Bar => {
      const first = HISTOGRAM_BINS / 2 + (index - groups) * group;
      return { from, to: edges[index + 1]!, height: sum(counts.subarray(Math.max(0, first), first + group)) / total };
    });
  });
  return { bars, outside: bars.map((own) => Math.max(0, 1 - own.reduce((total, { height }) => total + height, 0))) };
}

/** Bins to either side of zero that hold the central share. */
function halfOf(counts: Uint32Array): number {
  const wanted = CENTRAL_SHARE * sum(counts);
  const middle = HISTOGRAM_BINS / 2;
  let inside = 0;
  for (let bins = 1; bins <= middle; bins++) {
    inside += counts[middle - bins]! + counts[middle + bins - 1]!;
    if (inside >= wanted) return bins;
  }
  return middle;
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** A bar per record, from the record before it. */
export const barsByRecord = (steps: readonly number[], heights: readonly number[]): readonly Bar[] =>
  steps.map((step, index) => ({ from: steps[index - 1] ?? 0, to: step, height: heights[index] ?? 0 }));

/** Kept weights that had once been pruned. */
export const oncePruned = ({ forGood }: WeightReturns): number => forGood.reduce((total, count) => total + count, 0);
