// A chart of growing curves: redrawn in turn with the others, and only while it can be seen.
import { lazy, type RefObject, Suspense, startTransition, useEffect, useMemo, useRef, useState } from 'react';
import { useServices } from '../services.ts';
import { cancelRedraw, redrawSoon } from './refresh-queue.ts';

const MetricChart = lazy(() => import('../charts/MetricChart.tsx'));

export interface ChartLine {
  readonly runId: string;
  readonly tag: string;
  readonly label: string;
  readonly color: string;
  readonly isDashed: boolean;
}

interface LiveChartProps {
  readonly title: string;
  readonly lines: readonly ChartLine[];
  readonly logY?: boolean;
  readonly yFormat?: (value: number) => string;
  readonly yDomain?: readonly [number, number];
  readonly smoothing?: number;
}

export function LiveChart({ title, lines, ...options }: LiveChartProps) {
  const { runs } = useServices();
  const frame = useRef<HTMLDivElement>(null);
  const content = JSON.stringify(lines);
  const version = useVersion(frame, lines);
  // biome-ignore lint/correctness/useExhaustiveDependencies: points grow in place, `version` says when
  const series = useMemo(
    () =>
      lines.map(({ runId, tag, label, color, isDashed }) => ({
        key: `${runId} ${tag}`,
        label,
        color,
        dashed: isDashed,
        points: runs.pointsOf(runId, tag).slice(),
      })),
    [runs, content, version],
  );
  return (
    <div ref={frame} className="live-chart">
      <Suspense fallback={<p className="hint">Preparing the chart…</p>}>
        <MetricChart title={title} series={series} {...options} />
      </Suspense>
    </div>
  );
}

/** Counts up when the lines' runs have new rows and the chart is in view. */
function useVersion(frame: RefObject<HTMLElement | null>, lines: readonly ChartLine[]): number {
  const { runs } = useServices();
  const [version, setVersion] = useState(0);
  const runIds = [...new Set(lines.map(({ runId }) => runId))].join(' ');
  useEffect(() => {
    const rows = () => runIds.split(' ').reduce((sum, id) => sum + (runs.getState().runs[id]?.rowCount ?? 0), 0);
    let isVisible = false;
    let drawn = rows();
    const redraw = () => {
      drawn = rows();
      // A transition is drawn in slices: the page stays free between them.
      startTransition(() => setVersion((before) => before + 1));
    };
    const check = () => {
      if (isVisible && rows() !== drawn) redrawSoon(redraw);
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
      cancelRedraw(redraw);
    };
  }, [runs, runIds, frame]);
  return version;
}
