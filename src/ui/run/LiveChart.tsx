// A chart of growing curves: redrawn twice a second at most, and only while it can be seen.
import { lazy, type RefObject, Suspense, startTransition, useEffect, useMemo, useRef, useState } from 'react';
import type { MetricSeries } from '../charts/series.ts';
import { useSteady } from '../charts/useSteady.ts';
import { useTurn } from '../charts/useTurn.ts';
import type { Zone } from '../charts/Zones.tsx';
import { useServices } from '../services.ts';
import { type ChartLine, seriesOf } from './chart-lines.ts';

const load = () => import('../charts/MetricChart.tsx');
const MetricChart = lazy(load);

/** The charts' code takes a while to evaluate: better before a run than under it. */
export const preloadCharts = (): void => void load();

const redrawIntervalMs = 500;

export interface ChartOptions {
  readonly logY?: boolean;
  readonly yFormat?: (value: number) => string;
  readonly yDomain?: readonly [number, number];
  readonly smoothing?: number;
  readonly ignoresOutliers?: boolean;
}

interface LiveChartProps extends ChartOptions {
  readonly title: string;
  readonly lines: readonly ChartLine[];
  readonly zones?: readonly Zone[];
}

export function LiveChart({ title, lines, zones = [], ...options }: LiveChartProps) {
  const { runs } = useServices();
  const frame = useRef<HTMLDivElement>(null);
  const steadyLines = useSteady(lines);
  const drawn = useRef<readonly MetricSeries[]>([]);
  const version = useVersion(frame, lines);
  // Charts that come into view together are built one per frame.
  const isShown = useTurn(version > 0) ?? false;
  // biome-ignore lint/correctness/useExhaustiveDependencies: points grow in place, `version` says when
  const series = useMemo(() => {
    drawn.current = steadyLines.map((line) => seriesOf(line, runs, drawn.current));
    return drawn.current;
  }, [runs, steadyLines, version]);
  const steadyZones = useSteady(zones);
  return (
    <div ref={frame} className="live-chart">
      {isShown && (
        <Suspense fallback={<p className="hint">Preparing the chart…</p>}>
          <MetricChart title={title} series={series} zones={steadyZones} {...options} />
        </Suspense>
      )}
    </div>
  );
}

/** 0 until the chart comes into view; then counts up when the lines' runs have new rows and it can be seen. */
function useVersion(frame: RefObject<HTMLElement | null>, lines: readonly ChartLine[]): number {
  const { runs } = useServices();
  const [version, setVersion] = useState(0);
  const runIds = [...new Set(lines.flatMap((line) => line.runIds))].join(' ');
  useEffect(() => {
    const rows = () => runIds.split(' ').reduce((sum, id) => sum + (runs.getState().runs[id]?.rowCount ?? 0), 0);
    let isVisible = false;
    let drawn: number | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const redraw = () => {
      timer = undefined;
      drawn = rows();
      // A transition is drawn in slices: the page stays free between them.
      startTransition(() => setVersion((before) => before + 1));
    };
    const check = () => {
      if (isVisible && rows() !== drawn) timer ??= setTimeout(redraw, drawn === null ? 0 : redrawIntervalMs);
    };
    const observer = new IntersectionObserver(([entry]) => {
      isVisible = entry?.isIntersecting ?? false;
      check();
    });
    if (frame.current) observer.observe(frame.current);
    const unsubscribe = runs.subscribe(check);
    return () => {
      observer.disconnect();
      unsubscribe();
      clearTimeout(timer);
    };
  }, [runs, runIds, frame]);
  return version;
}
