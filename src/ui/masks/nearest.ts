// Which weight is nearest to the pointer: weights sorted into a coarse grid once, then only nearby cells searched.
import { cellOf, type Extent, type Points } from './scatter.ts';
import { slices } from './slices.ts';

const GRID_SIDE = 128;
const WEIGHTS_PER_SLICE = 32_768;

export interface WeightGrid {
  readonly limit: Extent;
  /** Weights of cell c: order[starts[c]] … order[starts[c + 1] − 1]. */
  readonly starts: Uint32Array;
  readonly order: Uint32Array;
}

/** Counting sort of the weights within ±limit by grid cell. Null when aborted. */
export async function weightGrid({ x, y }: Points, limit: Extent, signal: AbortSignal): Promise<WeightGrid | null> {
  const total = x.length;
  const starts = new Uint32Array(GRID_SIDE ** 2 + 1);
  for await (const [from, to] of slices(total, WEIGHTS_PER_SLICE, signal)) {
    for (let i = from; i < to; i++) {
      const cell = cellOf(x[i]!, y[i]!, GRID_SIDE, limit);
      if (cell >= 0) starts[cell + 1]!++;
    }
  }
  for (let cell = 0; cell < GRID_SIDE ** 2; cell++) starts[cell + 1]! += starts[cell]!;
  const next = starts.slice();
  const order = new Uint32Array(starts.at(-1)!);
  for await (const [from, to] of slices(total, WEIGHTS_PER_SLICE, signal)) {
    for (let i = from; i < to; i++) {
      const cell = cellOf(x[i]!, y[i]!, GRID_SIDE, limit);
      if (cell >= 0) order[next[cell]!++] = i;
    }
  }
  return signal.aborted ? null : { limit, starts, order };
}

interface Query {
  readonly x: number;
  readonly y: number;
  /** As a share of half the plot's side. */
  readonly maxDistance: number;
}

/** Index of the weight nearest on the plot to (x, y); null when none is within `maxDistance`. */
export function nearestWeight(
  { limit, starts, order }: WeightGrid,
  points: Points,
  { x, y, maxDistance }: Query,
): number | null {
  const between = (place: number) => Math.min(Math.max(Math.floor(((place + 1) * GRID_SIDE) / 2), 0), GRID_SIDE - 1);
  const [atX, atY] = [x / limit.x, -y / limit.y]; // from −1 to 1, as on the plot
  const [left, right] = [between(atX - maxDistance), between(atX + maxDistance)];
  const [top, bottom] = [between(atY - maxDistance), between(atY + maxDistance)];
  let nearest: number | null = null;
  let least = maxDistance ** 2;
  for (let row = top; row <= bottom; row++) {
    // Cells of a row lie next to each other in `order`.
    const end = starts[row * GRID_SIDE + right + 1]!;
    for (let at = starts[row * GRID_SIDE + left]!; at < end; at++) {
      const i = order[at]!;
      const distance = ((points.x[i]! - x) / limit.x) ** 2 + ((points.y[i]! - y) / limit.y) ** 2;
      if (distance <= least) [nearest, least] = [i, distance];
    }
  }
  return nearest;
}
