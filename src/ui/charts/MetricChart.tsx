// A metric over training steps, for several runs: curves, a legend that reads values, a table of the same numbers.
import { type KeyboardEvent, memo, type PointerEvent, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Range } from './axis.ts';
import { Curves } from './Curves.tsx';
import { drawnIn, figureFiles, type LegendEntry } from './figure-file.ts';
import { type Frame, frameOf, plotBox, stepAt, xOf } from './frame.ts';
import { HoverLayer } from './HoverLayer.tsx';
import { type HoverStepStore, useHoverStepStore } from './HoverStep.tsx';
import { SeriesTable } from './SeriesTable.tsx';
import {
  describeChart,
  formatNumber,
  gapStarts,
  type MetricSeries,
  type NumberFormat,
  nearestPoint,
  neighbourStep,
  snapStep,
} from './series.ts';
import { useSteady } from './useSteady.ts';
import { useTurn } from './useTurn.ts';
import { useWidth } from './useWidth.ts';
import { describeZones, type Zone, Zones } from './Zones.tsx';
import { Selection, useZooming, useZoomStore } from './Zoom.tsx';
import './charts.css';

export interface MetricChartProps {
  readonly title: string;
  readonly series: readonly MetricSeries[];
  readonly yLabel?: string;
  readonly yFormat?: NumberFormat;
  readonly yDomain?: Range;
  readonly logY?: boolean;
  readonly height?: number;
  /** TensorBoard's smoothing weight, 0 (as measured) to below 1; the measured curve stays, faint. */
  readonly smoothing?: number;
  /** Leaves room for the middle 90 % of the values only. */
  readonly ignoresOutliers?: boolean;
  /** Behind the curves. */
  readonly zones?: readonly Zone[];
}

/** Not drawn again when what is around it is, which reports of a run change several times a second. */
export default memo(function MetricChart(props: MetricChartProps) {
  const { title, series, yLabel, yFormat, yDomain, logY = false, height = 220, smoothing = 0 } = props;
  const { ignoresOutliers = false, zones = [] } = props;
  const store = useHoverStepStore();
  const zoomStore = useZoomStore();
  const zoom = useStore(zoomStore, ({ range }) => range);
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const drawn = useTurn(series);
  const [low, high] = yDomain ?? [];
  const newFrame = useMemo(() => {
    const domain = low !== undefined && high !== undefined ? ([low, high] as const) : undefined;
    return drawn && frameOf({ series: drawn, width, height, yDomain: domain, logY, ignoresOutliers, zoom });
  }, [drawn, width, height, low, high, logY, ignoresOutliers, zoom]);
  const frame = useSteady(newFrame);
  const { isPointedAt, handlers } = useHovering(store, series, frame);
  const { selection, zoomHandlers } = useZooming(zoomStore, store, frame);
  const format = yFormat ?? formatNumber;

  return (
    <figure className="metric-chart">
      <figcaption>
        <span className="metric-title">{title}</span>
        <Legend store={store} series={series} format={format} />
      </figcaption>
      <div
        ref={plot}
        className="metric-plot"
        style={{ height }}
        role="img"
        aria-label={describeChart(title, series, format) + describeZones(zones)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the hovered step
        tabIndex={0}
        {...handlers}
        {...zoomHandlers}
        onKeyDown={(event) => {
          handlers.onKeyDown(event);
          zoomHandlers.onKeyDown(event);
        }}
      >
        {drawn && frame && (
          <>
            <Zones zones={zones} frame={frame} />
            <Curves series={drawn} frame={frame} yFormat={format} smoothing={smoothing} />
            <Annotations series={drawn} frame={frame} yLabel={yLabel} />
            {selection && <Selection frame={frame} range={selection} />}
            <HoverLayer store={store} series={drawn} frame={frame} yFormat={yFormat} isPointedAt={isPointedAt} />
          </>
        )}
        {drawn && !frame && width > 0 && <p className="metric-empty">No values yet.</p>}
      </div>
      <SeriesTable
        title={title}
        series={series}
        format={format}
        files={figureFiles(() => ({ title, legend: series.map(legendEntry), ...drawnIn(plot.current!) }))}
      />
    </figure>
  );
});

const legendEntry = ({ label, color, dashed }: MetricSeries): LegendEntry => ({
  label,
  color,
  mark: dashed ? 'dashes' : 'line',
});

/** Names and values as text: at the hovered step, else the last ones. */
function Legend({ store, series, format }: LegendProps) {
  const step = useStore(store, (state) => state.step);
  return (
    <ul className="metric-legend">
      {series.map(({ key, label, color, dashed, points }) => {
        const point = step === null ? points.at(-1) : nearestPoint(points, step);
        return (
          <li key={key}>
            <svg width="18" height="8" aria-hidden="true">
              <line x1="0" x2="18" y1="4" y2="4" stroke={color} strokeWidth="2" strokeDasharray={dashed ? '5 3' : ''} />
            </svg>
            {label} {point && <span className="metric-legend-value">{format(point.value)}</span>}
          </li>
        );
      })}
    </ul>
  );
}

interface LegendProps {
  readonly store: HoverStepStore;
  readonly series: readonly MetricSeries[];
  readonly format: NumberFormat;
}

/** Axis names, and a cross on the base line wherever values stop being finite. */
function Annotations({ series, frame, yLabel }: AnnotationsProps) {
  const { left, right, bottom } = plotBox(frame);
  return (
    <svg className="metric-hover" width={frame.width} height={frame.height} aria-hidden="true">
      {yLabel && (
        <text className="metric-axis-label" x={0} y={10}>
          {yLabel}
        </text>
      )}
      <text className="metric-axis-label" x={right} y={frame.height - 4} textAnchor="end">
        step →
      </text>
      {series.map(({ key, color, points }) =>
        gapStarts(points).map(({ step, value }) => (
          <text
            key={`${key} ${step}`}
            className="metric-gap"
            x={clamp(xOf(frame, step), left + 4, right)}
            y={bottom - 4}
          >
            <tspan fill={color}>×</tspan> {formatNumber(value)}
          </text>
        )),
      )}
    </svg>
  );
}

interface AnnotationsProps {
  readonly series: readonly MetricSeries[];
  readonly frame: Frame;
  readonly yLabel: string | undefined;
}

/** Pointer and arrow keys move the shared step; leaving or Escape lets it go. */
function useHovering(store: HoverStepStore, series: readonly MetricSeries[], frame: Frame | null) {
  const [isPointedAt, setIsPointedAt] = useState(false);
  const moveTo = (step: number | null) => {
    setIsPointedAt(step !== null);
    store.setState({ step });
  };
  const leave = () => moveTo(null);
  const handlers = {
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (!frame) return;
      const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
      moveTo(snapStep(series, stepAt(frame, x)));
    },
    onKeyDown(event: KeyboardEvent) {
      if (event.key === 'Escape') return leave();
      const direction = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : null;
      if (!direction || !frame) return;
      event.preventDefault();
      const step = store.getState().step;
      moveTo(step === null ? frame.x[direction === 1 ? 0 : 1] : neighbourStep(series, step, direction));
    },
    onPointerLeave: leave,
    onBlur: leave,
  };
  return { isPointedAt, handlers };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
