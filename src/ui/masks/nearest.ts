// Which weights are where: sorted into a coarse grid once, then only nearby cells searched.
import { cellOf, isWithin, type Points, type View } from './scatter.ts';
import { slices } from './slices.ts';

const GRID_SIDE = 128;
const WEIGHTS_PER_SLICE = 32_768;

export interface WeightGrid {
  /** What the grid covers. */
  readonly view: View;
  /** Weights of cell c: order[starts[c]] … order[starts[c + 1] − 1]. */
  readonly starts: Uint32Array;
  readonly order: Uint32Array;
}

/** Counting sort of the weights within the view by grid cell. Null when aborted. */
export async function weightGrid({ x, y }: Points, view: View, signal: AbortSignal): Promise<WeightGrid | null> {
  const total = x.length;
  const starts = new Uint32Array(GRID_SIDE ** 2 + 1);
  for await (const [from, to] of slices(total, WEIGHTS_PER_SLICE, signal)) {
    for (let i = from; i < to; i++) {
      const cell = cellOf(x[i]!, y[i]!, GRID_SIDE, view);
      if (cell >= 0) starts[cell + 1]!++;
    }
  }
  for (let cell = 0; cell < GRID_SIDE ** 2; cell++) starts[cell + 1]! += starts[cell]!;
  const next = starts.slice();
  const order = new Uint32Array(starts.at(-1)!);
  for await (const [from, to] of slices(total, WEIGHTS_PER_SLICE, signal)) {
    for (let i = from; i < to; i++) {
      const cell = cellOf(x[i]!, y[i]!, GRID_SIDE, view);
      if (cell >= 0) order[next[cell]!++] = i;
    }
  }
  return signal.aborted ? null : { view, starts, order };
}

interface Query {
  readonly x: number;
  readonly y: number;
  /** In the units of each axis: where it is wide, so is the reach. */
  readonly reach: { readonly x: number; readonly y: number };
}

/** Index of the weight nearest to (x, y), distances counted in reaches; null when none is within one. */
export function nearestWeight(grid: WeightGrid, points: Points, { x, y, reach }: Query): number | null {
  const around: View = { x: [x - reach.x, x + reach.x], y: [y - reach.y, y + reach.y] };
  let nearest: number | null = null;
  let least = 1;
  for (const i of weightsNear(grid, around)) {
    const distance = ((points.x[i]! - x) / reach.x) ** 2 + ((points.y[i]! - y) / reach.y) ** 2;
    if (distance <= least) [nearest, least] = [i, distance];
  }
  return nearest;
}

/** More dots than this would hide each other, and cost frames. */
const MOST_DOTS = 5000;

/** The weights within a view, in which each can be drawn as a dot; null where they are too many for that. */
export function dotsWithin(grid: WeightGrid, points: Points, view: View, most = MOST_DOTS): Uint32Array | null {
  const found = new Uint32Array(most);
  let count = 0;
  for (const i of weightsNear(grid, view)) {
    if (!isWithin(view, points.x[i]!, points.y[i]!)) continue;
    if (count === most) return null;
    found[count++] = i;
  }
  return found.subarray(0, count);
}

/** The weights of all cells that the view touches, by the same sums as `cellOf`. */
function* weightsNear({ view, starts, order }: WeightGrid, { x, y }: View): Generator<number> {
  const clamped = (cell: number) => Math.min(Math.max(Math.floor(cell), 0), GRID_SIDE - 1);
  const columnOf = (value: number) => clamped(((value - view.x[0]) * GRID_SIDE) / (view.x[1] - view.x[0]));
  const rowOf = (value: number) => clamped(((view.y[1] - value) * GRID_SIDE) / (view.y[1] - view.y[0]));
  for (let row = rowOf(y[1]); row <= rowOf(y[0]); row++) {
    // Cells of a row lie next to each other in `order`.
    const end = starts[row * GRID_SIDE + columnOf(x[1]) + 1]!;
    for (let at = starts[row * GRID_SIDE + columnOf(x[0])]!; at < end; at++) yield order[at]!;
  }
}
