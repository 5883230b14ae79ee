// A chart of growing curves: redrawn twice a second at most, and only while it can be seen.
import { lazy, type RefObject, Suspense, startTransition, useEffect, useMemo, useRef, useState } from 'react';
import { bandOf } from '../charts/band.ts';
import { useTurn } from '../charts/useTurn.ts';
import type { Zone } from '../charts/Zones.tsx';
import { useServices } from '../services.ts';

const load = () => import('../charts/MetricChart.tsx');
const MetricChart = lazy(load);

/** The charts' code takes a while to evaluate: better before a run than under it. */
export const preloadCharts = (): void => void load();

const redrawIntervalMs = 500;

export interface ChartLine {
  /** One run, or several seeds, which are drawn as their mean and a band. */
  readonly runIds: readonly string[];
  readonly tag: string;
  readonly label: string;
  readonly color: string;
  readonly isDashed: boolean;
}

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
  const content = JSON.stringify(lines);
  const version = useVersion(frame, lines);
  // Charts that come into view together are built one per frame.
  const isShown = useTurn(version > 0) ?? false;
  // biome-ignore lint/correctness/useExhaustiveDependencies: points grow in place, `version` says when
  const series = useMemo(
    () =>
      lines.map(({ runIds, tag, label, color, isDashed }) => {
        const seeds = runIds.map((id) => runs.pointsOf(id, tag).slice());
        const drawn = { key: `${runIds[0]} ${tag}`, label, color, dashed: isDashed };
        return { ...drawn, points: bandOf(seeds).mean, ...(seeds.length > 1 ? { seeds } : {}) };
      }),
    [runs, content, version],
  );
  const zonesContent = JSON.stringify(zones);
  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew at each report of the run, they seldom change
  const keptZones = useMemo(() => zones, [zonesContent]);
  return (
    <div ref={frame} className="live-chart">
      {isShown && (
        <Suspense fallback={<p className="hint">Preparing the chart…</p>}>
          <MetricChart title={title} series={series} zones={keptZones} {...options} />
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
