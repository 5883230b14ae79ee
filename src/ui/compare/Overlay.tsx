// One chart per measured quantity, with a curve per group of runs.
import { useDeferredValue } from 'react';
import { useStore } from 'zustand';
import type { CompareLook } from '../../notebook/document.ts';
import type { ChartLine } from '../run/chart-lines.ts';
import { LiveChart } from '../run/LiveChart.tsx';
import { curveTags, type GroupId, groupTitles, metricLabel, tagInfo } from '../run/metric-groups.ts';
import { sharedZones } from '../run/pruning-zones.ts';
import { chartOptions } from '../run/RunCharts.tsx';
import { useServices } from '../services.ts';
import { withLook } from './ChartTools.tsx';
import type { ShownGroup } from './RunsView.tsx';

interface OverlayProps {
  readonly groups: readonly ShownGroup[];
  readonly look: CompareLook;
}

export function Overlay({ groups, look }: OverlayProps) {
  const { runs } = useServices();
  // A string, so that the charts are composed anew only when a tag appears.
  const tags = useDeferredValue(
    useStore(runs, () =>
      [...new Set(groups.flatMap((group) => group.runs.flatMap(({ id }) => runs.tagsOf(id))))].sort().join('\n'),
    ),
  );
  const charts = overlays(groups, curveTags(tags.split('\n')), runs.tagsOf);
  const zones = sharedZones(groups.flatMap((group) => group.runs));
  if (charts.length === 0) return <p className="empty">The curves are drawn here as soon as the runs begin.</p>;
  return (
    <div className="charts">
      {charts.map(({ key, title, group, lines }) => (
        <LiveChart key={key} title={title} lines={lines} zones={zones} {...withLook(chartOptions[group], look)} />
      ))}
    </div>
  );
}

/** What is worth laying over each other: the rest concerns one run alone. */
const comparedGroups = ['loss', 'quality', 'kept'] as const;
type ComparedGroup = (typeof comparedGroups)[number];

const isCompared = (group: GroupId): group is ComparedGroup => comparedGroups.some((one) => one === group);

interface Chart {
  readonly key: string;
  readonly title: string;
  readonly group: ComparedGroup;
  readonly lines: readonly ChartLine[];
}

/** One colour per group; dashed: with the final threshold. */
function overlays(
  groups: readonly ShownGroup[],
  tags: readonly string[],
  tagsOf: (runId: string) => readonly string[],
): readonly Chart[] {
  // With labels alone, the task's loss is what UDA calls the supervised one.
  const hasSupervised = tags.includes('train/supervised_loss');
  const charts = new Map<string, Chart>();
  for (const tag of tags) {
    const info = tagInfo(tag);
    if (!info || !isCompared(info.group)) continue;
    const { group, isFinal } = info;
    const label = hasSupervised && tag === 'train/task_loss' ? metricLabel('train/supervised_loss') : info.label;
    const key = `${group} ${label}`;
    const lines = groups.flatMap(({ name, color, runs }): ChartLine[] => {
      const runIds = runs.map(({ id }) => id).filter((id) => tagsOf(id).includes(tag));
      if (runIds.length === 0) return [];
      const seeds = runIds.length > 1 ? ` (${runIds.length} seeds)` : '';
      return [{ runIds, tag, label: `${name}${isFinal ? ', final' : ''}${seeds}`, color, isDashed: isFinal }];
    });
    const title = group === 'kept' ? groupTitles.kept : label;
    charts.set(key, { key, title, group, lines: [...(charts.get(key)?.lines ?? []), ...lines] });
  }
  const place = ({ group }: Chart) => comparedGroups.indexOf(group);
  return [...charts.values()].sort((a, b) => place(a) - place(b));
}
