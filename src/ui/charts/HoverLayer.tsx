// What follows the pointer: a rule at the hovered step, a dot per series, and the exact values.
import { useStore } from 'zustand';
import { type Frame, plotBox, xOf, yOf } from './frame.ts';
import type { HoverStepStore } from './HoverStep.tsx';
import { formatNumber, type MetricSeries, type NumberFormat, nearestPoint } from './series.ts';

/** More would cover the plot and its neighbours. */
const mostRows = 10;

interface HoverLayerProps {
  readonly store: HoverStepStore;
  readonly series: readonly MetricSeries[];
  readonly frame: Frame;
  readonly yFormat: NumberFormat | undefined;
  /** This chart is the one being pointed at, and so the one that shows the values. */
  readonly isPointedAt: boolean;
}

export function HoverLayer({ store, series, frame, yFormat, isPointedAt }: HoverLayerProps) {
  const step = useStore(store, (state) => state.step);
  if (step === null || step < frame.x[0] || step > frame.x[1]) return null;
  const { top, bottom } = plotBox(frame);
  const x = xOf(frame, step);
  return (
    <>
      <svg className="metric-hover" width={frame.width} height={frame.height} aria-hidden="true">
        <line x1={x} x2={x} y1={top} y2={bottom} stroke="var(--ink-faint)" />
        {series.map(({ key, color, points }) => {
          const point = nearestPoint(points, step);
          const y = point && yOf(frame, point.value);
          if (!point || y === null || y < top - 1 || y > bottom + 1) return null;
          return <circle key={key} cx={xOf(frame, point.step)} cy={y} r={3.5} fill={color} stroke="var(--panel)" />;
        })}
      </svg>
      {isPointedAt && <Values step={step} x={x} series={series} frame={frame} yFormat={yFormat} />}
    </>
  );
}

function Values({ step, x, series, frame, yFormat }: Omit<HoverLayerProps, 'store' | 'isPointedAt'> & ValuesPlace) {
  // On the side with more room, so that it never hides what is pointed at.
  const isRight = x > frame.width / 2;
  const side = isRight ? { right: frame.width - x + 10 } : { left: x + 10 };
  const read = series.flatMap((one) => {
    const point = nearestPoint(one.points, step);
    return point ? [{ ...one, point }] : [];
  });
  const isLong = read.length > mostRows;
  const shown = isLong ? read.toSorted((a, b) => b.point.value - a.point.value).slice(0, mostRows) : read;
  return (
    <div className="metric-values" style={side} aria-live="polite">
      <div className="metric-values-step">step {step}</div>
      {shown.map(({ key, label, color, point }) => (
        <div key={key} className="metric-values-row">
          <span className="metric-values-dot" style={{ background: color }} />
          <span className="metric-values-label">{label}</span>
          <span className="metric-values-number">{yFormat ? yFormat(point.value) : formatNumber(point.value)}</span>
          <span className="metric-values-exact">
            {yFormat && formatNumber(point.value)}
            {point.step !== step && ` at ${point.step}`}
          </span>
        </div>
      ))}
      {isLong && <div className="metric-values-step">{`The ${mostRows} highest; the legend has all.`}</div>}
    </div>
  );
}

interface ValuesPlace {
  readonly step: number;
  readonly x: number;
}
