// Which weight is nearest to the pointer: weights sorted into a coarse grid once, then only nearby cells searched.
import type { MatrixData } from '../../runs/protocol.ts';
import { weightCount } from './matrix.ts';
import { cellOf } from './scatter.ts';
import { slices } from './slices.ts';

const GRID_SIDE = 128;
const WEIGHTS_PER_SLICE = 32_768;

export interface WeightGrid {
  readonly limit: number;
  /** Weights of cell c: order[starts[c]] … order[starts[c + 1] − 1]. */
  readonly starts: Uint32Array;
  readonly order: Uint32Array;
}

/** Counting sort of the weights within ±limit by grid cell. Null when aborted. */
export async function weightGrid(data: MatrixData, limit: number, signal: AbortSignal): Promise<WeightGrid | null> {
  const { pretrained, finetuned, info } = data;
  const total = weightCount(info);
  const starts = new Uint32Array(GRID_SIDE ** 2 + 1);
  for await (const [from, to] of slices(total, WEIGHTS_PER_SLICE, signal)) {
    for (let i = from; i < to; i++) {
      const cell = cellOf(pretrained[i]!, finetuned[i]!, GRID_SIDE, limit);
      if (cell >= 0) starts[cell + 1]!++;
    }
  }
  for (let cell = 0; cell < GRID_SIDE ** 2; cell++) starts[cell + 1]! += starts[cell]!;
  const next = starts.slice();
  const order = new Uint32Array(starts.at(-1)!);
  for await (const [from, to] of slices(total, WEIGHTS_PER_SLICE, signal)) {
    for (let i = from; i < to; i++) {
      const cell = cellOf(pretrained[i]!, finetuned[i]!, GRID_SIDE, limit);
      if (cell >= 0) order[next[cell]!++] = i;
    }
  }
  return signal.aborted ? null : { limit, starts, order };
}

interface Query {
  readonly x: number;
  readonly y: number;
  readonly maxDistance: number;
}

/** Index of the weight nearest to (x, y), both in weight units; null when none is within `maxDistance`. */
export function nearestWeight(
  { limit, starts, order }: WeightGrid,
  { pretrained, finetuned }: MatrixData,
  { x, y, maxDistance }: Query,
): number | null {
  const cell = (2 * limit) / GRID_SIDE;
  const between = (value: number) => Math.min(Math.max(Math.floor(value / cell), 0), GRID_SIDE - 1);
  const [left, right] = [between(x + limit - maxDistance), between(x + limit + maxDistance)];
  const [top, bottom] = [between(limit - y - maxDistance), between(limit - y + maxDistance)];
  let nearest: number | null = null;
  let least = maxDistance ** 2;
  for (let row = top; row <= bottom; row++) {
    // Cells of a row lie next to each other in `order`.
    const end = starts[row * GRID_SIDE + right + 1]!;
    for (let at = starts[row * GRID_SIDE + left]!; at < end; at++) {
      const i = order[at]!;
      const distance = (pretrained[i]! - x) ** 2 + (finetuned[i]! - y) ** 2;
      if (distance <= least) [nearest, least] = [i, distance];
    }
  }
  return nearest;
}
