// The curves of one run.
import { useDeferredValue, useState } from 'react';
import { useStore } from 'zustand';
import { type CompareLook, plainLook } from '../../notebook/document.ts';
import type { Run } from '../../runs/reducer.ts';
import type { Zone } from '../charts/Zones.tsx';
import { ZoomProvider } from '../charts/Zoom.tsx';
import { ChartTools, withLook } from '../compare/ChartTools.tsx';
import { magnitude, percent, setting } from '../format.ts';
import { useServices } from '../services.ts';
import type { ChartLine } from './chart-lines.ts';
import { LiveChart } from './LiveChart.tsx';
import { curveTags, type GroupId, groupTitles, tagInfo } from './metric-groups.ts';
import { pruningZones } from './pruning-zones.ts';
import { seriesColor } from './run-colors.ts';

export function RunCharts({ run, color }: { readonly run: Run; readonly color: string }) {
  const { runs } = useServices();
  const [look, setLook] = useState(plainLook);
  // A string, so that the charts are composed anew only when a tag appears.
  const tags = useDeferredValue(useStore(runs, () => runs.tagsOf(run.id).join('\n')));
  if (tags === '') return null;
  const lines = linesOf(run.id, curveTags(tags.split('\n')), color);
  const others = lines.get('other') ?? [];
  const zones = pruningZones(run);
  return (
    <ZoomProvider>
      <ChartTools look={look} onChange={(change) => setLook({ ...look, ...change })} />
      <div className="charts">
        {groups.map((group) => (
          <GroupChart key={group} group={group} lines={lines} look={look} zones={zones} />
        ))}
      </div>
      {others.length > 0 && (
        <details className="more">
          <summary>More curves</summary>
          <div className="charts">
            {others.map((line) => (
              <LiveChart key={line.tag} title={line.tag} lines={[line]} zones={zones} {...withLook({}, look)} />
            ))}
          </div>
        </details>
      )}
    </ZoomProvider>
  );
}

type Lines = ReadonlyMap<GroupId, readonly ChartLine[]>;

/** The first curve of a chart has the run's colour; a measurement and its dashed twin share theirs. */
function linesOf(runId: string, tags: readonly string[], color: string): Lines {
  const lines = new Map<GroupId, ChartLine[]>();
  for (const tag of tags) {
    const info = tagInfo(tag);
    if (!info) continue;
    const { group, label, isFinal } = info;
    const before = lines.get(group) ?? [];
    const bases = [...new Set(before.map((line) => line.color))];
    const twin = before.find((line) => line.label === label || line.label === `${label}, final`);
    const own = bases.length === 0 ? color : otherColor(color, bases.length);
    const line = {
      runIds: [runId],
      tag,
      label: isFinal ? `${label}, final` : label,
      color: group === 'other' ? color : (twin?.color ?? own),
      isDashed: isFinal,
    };
    lines.set(group, [...before, line]);
  }
  return lines;
}

function otherColor(color: string, index: number): string {
  const others = Array.from({ length: 6 }, (_, series) => seriesColor(series)).filter((series) => series !== color);
  // From the far end: neighbours are the colours of the neighbouring runs.
  return others[(others.length - index) % others.length]!;
}

const groups = ['loss', 'quality', 'signal', 'balance', 'kept', 'rates'] as const;

interface GroupChartProps {
  readonly group: (typeof groups)[number];
  readonly lines: Lines;
  readonly look: CompareLook;
  readonly zones: readonly Zone[];
}

function GroupChart({ group, lines, look, zones }: GroupChartProps) {
  const own = lines.get(group) ?? [];
  if (own.length === 0) return null;
  return <LiveChart title={groupTitles[group]} lines={own} zones={zones} {...withLook(chartOptions[group], look)} />;
}

export const chartOptions = {
  loss: { smoothing: 0.6 },
  // Shares to three digits; a perplexity may be in the thousands.
  quality: { yFormat: (value: number) => (value < 10 ? value.toFixed(3) : magnitude(Number(value.toPrecision(3)))) },
  signal: { yDomain: [0, 1], yFormat: (value: number) => value.toFixed(2), smoothing: 0.6 },
  balance: { yDomain: [0, 1], yFormat: (value: number) => percent(value, 0) },
  kept: { yDomain: [0, 1], yFormat: (value: number) => percent(value, 0) },
  rates: { logY: true, yFormat: (value: number) => setting(Number(value.toPrecision(2))) },
} as const;
