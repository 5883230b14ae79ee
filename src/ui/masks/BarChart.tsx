// Bars over an axis of values or steps: filled, or as an outline above others.
import type { RefObject } from 'react';
import { Axes } from '../charts/Axes.tsx';
import type { Range } from '../charts/axis.ts';
import { type Frame, frameOf, plotBox, xOf, yOf } from '../charts/frame.ts';
import type { NumberFormat } from '../charts/series.ts';
import { useWidth } from '../charts/useWidth.ts';
import type { Bar } from './spread.ts';

const HEIGHT = 170;

export interface BarLayer {
  readonly name: string;
  readonly bars: readonly Bar[];
  readonly color: string;
  readonly isOutline?: boolean;
  readonly opacity?: number;
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
  readonly xFormat: NumberFormat;
  readonly yFormat: NumberFormat;
}

export function BarChart({ label, plot, layers, highest, range, xFormat, yFormat }: BarChartProps) {
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
        </Axes>
      )}
    </div>
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
