// A figure as a picture that stands alone: no script, no style sheet, on white.
import { decimate } from '../charts/decimate.ts';
import { type Frame, frameOf, plotBox, xOf, yOf } from '../charts/frame.ts';
import { describeChart, formatNumber, type MetricSeries } from '../charts/series.ts';
import type { Figure } from './results.ts';

export const FIGURE_WIDTH = 640;
const PLOT_HEIGHT = 280;
const LINE = 20;
const MOST_POINTS = 500;

/** The title, then a line per series, then the plot. */
export const figureHeight = ({ series }: Figure): number => LINE * (series.length + 2) + PLOT_HEIGHT;

export function FigureSvg({ figure }: { readonly figure: Figure }) {
  const { title, series, yDomain, logY = false, yFormat = formatNumber } = figure;
  const height = figureHeight(figure);
  const frame = frameOf({ series, width: FIGURE_WIDTH, height: PLOT_HEIGHT, yDomain, logY });
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${FIGURE_WIDTH} ${height}`}
      width={FIGURE_WIDTH}
      height={height}
      role="img"
      aria-label={describeChart(title, series, yFormat)}
      fontFamily="system-ui, sans-serif"
      fontSize="12"
      fill="#15191c"
    >
      <rect width={FIGURE_WIDTH} height={height} fill="#fff" />
      <text x="8" y={LINE} fontSize="14" fontWeight="600">
        {title}
      </text>
      {series.map((one, index) => (
        <Legend key={one.key} series={one} y={LINE * (index + 2)} />
      ))}
      <g transform={`translate(0 ${height - PLOT_HEIGHT})`}>{frame && <Plot figure={figure} frame={frame} />}</g>
    </svg>
  );
}

function Legend({ series: { label, color, dashed }, y }: { readonly series: MetricSeries; readonly y: number }) {
  return (
    <>
      <line x1="8" x2="30" y1={y - 4} y2={y - 4} stroke={color} strokeWidth="2" strokeDasharray={dashOf(dashed)} />
      <text x="38" y={y}>
        {label}
      </text>
    </>
  );
}

const dashOf = (dashed: boolean | undefined) => (dashed ? '5 4' : undefined);

function Plot({
  figure: { series, yFormat = formatNumber },
  frame,
}: {
  readonly figure: Figure;
  readonly frame: Frame;
}) {
  const { left, right, bottom } = plotBox(frame);
  return (
    <>
      {frame.yTicks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={right} y1={yOf(frame, tick) ?? 0} y2={yOf(frame, tick) ?? 0} stroke="#dfe3e2" />
          <text x={left - 6} y={(yOf(frame, tick) ?? 0) + 4} textAnchor="end" fill="#454d54">
            {yFormat(tick)}
          </text>
        </g>
      ))}
      {frame.xTicks.map((tick) => (
        <text key={tick} x={xOf(frame, tick)} y={bottom + 18} textAnchor="middle" fill="#454d54">
          {formatNumber(tick)}
        </text>
      ))}
      <text x={right} y={bottom + 34} textAnchor="end" fill="#454d54">
        step
      </text>
      {series.map(({ key, color, dashed, points }) => (
        <path
          key={key}
          d={pathOf(points, frame)}
          fill="none"
          stroke={color}
          strokeWidth="1.75"
          strokeLinecap="round"
          strokeDasharray={dashOf(dashed)}
        />
      ))}
    </>
  );
}

/** Broken where a value has no place on the axis. */
function pathOf(points: MetricSeries['points'], frame: Frame): string {
  let isBroken = true;
  const parts = decimate(points, MOST_POINTS).map(({ step, value }) => {
    const y = value === null ? null : yOf(frame, value);
    const command = y === null ? '' : `${isBroken ? 'M' : 'L'}${xOf(frame, step).toFixed(1)} ${y.toFixed(1)}`;
    isBroken = y === null;
    return command;
  });
  return parts.join('');
}
