// Several seeds as one curve: at every step the mean of those that have been measured there, and one sample standard
// deviation to either side.
import { spreadOf } from '../../runs/statistics.ts';
import type { ChartPoint } from './decimate.ts';

export interface Band {
  readonly mean: readonly ChartPoint[];
  /** Empty of one seed. */
  readonly low: readonly ChartPoint[];
  readonly high: readonly ChartPoint[];
}

export function bandOf(seeds: readonly (readonly ChartPoint[])[]): Band {
  const [only] = seeds;
  if (only && seeds.length === 1) return { mean: only, low: [], high: [] };
  const values = new Map<number, number[]>();
  for (const points of seeds) {
    for (const { step, value } of points) values.set(step, [...(values.get(step) ?? []), value]);
  }
  const spreads = [...values].sort(([a], [b]) => a - b).map(([step, at]) => ({ step, ...spreadOf(at)! }));
  const edge = (side: 1 | -1) =>
    spreads.map(({ step, mean, deviation }) => ({ step, value: mean + side * (deviation ?? 0) }));
  return { mean: spreads.map(({ step, mean }) => ({ step, value: mean })), low: edge(-1), high: edge(1) };
}
