// Bars over an axis of values or steps: filled, or as an outline above others.
import type { RefObject } from 'react';
import { Axes } from './Axes.tsx';
import type { Range } from './axis.ts';
import { type Frame, frameOf, plotBox, xOf, yOf } from './frame.ts';
import type { NumberFormat } from './series.ts';
import { useWidth } from './useWidth.ts';

const HEIGHT = 170;
const LABEL_HEIGHT = 13;

export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

export interface BarLayer {
  readonly name: string;
  readonly bars: readonly Bar[];
  readonly color: string;
  readonly isOutline?: boolean;
  readonly opacity?: number;
}

/** A line across the bars, such as a limit. */
export interface BarMark {
  readonly at: number;
  readonly label: string;
}

interface BarChartProps {
  /** In words. */
  readonly label: string;
  /** What is drawn, to be saved. */
  readonly plot: RefObject<HTMLDivElement | null>;
  readonly layers: readonly BarLayer[];
  /** Of all charts that are laid beside this one. */
  readonly highest: number;
  readonly range: Range;
  readonly marks?: readonly BarMark[];
  readonly xFormat: NumberFormat;
  readonly yFormat: NumberFormat;
}

export function BarChart({ label, plot, layers, highest, range, marks = [], xFormat, yFormat }: BarChartProps) {
  const width = useWidth(plot);
  const corners = [
    { step: range[0], value: 0 },
    { step: range[1], value: highest },
  ];
  const series = [{ key: 'corners', label: '', color: '', points: corners }];
  const frame = frameOf({ series, width, height: HEIGHT, yDomain: undefined, logY: false, zoom: range });
  return (
    <div ref={plot} className="metric-plot" style={{ height: HEIGHT }} role="img" aria-label={label}>
      {frame && (
        <Axes frame={frame} xFormat={xFormat} yFormat={yFormat}>
          {layers.map(({ name, bars, color, isOutline = false, opacity = 1 }) =>
            isOutline ? (
              <path key={name} d={outlineOf(bars, frame)} fill="none" stroke={color} strokeWidth={1.25} />
            ) : (
              <path key={name} d={bars.map((bar) => barPath(bar, frame)).join('')} fill={color} opacity={opacity} />
            ),
          )}
          {marks.map((mark, index) => (
            <Mark key={mark.label} mark={mark} frame={frame} line={index} />
          ))}
        </Axes>
      )}
    </div>
  );
}

/** Labels of neighbours stand below each other, on the side that has room. */
function Mark({ mark, frame, line }: { readonly mark: BarMark; readonly frame: Frame; readonly line: number }) {
  const { left, right, top, bottom } = plotBox(frame);
  const x = xOf(frame, mark.at);
  const isRight = x > (left + right) / 2;
  return (
    <g>
      <line x1={x} x2={x} y1={top} y2={bottom} stroke="var(--ink)" strokeWidth={1.25} strokeDasharray="4 3" />
      <text
        className="bar-mark"
        x={isRight ? x - 5 : x + 5}
        y={top + LABEL_HEIGHT * (line + 0.7)}
        textAnchor={isRight ? 'end' : 'start'}
      >
        {mark.label}
      </text>
    </g>
  );
}

function barPath({ from, to, height }: Bar, frame: Frame): string {
  if (height === 0) return '';
  const { bottom } = plotBox(frame);
  return `M${at(xOf(frame, from))} ${at(bottom)}V${at(yOf(frame, height) ?? bottom)}H${at(xOf(frame, to))}V${at(bottom)}Z`;
}

function outlineOf(bars: readonly Bar[], frame: Frame): string {
  const { bottom } = plotBox(frame);
  const [first] = bars;
  if (!first) return '';
  const steps = bars.map(({ to, height }) => `V${at(yOf(frame, height) ?? bottom)}H${at(xOf(frame, to))}`);
  return `M${at(xOf(frame, first.from))} ${at(bottom)}${steps.join('')}V${at(bottom)}`;
}

const at = (pixels: number): string => pixels.toFixed(1);
