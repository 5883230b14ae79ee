// The curves in their frame. Each is redrawn when it or the frame changes, never for the pointer.
import { memo } from 'react';
import { Axes } from './Axes.tsx';
import { bandOf } from './band.ts';
import { type ChartPoint, type DrawnPoint, decimate } from './decimate.ts';
import { type Frame, plotBox, xOf, yOf } from './frame.ts';
import { formatNumber, type MetricSeries, type NumberFormat } from './series.ts';
import { smooth } from './smooth.ts';

const MOST_POINTS = 500;
/** Up to here every point is an event worth a dot (evaluations); beyond, dots would hide the line. */
const MOST_DOTS = 30;

interface CurvesProps {
  readonly series: readonly MetricSeries[];
  readonly frame: Frame;
  readonly yFormat: NumberFormat;
  readonly smoothing: number;
}

export const Curves = memo(function Curves({ series, frame, yFormat, smoothing }: CurvesProps) {
  return (
    <Axes frame={frame} xFormat={formatNumber} yFormat={yFormat}>
      {series.map((one) => (
        <Curve key={one.key} series={one} frame={frame} smoothing={smoothing} />
      ))}
    </Axes>
  );
});

interface CurveProps {
  readonly series: MetricSeries;
  readonly frame: Frame;
  readonly smoothing: number;
}

/** One line as measured; with smoothing, that one faint and a smoothed one above it. Of several seeds mean and band. */
const Curve = memo(function Curve({ series, frame, smoothing }: CurveProps) {
  const { points, seeds, color, dashed = false } = series;
  const isSmoothed = smoothing > 0;
  const { mean, low, high } = bandOf((seeds ?? [points]).map((one) => smooth(one, smoothing)));
  const drawn = decimate(visible(mean, frame), MOST_POINTS);
  const hasDots = drawn.length <= MOST_DOTS;
  const stroke = { fill: 'none', stroke: color, strokeDasharray: dashed ? '5 4' : undefined };
  return (
    <>
      {low.length > 0 && <path d={bandPath(low, high, frame)} fill={color} opacity={0.16} />}
      {isSmoothed && !seeds && (
        <path
          {...stroke}
          d={linePath(decimate(visible(points, frame), MOST_POINTS), frame)}
          strokeWidth={1.25}
          opacity={0.25}
        />
      )}
      <path {...stroke} d={linePath(drawn, frame)} strokeWidth={hasDots ? 1.75 : 1.25} />
      {hasDots && drawn.map((point) => <Dot key={point.step} point={point} color={color} frame={frame} />)}
    </>
  );
});

function Dot({ point, color, frame }: { readonly point: DrawnPoint; readonly color: string; readonly frame: Frame }) {
  const y = heightOf(point, frame);
  return y === null ? null : <circle cx={xOf(frame, point.step)} cy={y} r={2.5} fill={color} />;
}

/** Of a zoomed frame the points inside it and one to either side, so that lines run on to the edge. */
function visible(points: readonly ChartPoint[], { x: [from, to] }: Frame): readonly ChartPoint[] {
  const first = points.findIndex(({ step }) => step >= from);
  const last = points.findLastIndex(({ step }) => step <= to);
  return first === -1 || last === -1 ? [] : points.slice(Math.max(0, first - 1), last + 2);
}

/** Null, a gap, where a value has no height: not finite, or not above 0 on a logarithmic axis. */
const heightOf = ({ value }: DrawnPoint, frame: Frame): number | null => (value === null ? null : yOf(frame, value));

function linePath(points: readonly DrawnPoint[], frame: Frame): string {
  let path = '';
  let isDown = false;
  for (const point of points) {
    const y = heightOf(point, frame);
    if (y !== null) path += `${isDown ? 'L' : 'M'}${xOf(frame, point.step).toFixed(1)} ${y.toFixed(1)}`;
    isDown = y !== null;
  }
  return path;
}

/** There along the upper edge, back along the lower. On a logarithmic axis the lower one may leave the plot. */
function bandPath(low: readonly ChartPoint[], high: readonly ChartPoint[], frame: Frame): string {
  const { bottom } = plotBox(frame);
  const edge = (points: readonly ChartPoint[]) =>
    decimate(visible(points, frame), MOST_POINTS)
      .filter(({ value }) => value !== null)
      .map((point) => `${xOf(frame, point.step).toFixed(1)} ${(heightOf(point, frame) ?? bottom).toFixed(1)}`);
  const corners = [...edge(high), ...edge(low).reverse()];
  return corners.length > 0 ? `M${corners.join('L')}Z` : '';
}
