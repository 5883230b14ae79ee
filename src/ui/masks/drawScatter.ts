// The scatter on its canvas: density, then axes, ticks, names and the identity line. One drawing serves page and PNG.
import { linearTicks, type Range } from '../charts/axis.ts';
import { formatNumber } from '../charts/series.ts';
import { cssRgb, type Rgb } from './colors.ts';

const SCATTER_MARGIN = { top: 24, right: 8, bottom: 38, left: 48 } as const;
const PIXELS_PER_TICK = 80;
const DASHES = [5, 4];

export interface ScatterFrame {
  /** Of the whole drawing, and of the square plot within it, in CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly side: number;
  readonly limit: number;
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

export function scatterFrame(width: number, limit: number, ratio: number): ScatterFrame {
  const side = Math.max(1, width - SCATTER_MARGIN.left - SCATTER_MARGIN.right);
  return { width, height: side + SCATTER_MARGIN.top + SCATTER_MARGIN.bottom, side, limit, ratio };
}

export function toPixel({ side, limit }: ScatterFrame, x: number, y: number): { x: number; y: number } {
  const scale = side / (2 * limit);
  return { x: SCATTER_MARGIN.left + (x + limit) * scale, y: SCATTER_MARGIN.top + (limit - y) * scale };
}

export function toValue({ side, limit }: ScatterFrame, point: { x: number; y: number }): { x: number; y: number } {
  const scale = (2 * limit) / side;
  return { x: (point.x - SCATTER_MARGIN.left) * scale - limit, y: limit - (point.y - SCATTER_MARGIN.top) * scale };
}

export function drawScatter(canvas: HTMLCanvasElement, frame: ScatterFrame, density: ImageData, ink: ScatterInk): void {
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
  drawIdentity(context, frame, ink);
  drawNames(context, frame, ink);
}

function drawGrid(context: CanvasRenderingContext2D, frame: ScatterFrame, { ink, soft, line, font }: ScatterInk): void {
  const range: Range = [-frame.limit, frame.limit];
  const [from, to] = [toPixel(frame, -frame.limit, frame.limit), toPixel(frame, frame.limit, -frame.limit)];
  context.font = `11px ${font}`;
  context.lineWidth = 1;
  for (const tick of linearTicks(range, Math.max(2, Math.round(frame.side / PIXELS_PER_TICK)))) {
    const at = toPixel(frame, tick, tick);
    context.strokeStyle = tick === 0 ? cssRgb(ink, 0.35) : cssRgb(line);
    strokeLine(context, [crisp(at.x), from.y], [crisp(at.x), to.y]);
    strokeLine(context, [from.x, crisp(at.y)], [to.x, crisp(at.y)]);
    context.fillStyle = cssRgb(soft);
    context.textAlign = 'center';
    context.fillText(formatNumber(tick), at.x, to.y + 16);
    context.textAlign = 'right';
    context.fillText(formatNumber(tick), from.x - 7, at.y + 4);
  }
}

/** Where a weight lies that fine-tuning left as it was. */
function drawIdentity(context: CanvasRenderingContext2D, frame: ScatterFrame, { ink }: ScatterInk): void {
  const [from, to] = [toPixel(frame, -frame.limit, -frame.limit), toPixel(frame, frame.limit, frame.limit)];
  context.strokeStyle = cssRgb(ink, 0.8);
  context.setLineDash(DASHES);
  strokeLine(context, [from.x, from.y], [to.x, to.y]);
  context.setLineDash([]);
}

/** The names of the axes, and that of the identity line above the corner where it ends. */
function drawNames(context: CanvasRenderingContext2D, frame: ScatterFrame, { ink, soft, font }: ScatterInk): void {
  const right = frame.width - SCATTER_MARGIN.right;
  context.font = `11px ${font}`;
  context.fillStyle = cssRgb(soft);
  context.textAlign = 'left';
  context.fillText('↑ fine-tuned weight', 0, 12);
  context.textAlign = 'right';
  context.fillText('pretrained weight →', right, frame.height - 5);
  context.fillText('unchanged', right, 12);
  const end = right - context.measureText('unchanged').width - 6;
  context.strokeStyle = cssRgb(ink, 0.8);
  context.setLineDash(DASHES);
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
