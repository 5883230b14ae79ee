// The wheel zooms a focused picture, or any with Ctrl or ⌘ held; otherwise it scrolls the page as ever.
import { type RefObject, useEffect } from 'react';

const WHEEL_ZOOM = 0.002;
/** A pinch on a touchpad arrives as small wheel steps with Ctrl held. */
const PINCH_ZOOM = 0.01;
/** Of a key that is pressed once. */
export const KEY_ZOOM = 1.5;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Give a stable `onZoom` (useCallback); the point is in CSS pixels of the canvas. */
export function useWheelZoom(
  canvas: RefObject<HTMLCanvasElement | null>,
  onZoom: (factor: number, point: Point) => void,
): void {
  useEffect(() => {
    const target = canvas.current;
    if (!target) return;
    const zoom = (event: WheelEvent) => {
      const isPinch = event.ctrlKey || event.metaKey;
      if (!isPinch && document.activeElement !== target) return;
      event.preventDefault();
      onZoom(Math.exp(-event.deltaY * (isPinch ? PINCH_ZOOM : WHEEL_ZOOM)), pointOf(event, target));
    };
    target.addEventListener('wheel', zoom, { passive: false });
    return () => target.removeEventListener('wheel', zoom);
  }, [canvas, onZoom]);
}

export function pointOf(event: { clientX: number; clientY: number }, target: Element): Point {
  const { left, top } = target.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}
