// What a metric chart shows and what can be read off it, without a pixel in sight.
import type { ChartPoint } from './decimate.ts';

export interface MetricSeries {
  readonly key: string;
  readonly label: string;
  /** Any CSS colour, such as `var(--series-1)`. */
  readonly color: string;
  readonly dashed?: boolean;
  /** In order of step. Of several seeds their mean. */
  readonly points: readonly ChartPoint[];
  /** The seeds' own curves, where there are several: drawn as a band of one standard deviation around the mean. */
  readonly seeds?: readonly (readonly ChartPoint[])[];
}

export interface SeriesSummary {
  readonly last: ChartPoint;
  /** Over the finite values; null when there are none. */
  readonly lowest: ChartPoint | null;
  readonly highest: ChartPoint | null;
  readonly nonFinite: number;
}

export type NumberFormat = (value: number) => string;

/** Up to six significant digits: 0.873125, 1234.5, 1e-8. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  return String(Number(value.toPrecision(6))).replaceAll('-', '−');
}

export function nearestPoint(points: readonly ChartPoint[], step: number): ChartPoint | null {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.step < step) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [points[low - 1], points[low]];
  if (!before || !after) return before ?? after ?? null;
  return step - before.step <= after.step - step ? before : after;
}

/** The nearest step at which any of the series has a point. */
export function snapStep(series: readonly MetricSeries[], step: number): number | null {
  const steps = series.flatMap(({ points }) => nearestPoint(points, step)?.step ?? []);
  return steps.length === 0 ? null : steps.reduce((a, b) => (Math.abs(b - step) < Math.abs(a - step) ? b : a));
}

/** The next step after `step` (before it, for −1) at which any of the series has a point. */
export function neighbourStep(series: readonly MetricSeries[], step: number, direction: 1 | -1): number {
  let best = direction * Number.POSITIVE_INFINITY;
  for (const { points } of series) {
    for (const point of points) {
      if ((point.step - step) * direction > 0 && (best - point.step) * direction > 0) best = point.step;
    }
  }
  return Number.isFinite(best) ? best : step;
}

export function summarise(points: readonly ChartPoint[]): SeriesSummary | null {
  const last = points.at(-1);
  if (!last) return null;
  let lowest: ChartPoint | null = null;
  let highest: ChartPoint | null = null;
  let nonFinite = 0;
  for (const point of points) {
    if (!Number.isFinite(point.value)) nonFinite++;
    else {
      if (!lowest || point.value < lowest.value) lowest = point;
      if (!highest || point.value > highest.value) highest = point;
    }
  }
  return { last, lowest, highest, nonFinite };
}

/** The chart in a sentence per series, for those who do not see it. */
export function describeChart(title: string, series: readonly MetricSeries[], format: NumberFormat): string {
  const sentences = series.map(({ label, points }) => {
    const summary = summarise(points);
    if (!summary) return `${label}: no values yet.`;
    const { last, lowest, highest, nonFinite } = summary;
    const range = lowest && highest ? `, lowest ${format(lowest.value)}, highest ${format(highest.value)}` : '';
    const gaps = nonFinite > 0 ? `, ${nonFinite} not finite` : '';
    return `${label}: ${format(last.value)} at step ${last.step}${range}${gaps}.`;
  });
  return [`${title}, by step.`, ...sentences].join(' ');
}

/** Where values stop being finite: the first point of every run of such points. */
export function gapStarts(points: readonly ChartPoint[]): ChartPoint[] {
  return points.filter(({ value }, i) => {
    const previous = points[i - 1];
    return !Number.isFinite(value) && (!previous || Number.isFinite(previous.value));
  });
}

/** About `count` steps over all series, evenly chosen, the first and the last included. */
export function sampleSteps(series: readonly MetricSeries[], count: number): number[] {
  const steps = [...new Set(series.flatMap(({ points }) => points.map(({ step }) => step)))].sort((a, b) => a - b);
  if (steps.length <= count) return steps;
  return Array.from({ length: count }, (_, i) => steps[Math.round((i * (steps.length - 1)) / (count - 1))]!);
}

/** Every value by step, as measured: a head of labels, then a row per step, empty where a series has no value there. */
export function seriesRows(series: readonly MetricSeries[]): readonly (readonly (string | number)[])[] {
  const steps = [...new Set(series.flatMap(({ points }) => points.map(({ step }) => step)))].sort((a, b) => a - b);
  const values = series.map(({ points }) => new Map(points.map(({ step, value }) => [step, value])));
  return [
    ['step', ...series.map(({ label }) => label)],
    ...steps.map((step) => [step, ...values.map((at) => at.get(step) ?? '')]),
  ];
}
