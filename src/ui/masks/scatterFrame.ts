// A scatter's geometry: which values lie where in pixels, and which of them are shown.
import type { Range } from '../charts/axis.ts';
import type { Extent, View } from './scatter.ts';

export const SCATTER_MARGIN = { top: 24, right: 8, bottom: 38, left: 48 } as const;

export interface ScatterFrame {
  /** Of the whole drawing, and of the square plot within it, in CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly side: number;
  readonly view: View;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export function scatterFrame(width: number, view: View): ScatterFrame {
  const side = Math.max(1, width - SCATTER_MARGIN.left - SCATTER_MARGIN.right);
  return { width, height: side + SCATTER_MARGIN.top + SCATTER_MARGIN.bottom, side, view };
}

export const viewOf = ({ x, y }: Extent): View => ({ x: [-x, x], y: [-y, y] });

/** In pixels of the whole drawing. */
export const toPixel = ({ side, view }: ScatterFrame, x: number, y: number): Point => ({
  x: SCATTER_MARGIN.left + (side * (x - view.x[0])) / lengthOf(view.x),
  y: SCATTER_MARGIN.top + (side * (view.y[1] - y)) / lengthOf(view.y),
});

export const toValue = ({ side, view }: ScatterFrame, point: Point): Point => ({
  x: view.x[0] + (lengthOf(view.x) * (point.x - SCATTER_MARGIN.left)) / side,
  y: view.y[1] - (lengthOf(view.y) * (point.y - SCATTER_MARGIN.top)) / side,
});

/** How many times larger than in `whole` things are drawn. */
export const zoomOf = (view: View, whole: View): number => lengthOf(whole.x) / lengthOf(view.x);

const LARGEST_ZOOM = 1000;

/** Zoomed by `factor` with `anchor` staying where it is; null where that shows the whole. */
export function zoomView(view: View, whole: View, factor: number, anchor: Point): View | null {
  const zoom = Math.min(zoomOf(view, whole) * factor, LARGEST_ZOOM);
  if (zoom <= 1) return null;
  const ratio = zoomOf(view, whole) / zoom;
  const around = (range: Range, at: number): Range => [at + (range[0] - at) * ratio, at + (range[1] - at) * ratio];
  return { x: within(around(view.x, anchor.x), whole.x), y: within(around(view.y, anchor.y), whole.y) };
}

/** Moved by so much, as far as there is something to show. */
export const moveView = (view: View, whole: View, by: Point): View => ({
  x: within([view.x[0] + by.x, view.x[1] + by.x], whole.x),
  y: within([view.y[0] + by.y, view.y[1] + by.y], whole.y),
});

const lengthOf = ([low, high]: Range): number => high - low;

function within([low, high]: Range, whole: Range): Range {
  const by = Math.max(0, whole[0] - low) + Math.min(0, whole[1] - high);
  return [low + by, high + by];
}
