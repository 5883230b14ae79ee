// Scatters of a whole matrix, kept and pruned weights apart: the paper's (Sanh et al. 2020, figure 1) of how each
// weight moved in fine-tuning, and that of weights against scores. Everything here walks the weights in slices;
// nothing here draws.
import { keptCount, maskBit } from '../../engine/pruning/agreement.ts';
import type { MatrixData } from '../../runs/protocol.ts';
import type { Range } from '../charts/axis.ts';
import { formatCount, formatShare } from './matrix.ts';
import { slices } from './slices.ts';

const WEIGHTS_PER_SLICE = 32_768;

/** A point per weight. */
export interface Points {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Packed bits: 1 keeps. */
  readonly mask: Uint8Array;
}

export const movementOf = ({ pretrained, finetuned, mask }: MatrixData): Points => ({
  x: pretrained,
  y: finetuned,
  mask,
});

/** Null where the method learns no scores. */
export const scoringOf = ({ finetuned, scores, mask }: MatrixData): Points | null =>
  scores && { x: finetuned, y: scores, mask };

/** Half the width and half the height of a frame with zero in its middle. */
export interface Extent {
  readonly x: number;
  readonly y: number;
}

/** The values that a scatter shows. */
export interface View {
  readonly x: Range;
  readonly y: Range;
}

export interface ScatterSummary {
  readonly total: number;
  readonly kept: number;
  /** Pearson's, between x and y; NaN when either does not vary. */
  readonly correlation: number;
  /** Kept weights, and pruned ones, with |y| > |x|: that moved away from zero. */
  readonly keptMovedAway: number;
  readonly prunedMovedAway: number;
  /** Largest absolute values, and those that only 1 weight in 1,000 exceeds. */
  readonly limit: Extent;
  readonly centralLimit: Extent;
}

/** Null when aborted. */
export async function summariseScatter(points: Points, signal: AbortSignal): Promise<ScatterSummary | null> {
  const { mask } = points;
  const total = points.x.length;
  let [sumX, sumY, sumXX, sumYY, sumXY] = [0, 0, 0, 0, 0];
  let [limitX, limitY, keptMovedAway, movedAway] = [0, 0, 0, 0];
  for await (const [from, to] of slices(total, WEIGHTS_PER_SLICE, signal)) {
    for (let i = from; i < to; i++) {
      const [x, y] = [points.x[i]!, points.y[i]!];
      sumX += x;
      sumY += y;
      sumXX += x * x;
      sumYY += y * y;
      sumXY += x * y;
      limitX = Math.max(limitX, Math.abs(x));
      limitY = Math.max(limitY, Math.abs(y));
      if (Math.abs(y) > Math.abs(x)) {
        movedAway++;
        keptMovedAway += maskBit(mask, i);
      }
    }
  }
  const centralLimit = {
    x: await centralLimitOf(points.x, limitX, signal),
    y: await centralLimitOf(points.y, limitY, signal),
  };
  if (signal.aborted) return null;
  const covariance = sumXY - (sumX * sumY) / total;
  const spread = Math.sqrt((sumXX - sumX ** 2 / total) * (sumYY - sumY ** 2 / total));
  return {
    total,
    kept: keptCount(mask, total),
    correlation: covariance / spread,
    keptMovedAway,
    prunedMovedAway: movedAway - keptMovedAway,
    limit: { x: limitX, y: limitY },
    centralLimit,
  };
}

const HISTOGRAM_BINS = 4096;
const CENTRAL_SHARE = 0.999;

/** The smallest bin edge with at least 99.9 % of the values inside it. */
async function centralLimitOf(values: Float32Array, limit: number, signal: AbortSignal): Promise<number> {
  const total = values.length;
  const bins = new Uint32Array(HISTOGRAM_BINS + 1);
  const perValue = limit > 0 ? HISTOGRAM_BINS / limit : 0;
  for await (const [from, to] of slices(total, WEIGHTS_PER_SLICE, signal)) {
    for (let i = from; i < to; i++) bins[Math.floor(Math.abs(values[i]!) * perValue)]!++;
  }
  let inside = 0;
  for (let bin = 0; bin < HISTOGRAM_BINS; bin++) {
    inside += bins[bin]!;
    if (inside >= CENTRAL_SHARE * total) return (limit * (bin + 1)) / HISTOGRAM_BINS;
  }
  return limit;
}

/** How many weights fall on each pixel of a square plot; row 0 is at the top. */
export interface Density {
  readonly side: number;
  readonly view: View;
  readonly kept: Uint32Array;
  readonly pruned: Uint32Array;
  /** Weights with a value beyond the view, which the plot leaves out. */
  readonly outside: number;
}

/** Bins every weight within the view. Null when aborted. */
export async function scatterDensity(
  { x, y, mask }: Points,
  { side, view }: { readonly side: number; readonly view: View },
  signal: AbortSignal,
): Promise<Density | null> {
  const [kept, pruned] = [new Uint32Array(side * side), new Uint32Array(side * side)];
  let outside = 0;
  for await (const [from, to] of slices(x.length, WEIGHTS_PER_SLICE, signal)) {
    for (let i = from; i < to; i++) {
      const cell = cellOf(x[i]!, y[i]!, side, view);
      if (cell < 0) outside++;
      else (maskBit(mask, i) ? kept : pruned)[cell]!++;
    }
  }
  return signal.aborted ? null : { side, view, kept, pruned, outside };
}

/** The pixel of a weight, row by row from the top left; −1 beyond the view, and for what is not a number. */
export function cellOf(x: number, y: number, side: number, view: View): number {
  if (!isWithin(view, x, y)) return -1;
  const [left, right] = view.x;
  const [bottom, top] = view.y;
  const column = Math.min(side - 1, Math.floor(((x - left) * side) / (right - left)));
  const row = Math.min(side - 1, Math.floor(((top - y) * side) / (top - bottom)));
  return row * side + column;
}

export const isWithin = ({ x: [left, right], y: [bottom, top] }: View, x: number, y: number): boolean =>
  x >= left && x <= right && y >= bottom && y <= top;

/** What a scatter is of: its axes, its words, and whether both axes have one scale, with "unchanged" on the diagonal. */
export interface ScatterKind {
  readonly x: string;
  readonly y: string;
  readonly isOneScale: boolean;
}

export const movementKind: ScatterKind = { x: 'pretrained weight', y: 'fine-tuned weight', isOneScale: true };
export const scoringKind: ScatterKind = { x: 'fine-tuned weight', y: 'score', isOneScale: false };

/** The plot in words and numbers, for those who do not see it. */
export function describeScatter(label: string, kind: ScatterKind, summary: ScatterSummary): string {
  const { total, kept, correlation, keptMovedAway } = summary;
  const moved =
    kept > 0 && kind.isOneScale ? `, ${formatShare(keptMovedAway / kept)} of these moved away from zero` : '';
  return (
    `${label}: ${kind.x} against ${kind.y} of ${formatCount(total)} weights, ` +
    `correlation ${correlation.toFixed(4)}; ${formatCount(kept)} kept, ${formatShare(kept / total)}${moved}.`
  );
}
