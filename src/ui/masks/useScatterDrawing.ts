// What a scatter's canvas shows: density shading, or every weight as a dot where few enough are in view.
import { type RefObject, useCallback, useLayoutEffect, useMemo } from 'react';
import { maskBit } from '../../engine/pruning/agreement.ts';
import { cssRgb, type Rgb, useColors } from '../charts/colors.ts';
import { dotsWithin, type WeightGrid } from './nearest.ts';
import { type Points, scatterDensity, type View } from './scatter.ts';
import { SCATTER_MARGIN, type ScatterFrame, toPixel } from './scatterFrame.ts';
import { shade } from './shade.ts';
import { useJob } from './useJob.ts';

const DOT_RADIUS = 2.5;

export interface Drawn {
  /** Weights drawn one by one; null while density is shown. */
  readonly dots: number | null;
  /** Weights beyond the view, as far as they have been counted. */
  readonly outside: number;
}

/** Counts, shades and draws, each anew only when what it depends on changed. */
export function useScatterDrawing(
  canvas: RefObject<HTMLCanvasElement | null>,
  points: Points,
  grid: WeightGrid | null,
  frame: ScatterFrame,
): Drawn {
  const colors = useColors('var(--kept)', 'var(--pruned)') as readonly [Rgb, Rgb];
  const { view } = frame;
  const side = Math.round(frame.side * devicePixelRatio);
  const dots = useMemo(() => grid && dotsWithin(grid, points, view), [grid, points, view]);
  const count = useCallback(
    (signal: AbortSignal) => scatterDensity(points, { side, view }, signal),
    [points, side, view],
  );
  const density = useJob(dots ? null : count);
  const shaded = useJob(
    useMemo(() => {
      const [kept, pruned] = colors;
      return (
        density &&
        (async (signal: AbortSignal) => {
          const image = await shade(density, { kept, pruned }, signal);
          return image && { image: asCanvas(image), view: density.view };
        })
      );
    }, [density, colors]),
  );
  useLayoutEffect(() => {
    const context = prepare(canvas.current, side, frame);
    if (!context) return;
    if (dots) drawDots(context, { points, dots, colors, frame });
    else if (shaded) drawDensity(context, shaded.image, shaded.view, frame);
  }, [canvas, side, frame, points, dots, shaded, colors]);
  return { dots: dots?.length ?? null, outside: density?.outside ?? 0 };
}

/** An empty canvas whose units are pixels of the whole drawing, of which it is the square in the middle. */
function prepare(canvas: HTMLCanvasElement | null, side: number, frame: ScatterFrame) {
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return null;
  canvas.width = canvas.height = side;
  context.scale(side / frame.side, side / frame.side);
  context.translate(-SCATTER_MARGIN.left, -SCATTER_MARGIN.top);
  return context;
}

/** Of another view than the frame's, where a new one is still being counted, moved and scaled to where it belongs. */
function drawDensity(
  context: CanvasRenderingContext2D,
  image: HTMLCanvasElement,
  { x, y }: View,
  frame: ScatterFrame,
): void {
  const from = toPixel(frame, x[0], y[1]);
  const to = toPixel(frame, x[1], y[0]);
  context.drawImage(image, from.x, from.y, to.x - from.x, to.y - from.y);
}

interface Dots {
  readonly points: Points;
  readonly dots: Uint32Array;
  readonly colors: readonly [kept: Rgb, pruned: Rgb];
  readonly frame: ScatterFrame;
}

/** Kept weights above pruned ones. */
function drawDots(context: CanvasRenderingContext2D, { points, dots, colors: [kept, pruned], frame }: Dots): void {
  for (const [bit, color] of [
    [0, pruned],
    [1, kept],
  ] as const) {
    context.fillStyle = cssRgb(color, 0.85);
    for (const i of dots) {
      if (maskBit(points.mask, i) !== bit) continue;
      const { x, y } = toPixel(frame, points.x[i]!, points.y[i]!);
      context.beginPath();
      context.arc(x, y, DOT_RADIUS, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

function asCanvas(image: ImageData): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}
