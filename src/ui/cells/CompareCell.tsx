// Several runs in the same charts, the settings in which they differ, and what each came to.
import { useDeferredValue } from 'react';
import { useStore } from 'zustand';
import { type CellOf, cellsOf } from '../../notebook/document.ts';
import { updateCell } from '../../notebook/transitions.ts';
import { latestRunOf } from '../../runs/store.ts';
import { type ComparedRun, ComparisonTable } from '../run/ComparisonTable.tsx';
import { type ChartLine, LiveChart } from '../run/LiveChart.tsx';
import { curveTags, type GroupId, groupTitles, metricLabel, tagInfo } from '../run/metric-groups.ts';
import { chartOptions } from '../run/RunCharts.tsx';
import { runColor } from '../run/run-colors.ts';
import { useDocument, useServices } from '../services.ts';
import { CellFrame } from './CellFrame.tsx';

export function CompareCell({ cell, index }: { readonly cell: CellOf<'compare'>; readonly index: number }) {
  const document = useDocument();
  const { runs } = useServices();
  const state = useStore(runs, ({ runs: all }) => all);
  const compared = cellsOf(document, 'run')
    .filter(({ id }) => cell.runCells.includes(id))
    .map(({ id, name }) => ({ cellId: id, name, color: runColor(document, id), run: latestRunOf(state, id) }));
  const names = compared.map(({ name }) => name).join(', ');
  const hasRun = compared.some(({ run }) => run !== null && run.status !== 'queued');
  return (
    <CellFrame cell={cell} index={index} name={names} heading={<RunChecks cell={cell} />}>
      {hasRun ? (
        <>
          <OverlaidCharts compared={compared} />
          <ComparisonTable compared={compared} />
        </>
      ) : (
        <p className="empty">
          {compared.length === 0
            ? 'Choose the runs to compare, above.'
            : `The curves of ${names} are drawn here, one over the other, as soon as they run.`}
        </p>
      )}
    </CellFrame>
  );
}

function RunChecks({ cell }: { readonly cell: CellOf<'compare'> }) {
  const { notebook } = useServices();
  const document = useDocument();
  const toggle = (id: string) => {
    const chosen = cell.runCells.includes(id) ? cell.runCells.filter((other) => other !== id) : [...cell.runCells, id];
    notebook.apply(updateCell(cell.id, 'compare', { runCells: chosen }));
  };
  return (
    <fieldset className="run-checks">
      <legend className="visually-hidden">Runs to compare</legend>
      {cellsOf(document, 'run').map(({ id, name }) => (
        <label key={id}>
          <input type="checkbox" checked={cell.runCells.includes(id)} onChange={() => toggle(id)} />
          <i className="swatch" style={{ background: runColor(document, id) }} aria-hidden="true" />
          {name || 'unnamed'}
        </label>
      ))}
    </fieldset>
  );
}

function OverlaidCharts({ compared }: { readonly compared: readonly ComparedRun[] }) {
  const { runs } = useServices();
  // A string, so that the charts are composed anew only when a tag appears.
  const tags = useDeferredValue(
    useStore(runs, () =>
      [...new Set(compared.flatMap(({ run }) => (run ? runs.tagsOf(run.id) : [])))].sort().join('\n'),
    ),
  );
  const charts = overlays(compared, curveTags(tags.split('\n')), runs.tagsOf);
  return (
    <div className="charts">
      {charts.map(({ key, title, group, lines }) => (
        <LiveChart key={key} title={title} lines={lines} {...chartOptions[group]} />
      ))}
    </div>
  );
}

/** What is worth laying over each other: the rest concerns one run alone. */
const comparedGroups = ['loss', 'quality', 'kept'] as const;
type ComparedGroup = (typeof comparedGroups)[number];

const isCompared = (group: GroupId): group is ComparedGroup => comparedGroups.some((one) => one === group);

interface Overlay {
  readonly key: string;
  readonly title: string;
  readonly group: ComparedGroup;
  readonly lines: readonly ChartLine[];
}

/** One chart per measured quantity, one colour per run; dashed: with the final threshold. */
function overlays(
  compared: readonly ComparedRun[],
  tags: readonly string[],
  tagsOf: (runId: string) => readonly string[],
): readonly Overlay[] {
  // With labels alone, the task's loss is what UDA calls the supervised one.
  const hasSupervised = tags.includes('train/supervised_loss');
  const charts = new Map<string, Overlay>();
  for (const tag of tags) {
    const info = tagInfo(tag);
    if (!info || !isCompared(info.group)) continue;
    const { group, isFinal } = info;
    const label = hasSupervised && tag === 'train/task_loss' ? metricLabel('train/supervised_loss') : info.label;
    const key = `${group} ${label}`;
    const lines = compared.flatMap(({ run, name, color }) =>
      run && tagsOf(run.id).includes(tag)
        ? [{ runId: run.id, tag, label: isFinal ? `${name}, final` : name, color, isDashed: isFinal }]
        : [],
    );
    const title = group === 'kept' ? groupTitles.kept : label;
    charts.set(key, { key, title, group, lines: [...(charts.get(key)?.lines ?? []), ...lines] });
  }
  const place = ({ group }: Overlay) => comparedGroups.indexOf(group);
  return [...charts.values()].sort((a, b) => place(a) - place(b));
}
