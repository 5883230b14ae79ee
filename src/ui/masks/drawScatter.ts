// A scatter on its canvas: density, then axes, ticks, names and, where both axes have one scale, the identity line.
// One drawing serves page and PNG.
import { linearTicks, type Range } from '../charts/axis.ts';
import { formatNumber } from '../charts/series.ts';
import { cssRgb, type Rgb } from './colors.ts';
import type { Extent, ScatterKind } from './scatter.ts';

const SCATTER_MARGIN = { top: 24, right: 8, bottom: 38, left: 48 } as const;
const PIXELS_PER_TICK = 80;
const DASHES = [5, 4];

export interface ScatterFrame {
  /** Of the whole drawing, and of the square plot within it, in CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly side: number;
  readonly limit: Extent;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

export interface ScatterInk {
  readonly ink: Rgb;
  readonly soft: Rgb;
  readonly line: Rgb;
  readonly panel: Rgb;
  readonly font: string;
}

export function scatterFrame(width: number, limit: Extent, ratio: number): ScatterFrame {
  const side = Math.max(1, width - SCATTER_MARGIN.left - SCATTER_MARGIN.right);
  return { width, height: side + SCATTER_MARGIN.top + SCATTER_MARGIN.bottom, side, limit, ratio };
}

export function toPixel({ side, limit }: ScatterFrame, x: number, y: number): { x: number; y: number } {
  return {
    x: SCATTER_MARGIN.left + (side * (1 + x / limit.x)) / 2,
    y: SCATTER_MARGIN.top + (side * (1 - y / limit.y)) / 2,
  };
}

export function toValue({ side, limit }: ScatterFrame, point: { x: number; y: number }): { x: number; y: number } {
  return {
    x: limit.x * ((2 * (point.x - SCATTER_MARGIN.left)) / side - 1),
    y: limit.y * (1 - (2 * (point.y - SCATTER_MARGIN.top)) / side),
  };
}

export function drawScatter(
  canvas: HTMLCanvasElement,
  { frame, kind, density, ink }: { frame: ScatterFrame; kind: ScatterKind; density: ImageData; ink: ScatterInk },
): void {
  canvas.width = Math.round(frame.width * frame.ratio);
  canvas.height = Math.round(frame.height * frame.ratio);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(frame.ratio, frame.ratio);
  context.fillStyle = cssRgb(ink.panel);
  context.fillRect(0, 0, frame.width, frame.height);
  drawGrid(context, frame, ink);
  const { left, top } = SCATTER_MARGIN;
  context.drawImage(asCanvas(density), left, top, frame.side, frame.side);
  drawNames(context, frame, kind, ink);
  if (kind.isOneScale) drawIdentity(context, frame, ink);
}

function drawGrid(context: CanvasRenderingContext2D, frame: ScatterFrame, { ink, soft, line, font }: ScatterInk): void {
  const { limit, side } = frame;
  const [from, to] = [toPixel(frame, -limit.x, limit.y), toPixel(frame, limit.x, -limit.y)];
  const ticksOf = (half: number) => {
    const range: Range = [-half, half];
    return linearTicks(range, Math.max(2, Math.round(side / PIXELS_PER_TICK)));
  };
  const inkOf = (tick: number) => (tick === 0 ? cssRgb(ink, 0.35) : cssRgb(line));
  context.font = `11px ${font}`;
  context.lineWidth = 1;
  context.fillStyle = cssRgb(soft);
  context.textAlign = 'center';
  for (const tick of ticksOf(limit.x)) {
    const { x } = toPixel(frame, tick, 0);
    context.strokeStyle = inkOf(tick);
    strokeLine(context, [crisp(x), from.y], [crisp(x), to.y]);
    context.fillText(formatNumber(tick), x, to.y + 16);
  }
  context.textAlign = 'right';
  for (const tick of ticksOf(limit.y)) {
    const { y } = toPixel(frame, 0, tick);
    context.strokeStyle = inkOf(tick);
    strokeLine(context, [from.x, crisp(y)], [to.x, crisp(y)]);
    context.fillText(formatNumber(tick), from.x - 7, y + 4);
  }
}

/** The names of the axes. */
function drawNames(
  context: CanvasRenderingContext2D,
  frame: ScatterFrame,
  kind: ScatterKind,
  { soft, font }: ScatterInk,
): void {
  context.font = `11px ${font}`;
  context.fillStyle = cssRgb(soft);
  context.textAlign = 'left';
  context.fillText(`↑ ${kind.y}`, 0, 12);
  context.textAlign = 'right';
  context.fillText(`${kind.x} →`, frame.width - SCATTER_MARGIN.right, frame.height - 5);
}

/** Where a weight lies that fine-tuning left as it was, and the line's name above the corner where it ends. */
function drawIdentity(context: CanvasRenderingContext2D, frame: ScatterFrame, { ink }: ScatterInk): void {
  const half = Math.min(frame.limit.x, frame.limit.y);
  const [from, to] = [toPixel(frame, -half, -half), toPixel(frame, half, half)];
  const right = frame.width - SCATTER_MARGIN.right;
  context.strokeStyle = cssRgb(ink, 0.8);
  context.setLineDash(DASHES);
  strokeLine(context, [from.x, from.y], [to.x, to.y]);
  context.fillText('unchanged', right, 12);
  const end = right - context.measureText('unchanged').width - 6;
  strokeLine(context, [end - 24, 8.5], [end, 8.5]);
  context.setLineDash([]);
}

type Point = readonly [x: number, y: number];

function strokeLine(context: CanvasRenderingContext2D, from: Point, to: Point): void {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

/** On a half pixel, where a line one pixel wide stays sharp. */
function crisp(value: number): number {
  return Math.round(value - 0.5) + 0.5;
}

function asCanvas(image: ImageData): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}
