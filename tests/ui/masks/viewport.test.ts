import { describe, expect, it } from 'vitest';
import {
  cellAt,
  originOf,
  panBy,
  positionAt,
  reveal,
  scaleOf,
  wholeMatrix,
  zoomAt,
} from '../../../src/ui/masks/viewport.ts';

const size = { width: 400, height: 200 };
const shape = { rows: 100, columns: 100 };
const whole = wholeMatrix(shape);

describe('the viewport of a mask picture', () => {
  it('starts with the whole matrix in the middle', () => {
    // Height binds: 200 / 100 = 2 pixels per weight, 100 pixels free on either side.
    expect(scaleOf(whole, size, shape)).toBe(2);
    expect(originOf(whole, size, shape)).toEqual({ x: 100, y: 0 });
  });

  it('finds the weight under a point, and none beside the matrix', () => {
    expect(cellAt(whole, size, shape, { x: 100, y: 0 })).toEqual({ row: 0, column: 0 });
    expect(cellAt(whole, size, shape, { x: 299, y: 199 })).toEqual({ row: 99, column: 99 });
    expect(cellAt(whole, size, shape, { x: 99, y: 10 })).toBeNull();
  });

  it('keeps the weight under the pointer in place while zooming', () => {
    const point = { x: 220, y: 80 };
    const anchor = positionAt(whole, size, shape, point);
    const near = zoomAt(whole, size, shape, 4, anchor);
    expect(near.zoom).toBe(4);
    expect(positionAt(near, size, shape, point).row).toBeCloseTo(anchor.row, 9);
    expect(positionAt(near, size, shape, point).column).toBeCloseTo(anchor.column, 9);
  });

  it('never zooms out beyond the whole, nor in beyond 24 pixels per weight', () => {
    expect(zoomAt(whole, size, shape, 0.5, whole)).toEqual(whole);
    expect(scaleOf(zoomAt(whole, size, shape, 1e6, whole), size, shape)).toBe(24);
  });

  it('pans with the drag and stops at the edge', () => {
    const near = zoomAt(whole, size, shape, 4, whole);
    // 8 pixels per weight: a drag by 80 moves ten weights; 200 / 8 / 2 = 12.5 is the smallest row in the middle.
    expect(panBy(near, size, shape, 0, 80).row).toBe(40);
    expect(panBy(near, size, shape, 0, 8000).row).toBe(12.5);
  });

  it('moves just far enough to show a cell', () => {
    const near = zoomAt(whole, size, shape, 4, whole);
    const moved = reveal(near, size, shape, { row: 90, column: 50 });
    expect(cellAt(moved, size, shape, { x: 200, y: 199 })!.row).toBeGreaterThanOrEqual(90);
    expect(moved.column).toBe(near.column);
    expect(reveal(near, size, shape, { row: 50, column: 50 })).toEqual(near);
  });
});
