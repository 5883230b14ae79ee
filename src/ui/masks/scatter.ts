// The paper's scatter (Sanh et al. 2020, figure 1) of a whole matrix: how each weight moved in fine-tuning, and
// whether its mask keeps it. Everything here walks the weights in slices; nothing here draws.
import { keptCount, maskBit } from '../../engine/pruning/agreement.ts';
import type { MatrixData } from '../../runs/protocol.ts';
import { formatCount, formatShare, weightCount } from './matrix.ts';
import { slices } from './slices.ts';

const WEIGHTS_PER_SLICE = 32_768;

export interface ScatterSummary {
  readonly total: number;
  readonly kept: number;
  /** Pearson's, between pretrained and fine-tuned values; NaN when either does not vary. */
  readonly correlation: number;
  /** Kept weights, and pruned ones, whose absolute value grew. */
  readonly keptMovedAway: number;
  readonly prunedMovedAway: number;
  /** Largest absolute value of either axis, and the one that only 1 weight in 1,000 exceeds. */
  readonly limit: number;
  readonly centralLimit: number;
}

/** Null when aborted. */
export async function summariseScatter(data: MatrixData, signal: AbortSignal): Promise<ScatterSummary | null> {
  const { pretrained, finetuned, mask, info } = data;
  const total = weightCount(info);
  let [sumX, sumY, sumXX, sumYY, sumXY] = [0, 0, 0, 0, 0];
  let [limit, keptMovedAway, movedAway] = [0, 0, 0];
  for await (const [from, to] of slices(total, WEIGHTS_PER_SLICE, signal)) {
    for (let i = from; i < to; i++) {
      const [x, y] = [pretrained[i]!, finetuned[i]!];
      sumX += x;
      sumY += y;
      sumXX += x * x;
      sumYY += y * y;
      sumXY += x * y;
      limit = Math.max(limit, Math.abs(x), Math.abs(y));
      if (Math.abs(y) > Math.abs(x)) {
        movedAway++;
        keptMovedAway += maskBit(mask, i);
      }
    }
  }
  const centralLimit = await centralLimitOf(data, limit, signal);
  if (signal.aborted) return null;
  const covariance = sumXY - (sumX * sumY) / total;
  const spread = Math.sqrt((sumXX - sumX ** 2 / total) * (sumYY - sumY ** 2 / total));
  return {
    total,
    kept: keptCount(mask, total),
    correlation: covariance / spread,
    keptMovedAway,
    prunedMovedAway: movedAway - keptMovedAway,
    limit,
    centralLimit,
  };
}

const HISTOGRAM_BINS = 4096;
const CENTRAL_SHARE = 0.999;

/** The smallest bin edge with at least 99.9 % of the weights inside it on both axes. */
async function centralLimitOf(data: MatrixData, limit: number, signal: AbortSignal): Promise<number> {
  const { pretrained, finetuned, info } = data;
  const total = weightCount(info);
  const bins = new Uint32Array(HISTOGRAM_BINS + 1);
  const perValue = limit > 0 ? HISTOGRAM_BINS / limit : 0;
  for await (const [from, to] of slices(total, WEIGHTS_PER_SLICE, signal)) {
    for (let i = from; i < to; i++) {
      bins[Math.floor(Math.max(Math.abs(pretrained[i]!), Math.abs(finetuned[i]!)) * perValue)]!++;
    }
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
  readonly kept: Uint32Array;
  readonly pruned: Uint32Array;
  /** Weights with a value beyond ±limit, which the plot leaves out. */
  readonly outside: number;
}

/** Bins every weight with both values within ±limit. Null when aborted. */
export async function scatterDensity(
  { pretrained, finetuned, mask, info }: MatrixData,
  { side, limit }: { readonly side: number; readonly limit: number },
  signal: AbortSignal,
): Promise<Density | null> {
  const [kept, pruned] = [new Uint32Array(side * side), new Uint32Array(side * side)];
  let outside = 0;
  for await (const [from, to] of slices(weightCount(info), WEIGHTS_PER_SLICE, signal)) {
    for (let i = from; i < to; i++) {
      const cell = cellOf(pretrained[i]!, finetuned[i]!, side, limit);
      if (cell < 0) outside++;
      else (maskBit(mask, i) ? kept : pruned)[cell]!++;
    }
  }
  return signal.aborted ? null : { side, kept, pruned, outside };
}

/** The pixel of a weight, row by row from the top left; −1 beyond ±limit, and for what is not a number. */
export function cellOf(x: number, y: number, side: number, limit: number): number {
  if (!(Math.abs(x) <= limit && Math.abs(y) <= limit)) return -1;
  const perValue = side / (2 * limit);
  const column = Math.min(side - 1, Math.floor((x + limit) * perValue));
  const row = Math.min(side - 1, Math.floor((limit - y) * perValue));
  return row * side + column;
}

/** The plot in words and numbers, for those who do not see it. */
export function describeScatter(label: string, summary: ScatterSummary): string {
  const { total, kept, correlation, keptMovedAway } = summary;
  const moved = kept > 0 ? `, ${formatShare(keptMovedAway / kept)} of these moved away from zero` : '';
  return (
    `${label}: pretrained against fine-tuned values of ${formatCount(total)} weights, ` +
    `correlation ${correlation.toFixed(4)}; ${formatCount(kept)} kept, ${formatShare(kept / total)}${moved}.`
  );
}
