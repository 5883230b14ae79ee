// The curves and axes, by Recharts. Redrawn when data or size change, never for the pointer.
import { memo, useMemo } from 'react';
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from 'recharts';
import { type DrawnPoint, decimate } from './decimate.ts';
import { type Frame, MARGIN, X_AXIS_HEIGHT, Y_AXIS_WIDTH } from './frame.ts';
import { formatNumber, type MetricSeries, type NumberFormat } from './series.ts';
import { smooth } from './smooth.ts';

const MOST_POINTS = 500;
/** Up to here every point is an event worth a dot (evaluations); beyond, dots would hide the line. */
const MOST_DOTS = 30;
const TICK = { fill: 'var(--ink-soft)', fontSize: 11, fontFamily: 'var(--font-ui)' };

interface CurvesProps {
  readonly series: readonly MetricSeries[];
  readonly frame: Frame;
  readonly yFormat: NumberFormat;
  readonly smoothing: number;
}

export const Curves = memo(function Curves({ series, frame, yFormat, smoothing }: CurvesProps) {
  const lines = useMemo(
    () => series.flatMap((one) => linesOf(one, smoothing, frame.logY)),
    [series, smoothing, frame.logY],
  );
  return (
    <LineChart width={frame.width} height={frame.height} margin={MARGIN} accessibilityLayer={false}>
      <CartesianGrid vertical={false} horizontalValues={[...frame.yTicks]} stroke="var(--line)" />
      <XAxis
        dataKey="step"
        type="number"
        domain={[...frame.x]}
        ticks={frame.xTicks}
        tickFormatter={formatNumber}
        height={X_AXIS_HEIGHT}
        tick={TICK}
        tickLine={false}
        stroke="var(--line)"
      />
      <YAxis
        type="number"
        scale={frame.logY ? 'log' : 'linear'}
        domain={[...frame.y]}
        ticks={frame.yTicks}
        interval={0}
        tickFormatter={(value: number) => unbroken(yFormat(value))}
        width={Y_AXIS_WIDTH}
        tick={TICK}
        tickLine={false}
        axisLine={false}
        allowDataOverflow
      />
      {lines.map((line) => (
        <Line
          key={line.key}
          data={line.points}
          dataKey="value"
          type="linear"
          stroke={line.color}
          strokeWidth={line.dots ? 1.75 : 1.25}
          strokeOpacity={line.faint ? 0.25 : 1}
          {...(line.dashed ? { strokeDasharray: '5 4' } : {})}
          dot={line.dots ? { r: 2.5, fill: line.color, strokeWidth: 0 } : false}
          activeDot={false}
          isAnimationActive={false}
        />
      ))}
    </LineChart>
  );
});

/** Recharts breaks tick labels at plain spaces. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

interface DrawnLine {
  readonly key: string;
  readonly color: string;
  readonly dashed: boolean;
  readonly faint: boolean;
  readonly dots: boolean;
  readonly points: DrawnPoint[];
}

/** One line as measured; with smoothing, that one faint and a smoothed one above it. */
function linesOf({ key, color, dashed = false, points }: MetricSeries, smoothing: number, logY: boolean): DrawnLine[] {
  const drawable = logY ? points.map((p) => (p.value > 0 ? p : { ...p, value: Number.NaN })) : points;
  const measured = decimate(drawable, MOST_POINTS);
  const dots = points.length <= MOST_DOTS;
  if (smoothing <= 0) return [{ key, color, dashed, faint: false, dots, points: measured }];
  const smoothed = decimate(smooth(drawable, smoothing), MOST_POINTS);
  return [
    { key: `${key} as measured`, color, dashed, faint: true, dots: false, points: measured },
    { key, color, dashed, faint: false, dots, points: smoothed },
  ];
}
