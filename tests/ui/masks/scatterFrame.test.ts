import { describe, expect, it } from 'vitest';
import {
  moveView,
  scatterFrame,
  toPixel,
  toValue,
  viewOf,
  zoomOf,
  zoomView,
} from '../../../src/ui/masks/scatterFrame.ts';

const whole = viewOf({ x: 2, y: 1 });

describe('a scatter’s frame', () => {
  it('takes values to pixels and back', () => {
    const frame = scatterFrame(456, { x: [0, 1], y: [-1, 3] });
    expect(frame.side).toBe(400);
    expect(toPixel(frame, 0, 3)).toEqual({ x: 48, y: 24 });
    expect(toPixel(frame, 0.25, 2)).toEqual({ x: 148, y: 124 });
    expect(toValue(frame, { x: 148, y: 124 })).toEqual({ x: 0.25, y: 2 });
  });

  it('zooms around a value that stays where it is', () => {
    // Half of everything, with the anchor a quarter from the left and from the top before and after.
    const view = zoomView(whole, whole, 2, { x: -1, y: 0.5 })!;
    expect(view).toEqual({ x: [-1.5, 0.5], y: [-0.25, 0.75] });
    expect(zoomOf(view, whole)).toBe(2);
  });

  it('shows nothing beyond the whole, and the whole where it is zoomed out', () => {
    const corner = zoomView(whole, whole, 4, { x: 2, y: 1 })!;
    expect(corner).toEqual({ x: [1, 2], y: [0.5, 1] });
    expect(zoomView(corner, whole, 0.5, { x: 2, y: 1 })).toEqual({ x: [0, 2], y: [0, 1] });
    expect(zoomView(corner, whole, 0.5, { x: 1, y: 0.5 })).toEqual({ x: [0, 2], y: [0, 1] });
    expect(zoomView(corner, whole, 0.25, { x: 2, y: 1 })).toBeNull();
    expect(zoomView(corner, whole, 0, { x: 2, y: 1 })).toBeNull();
  });

  it('moves as far as there is something to show', () => {
    const view = { x: [-1, 0], y: [0, 0.5] } as const;
    expect(moveView(view, whole, { x: 0.5, y: -0.25 })).toEqual({ x: [-0.5, 0.5], y: [-0.25, 0.25] });
    expect(moveView(view, whole, { x: -5, y: 5 })).toEqual({ x: [-2, -1], y: [0.5, 1] });
  });

  it('zooms no further than a thousand times', () => {
    const view = zoomView(whole, whole, 1e6, { x: 0, y: 0 })!;
    expect(zoomOf(view, whole)).toBeCloseTo(1000, 6);
  });
});
