// The plot's frame: which data range lies where in pixels. Owned here rather than asked of Recharts, so that the
// hover layer can place its marks without re-rendering the curves.
import { extentOf, linearTicks, logTicks, type Range, roundOutwards, withoutOutliers } from './axis.ts';
import type { ChartPoint } from './decimate.ts';
import type { MetricSeries } from './series.ts';

export const MARGIN = { top: 22, right: 14, bottom: 16, left: 0 } as const;
export const Y_AXIS_WIDTH = 50;
export const X_AXIS_HEIGHT = 22;

const PIXELS_PER_Y_TICK = 46;
const PIXELS_PER_X_TICK = 90;

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly x: Range;
  readonly y: Range;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
  readonly logY: boolean;
}

interface FrameOptions {
  readonly series: readonly MetricSeries[];
  readonly width: number;
  readonly height: number;
  readonly yDomain: Range | undefined;
  readonly logY: boolean;
  /** Draws the middle 90 % of the values large; what lies beyond leaves the plot. */
  readonly ignoresOutliers?: boolean;
  /** The part of the steps to show; null shows all. */
  readonly zoom?: Range | null;
}

/** Null while there is nothing to draw: no finite value yet, or no room. */
export function frameOf(options: FrameOptions): Frame | null {
  const { series, width, height, yDomain, logY, ignoresOutliers = false, zoom = null } = options;
  const curves = series.flatMap(({ points, seeds = [points] }) => seeds);
  const x = zoom ?? extentOf(curves.flatMap((points) => [points[0], points.at(-1)].flatMap((end) => end?.step ?? [])));
  const values = () => valuesIn(curves, zoom);
  const extent = yDomain ?? extentOf(ignoresOutliers ? withoutOutliers(values(), logY) : values(), logY);
  if (!x || !extent || width < 2 * Y_AXIS_WIDTH) return null;
  const yCount = Math.max(2, Math.round(height / PIXELS_PER_Y_TICK));
  const y = yDomain || logY ? extent : roundOutwards(extent, yCount);
  return {
    width,
    height,
    x,
    y,
    xTicks: linearTicks(x, Math.max(2, Math.round(width / PIXELS_PER_X_TICK))),
    yTicks: logY ? logTicks(y) : linearTicks(y, yCount),
    logY,
  };
}

function* valuesIn(curves: readonly (readonly ChartPoint[])[], zoom: Range | null): Generator<number> {
  for (const points of curves) {
    for (const { step, value } of points) if (!zoom || (step >= zoom[0] && step <= zoom[1])) yield value;
  }
}

export function plotBox({ width, height }: Pick<Frame, 'width' | 'height'>) {
  const left = MARGIN.left + Y_AXIS_WIDTH;
  const bottom = height - MARGIN.bottom - X_AXIS_HEIGHT;
  return { left, right: width - MARGIN.right, top: MARGIN.top, bottom };
}

export function xOf(frame: Frame, step: number): number {
  const { left, right } = plotBox(frame);
  return left + ((step - frame.x[0]) / (frame.x[1] - frame.x[0])) * (right - left);
}

export function stepAt(frame: Frame, x: number): number {
  const { left, right } = plotBox(frame);
  return frame.x[0] + ((x - left) / (right - left)) * (frame.x[1] - frame.x[0]);
}

/** Null where the value has no place: not finite, or not positive on a logarithmic axis. */
export function yOf(frame: Frame, value: number): number | null {
  const { top, bottom } = plotBox(frame);
  const along = frame.logY ? Math.log : (v: number) => v;
  const share = (along(value) - along(frame.y[0])) / (along(frame.y[1]) - along(frame.y[0]));
  return Number.isFinite(share) ? bottom - share * (bottom - top) : null;
}
