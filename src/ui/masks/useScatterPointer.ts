// Pointing, dragging and keys on a scatter: the nearest weight is told, and what is shown zooms and moves.
import { type KeyboardEvent, type PointerEvent, type RefObject, useCallback, useRef } from 'react';
import { nearestWeight, type WeightGrid } from './nearest.ts';
import type { Points, View } from './scatter.ts';
import { moveView, SCATTER_MARGIN, type ScatterFrame, toPixel, toValue, zoomView } from './scatterFrame.ts';
import { KEY_ZOOM, pointOf, useWheelZoom } from './useWheelZoom.ts';

/** How near the pointer must come, and how far an arrow key moves it. */
const REACH = 16;
const KEY_STRIDE = 6;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface PointerOptions {
  readonly points: Points;
  readonly grid: WeightGrid | null;
  readonly frame: ScatterFrame;
  readonly whole: View;
  readonly onProbe: (index: number | null) => void;
  /** Null shows the whole. */
  readonly onView: (view: View | null) => void;
}

export function useScatterPointer(canvas: RefObject<HTMLCanvasElement | null>, options: PointerOptions) {
  const { points, grid, frame, whole, onProbe, onView } = options;
  const pointer = useRef<Point | null>(null);
  /** The values that a drag took hold of: they stay under the pointer. */
  const grabbed = useRef<Point | null>(null);
  const zoom = useCallback(
    (factor: number, at: Point | null) =>
      onView(zoomView(frame.view, whole, factor, toValue(frame, at ?? middleOf(frame)))),
    [frame, whole, onView],
  );
  useWheelZoom(
    canvas,
    useCallback((factor, at) => zoom(factor, inDrawing(at)), [zoom]),
  );

  const pointAt = (to: Point | null) => {
    pointer.current = to;
    if (!grid || !to) return onProbe(null);
    const [here, beside] = [toValue(frame, to), toValue(frame, { x: to.x + REACH, y: to.y - REACH })];
    onProbe(nearestWeight(grid, points, { ...here, reach: { x: beside.x - here.x, y: beside.y - here.y } }));
  };
  const drag = (held: Point, to: Point) => {
    pointer.current = to;
    const here = toValue(frame, to);
    onView(moveView(frame.view, whole, { x: held.x - here.x, y: held.y - here.y }));
  };
  const letGo = () => {
    grabbed.current = null;
  };

  const handlers = {
    onPointerDown(event: PointerEvent<HTMLCanvasElement>) {
      event.currentTarget.setPointerCapture(event.pointerId);
      grabbed.current = toValue(frame, inDrawing(pointOf(event, event.currentTarget)));
    },
    onPointerMove(event: PointerEvent<HTMLCanvasElement>) {
      const to = inDrawing(pointOf(event, event.currentTarget));
      if (grabbed.current && frame.view !== whole) drag(grabbed.current, to);
      else pointAt(to);
    },
    onPointerUp: letGo,
    onPointerCancel: letGo,
    onPointerLeave: () => pointAt(null),
    onBlur: () => pointAt(null),
    onKeyDown(event: KeyboardEvent) {
      const arrow = ARROWS[event.key];
      const factor = ZOOM_KEYS[event.key];
      if (event.key === 'Escape') return pointAt(null);
      if (!arrow && factor === undefined) return;
      event.preventDefault();
      const from = pointer.current ?? middleOf(frame);
      if (arrow) pointAt({ x: from.x + arrow[0] * KEY_STRIDE, y: from.y + arrow[1] * KEY_STRIDE });
      else zoom(factor!, pointer.current);
    },
  };
  return { zoom: (factor: number) => zoom(factor, pointer.current), handlers };
}

const inDrawing = ({ x, y }: Point): Point => ({ x: x + SCATTER_MARGIN.left, y: y + SCATTER_MARGIN.top });

function middleOf(frame: ScatterFrame): Point {
  const { x, y } = frame.view;
  return toPixel(frame, (x[0] + x[1]) / 2, (y[0] + y[1]) / 2);
}

const ZOOM_KEYS: Readonly<Record<string, number>> = { '+': KEY_ZOOM, '=': KEY_ZOOM, '-': 1 / KEY_ZOOM, '0': 0 };

const ARROWS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};
