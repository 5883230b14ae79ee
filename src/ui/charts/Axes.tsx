// Grid and axes, by Recharts. What is plotted comes as children, in the frame's pixels: Recharts' own lines take some
// 6 ms per 500 points, and twenty of them would hold the page for longer than a frame.
import type { ReactNode } from 'react';
import { CartesianGrid, LineChart, XAxis, YAxis } from 'recharts';
import { type Frame, MARGIN, plotBox, X_AXIS_HEIGHT, Y_AXIS_WIDTH } from './frame.ts';
import type { NumberFormat } from './series.ts';

const TICK = { fill: 'var(--ink-soft)', fontSize: 11, fontFamily: 'var(--font-ui)' };

/** A line along the edge is as wide as any other. */
const SLACK = 3;

interface AxesProps {
  readonly frame: Frame;
  readonly xFormat: NumberFormat;
  readonly yFormat: NumberFormat;
  /** SVG, cut off at the plot's edges. */
  readonly children: ReactNode;
}

export function Axes({ frame, xFormat, yFormat, children }: AxesProps) {
  const { left, right, top, bottom } = plotBox(frame);
  const clip = { x: left - SLACK, y: top - SLACK, width: right - left + 2 * SLACK, height: bottom - top + 2 * SLACK };
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
        tickFormatter={(value: number) => unbroken(xFormat(value))}
        height={X_AXIS_HEIGHT}
        tick={TICK}
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
        tickFormatter={(value: number) => unbroken(yFormat(value))}
        width={Y_AXIS_WIDTH}
        tick={TICK}
        tickLine={false}
        axisLine={false}
        allowDataOverflow
      />
      <svg {...clip} viewBox={`${clip.x} ${clip.y} ${clip.width} ${clip.height}`} aria-hidden="true">
        {children}
      </svg>
    </LineChart>
  );
}

/** Recharts breaks tick labels at plain spaces. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}
