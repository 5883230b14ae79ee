// A run's curves: per tag (`train/loss`, `eval/f1`, …) its points, appended in place.
import type { MetricRow } from './events.ts';

export interface MetricPoint {
  readonly step: number;
  readonly value: number;
}

export type MetricSeries = Map<string, MetricPoint[]>;

/** Per tag: step, value, step, value, … . Typed arrays store and clone many times faster than objects. */
export type PackedSeries = Readonly<Record<string, Float64Array>>;

export function appendRows(series: MetricSeries, rows: readonly MetricRow[]): void {
  for (const { step, values } of rows) {
    for (const [tag, value] of Object.entries(values)) {
      const points = series.get(tag) ?? [];
      // The last report repeats what was measured at its step: one value counts.
      if (points.at(-1)?.step === step) points.pop();
      points.push({ step, value });
      series.set(tag, points);
    }
  }
}

/** The points of some tags, put together again by step. */
export function rowsOf(tags: readonly string[], pointsOf: (tag: string) => readonly MetricPoint[]): MetricRow[] {
  const rows = new Map<number, Record<string, number>>();
  for (const tag of tags) {
    for (const { step, value } of pointsOf(tag)) rows.set(step, { ...rows.get(step), [tag]: value });
  }
  return [...rows].sort(([a], [b]) => a - b).map(([step, values]) => ({ step, values }));
}

export function packSeries(series: MetricSeries): PackedSeries {
  return Object.fromEntries([...series].map(([tag, points]) => [tag, packPoints(points)]));
}

export function unpackSeries(packed: PackedSeries): MetricSeries {
  return new Map(Object.entries(packed).map(([tag, numbers]) => [tag, unpackPoints(numbers)]));
}

function packPoints(points: readonly MetricPoint[]): Float64Array {
  const packed = new Float64Array(points.length * 2);
  points.forEach(({ step, value }, index) => {
    packed[2 * index] = step;
    packed[2 * index + 1] = value;
  });
  return packed;
}

function unpackPoints(packed: Float64Array): MetricPoint[] {
  return Array.from({ length: packed.length / 2 }, (_, index) => ({
    step: packed[2 * index]!,
    value: packed[2 * index + 1]!,
  }));
}
