// Which part of a matrix a picture shows. All pictures of a pair share one viewport, so they zoom and pan together.
import type { Cell } from './matrix.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Shape {
  readonly rows: number;
  readonly columns: number;
}

/** `zoom` 1 shows the whole matrix; the centre is in weights, fractions included. */
export interface Viewport {
  readonly zoom: number;
  readonly row: number;
  readonly column: number;
}

/** Pixels across one weight at the deepest zoom. */
const LARGEST_WEIGHT = 24;

export function wholeMatrix({ rows, columns }: Shape): Viewport {
  return { zoom: 1, row: rows / 2, column: columns / 2 };
}

/** CSS pixels per weight. */
export function scaleOf(view: Viewport, size: Size, shape: Shape): number {
  return view.zoom * fitScale(size, shape);
}

/** Where the top left corner of the matrix lies in the picture, in CSS pixels. */
export function originOf(view: Viewport, size: Size, shape: Shape): { readonly x: number; readonly y: number } {
  const scale = scaleOf(view, size, shape);
  return { x: size.width / 2 - view.column * scale, y: size.height / 2 - view.row * scale };
}

/** A point of the picture in weights, fractions included. */
export function positionAt(view: Viewport, size: Size, shape: Shape, point: { x: number; y: number }): Cell {
  const scale = scaleOf(view, size, shape);
  const origin = originOf(view, size, shape);
  return { row: (point.y - origin.y) / scale, column: (point.x - origin.x) / scale };
}

/** The weight under a point of the picture; null beside the matrix. */
export function cellAt(view: Viewport, size: Size, shape: Shape, point: { x: number; y: number }): Cell | null {
  const position = positionAt(view, size, shape, point);
  const [row, column] = [Math.floor(position.row), Math.floor(position.column)];
  const isInside = row >= 0 && row < shape.rows && column >= 0 && column < shape.columns;
  return isInside ? { row, column } : null;
}

/** Zoomed by `factor` with `anchor` staying where it is on the screen. */
export function zoomAt(view: Viewport, size: Size, shape: Shape, factor: number, anchor: Cell): Viewport {
  const zoom = clamp(view.zoom * factor, 1, Math.max(1, LARGEST_WEIGHT / fitScale(size, shape)));
  const ratio = view.zoom / zoom;
  const row = anchor.row + (view.row - anchor.row) * ratio;
  const column = anchor.column + (view.column - anchor.column) * ratio;
  return withinMatrix({ zoom, row, column }, size, shape);
}

/** Moved as if the matrix were dragged by (dx, dy) CSS pixels. */
export function panBy(view: Viewport, size: Size, shape: Shape, dx: number, dy: number): Viewport {
  const scale = scaleOf(view, size, shape);
  return withinMatrix({ ...view, row: view.row - dy / scale, column: view.column - dx / scale }, size, shape);
}

/** Moved no more than needed for the cell to be seen. */
export function reveal(view: Viewport, size: Size, shape: Shape, { row, column }: Cell): Viewport {
  const scale = scaleOf(view, size, shape);
  const halfRows = Math.max(0, size.height / scale / 2 - 1);
  const halfColumns = Math.max(0, size.width / scale / 2 - 1);
  const moved = {
    ...view,
    row: clamp(view.row, row + 0.5 - halfRows, row + 0.5 + halfRows),
    column: clamp(view.column, column + 0.5 - halfColumns, column + 0.5 + halfColumns),
  };
  return withinMatrix(moved, size, shape);
}

function withinMatrix(view: Viewport, size: Size, shape: Shape): Viewport {
  const scale = scaleOf(view, size, shape);
  return {
    zoom: view.zoom,
    row: centreWithin(view.row, size.height / scale, shape.rows),
    column: centreWithin(view.column, size.width / scale, shape.columns),
  };
}

/** A centre that wastes no room: the middle if all `total` weights fit, else no edge is left behind. */
function centreWithin(centre: number, visible: number, total: number): number {
  return visible >= total ? total / 2 : clamp(centre, visible / 2, total - visible / 2);
}

function fitScale(size: Size, shape: Shape): number {
  return Math.min(size.width / shape.columns, size.height / shape.rows);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
