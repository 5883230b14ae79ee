// Grid and axes, by Recharts, with a drawing over them in the frame's pixels. Recharts' own lines take some 6 ms per
// 500 points and its axes 20 ms: so curves are drawn here, and axes only when the frame changes.
import { memo, type ReactNode } from 'react';
import { CartesianGrid, LineChart, XAxis, YAxis } from 'recharts';
import { type Frame, MARGIN, plotBox, X_AXIS_HEIGHT, Y_AXIS_WIDTH } from './frame.ts';
import type { NumberFormat } from './series.ts';

/** A line along the edge is as wide as any other. */
const SLACK = 3;

interface ScalesProps {
  readonly frame: Frame;
  readonly xFormat: NumberFormat;
  readonly yFormat: NumberFormat;
}

interface AxesProps extends ScalesProps {
  /** SVG, cut off at the plot's edges. */
  readonly children: ReactNode;
}

export function Axes({ children, ...scales }: AxesProps) {
  const { frame } = scales;
  const { left, right, top, bottom } = plotBox(frame);
  const clip = { x: left - SLACK, y: top - SLACK, width: right - left + 2 * SLACK, height: bottom - top + 2 * SLACK };
  return (
    <>
      <Scales {...scales} />
      <svg className="metric-drawing" width={frame.width} height={frame.height} aria-hidden="true">
        <svg {...clip} aria-hidden="true" viewBox={`${clip.x} ${clip.y} ${clip.width} ${clip.height}`}>
          {children}
        </svg>
      </svg>
    </>
  );
}

const Scales = memo(function Scales({ frame, xFormat, yFormat }: ScalesProps) {
  return (
    <LineChart
      width={frame.width}
      height={frame.height}
      margin={MARGIN}
      accessibilityLayer={false}
      data={[{ x: frame.x[0], y: frame.y[0] }]}
    >
      <CartesianGrid vertical={false} horizontalValues={[...frame.yTicks]} stroke="var(--line)" />
      <XAxis
        dataKey="x"
        type="number"
        domain={[...frame.x]}
        ticks={frame.xTicks}
        interval={0}
        height={X_AXIS_HEIGHT}
        tick={(place: TickPlace) => <Tick {...place} dy="0.71em" format={xFormat} />}
        tickLine={false}
        stroke="var(--line)"
        allowDataOverflow
      />
      <YAxis
        dataKey="y"
        type="number"
        scale={frame.logY ? 'log' : 'linear'}
        domain={[...frame.y]}
        ticks={frame.yTicks}
        interval={0}
        width={Y_AXIS_WIDTH}
        tick={(place: TickPlace) => <Tick {...place} dy="0.355em" format={yFormat} />}
        tickLine={false}
        axisLine={false}
        allowDataOverflow
      />
    </LineChart>
  );
});

/** As Recharts gives it. */
interface TickPlace {
  readonly x: number | string;
  readonly y: number | string;
  readonly textAnchor: 'start' | 'middle' | 'end' | 'inherit';
  readonly payload: { readonly value: number };
}

/** Recharts' own measures every word, each time a layout of the whole page. */
function Tick({ x, y, textAnchor, payload, dy, format }: TickProps) {
  return (
    <text className="metric-tick" x={x} y={y} dy={dy} textAnchor={textAnchor}>
      {format(payload.value)}
    </text>
  );
}

interface TickProps extends TickPlace {
  readonly dy: string;
  readonly format: NumberFormat;
}
