// What a cell shows of its runs, as data: figures and tables. Jupyter files and reports draw them, each its own way.
import type { Cell, CellOf, NotebookDocument } from '../../notebook/document.ts';
import { resultOf } from '../../notebook/run-choice.ts';
import type { Run } from '../../runs/reducer.ts';
import type { RunsStore } from '../../runs/store.ts';
import type { Range } from '../charts/axis.ts';
import type { MetricSeries, NumberFormat } from '../charts/series.ts';
import { count, duration, measure, percent, setting } from '../format.ts';
import { differingSettings } from '../run/differing-settings.ts';
import { curveTags, type GroupId, groupTitles, tagInfo } from '../run/metric-groups.ts';
import { chartOptions } from '../run/RunCharts.tsx';

export interface Figure {
  readonly title: string;
  readonly series: readonly MetricSeries[];
  readonly yDomain?: Range;
  readonly logY?: boolean;
  readonly yFormat?: NumberFormat;
}

export interface Table {
  readonly caption: string;
  /** Above the columns; the first one's entries name the rows. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface CellResults {
  readonly figures: readonly Figure[];
  readonly tables: readonly Table[];
}

export type RunsReader = Pick<RunsStore, 'getState' | 'tagsOf' | 'pointsOf'>;

/** Nothing for cells that show no runs, and where nothing has run yet. */
export function resultsOf(document: NotebookDocument, cell: Cell, reader: RunsReader): CellResults {
  switch (cell.kind) {
    case 'run':
      return resultsOfRuns(newestRuns(reader, [cell.id]), reader);
    case 'compare':
      return resultsOfRuns(newestRuns(reader, inOrder(document, cell.runCells)), reader);
    case 'masks':
      return { figures: [], tables: keptTables(runsBeside(cell, reader)) };
    default:
      return { figures: [], tables: [] };
  }
}

/** As a masks cell shows them. */
function runsBeside(
  { left, leftVariant, right, rightVariant }: CellOf<'masks'>,
  { getState }: RunsReader,
): readonly Run[] {
  const choices = [
    { cellId: left, variant: leftVariant },
    { cellId: right, variant: rightVariant },
  ];
  return choices.flatMap((choice) => resultOf(getState().runs, choice) ?? []);
}

const inOrder = ({ cells }: NotebookDocument, ids: readonly string[]): readonly string[] =>
  cells.map(({ id }) => id).filter((id) => ids.includes(id));

/** Of each cell, and of each variant where it has several, the newest run that measured something. */
function newestRuns({ getState }: RunsReader, cellIds: readonly (string | null)[]): readonly Run[] {
  const runs = Object.values(getState().runs).sort((a, b) => a.createdAt - b.createdAt);
  return cellIds.flatMap((id) => {
    const own = runs.filter((run) => run.cellId === id && (run.rowCount > 0 || run.summary !== null));
    return [...new Map(own.map((run) => [run.variant, run])).values()];
  });
}

function resultsOfRuns(runs: readonly Run[], reader: RunsReader): CellResults {
  if (runs.length === 0) return { figures: [], tables: [] };
  return { figures: figuresOf(runs, reader), tables: [outcomeTable(runs)] };
}

type DrawnGroup = Exclude<GroupId, 'other'>;

/** Of one run its charts, of several one for every quantity that is worth laying over each other. */
function figuresOf(runs: readonly Run[], { tagsOf, pointsOf }: RunsReader): readonly Figure[] {
  const groups: readonly DrawnGroup[] =
    runs.length === 1 ? ['loss', 'quality', 'signal', 'balance', 'kept', 'rates'] : ['loss', 'quality', 'kept'];
  const figures = new Map<string, { readonly group: DrawnGroup; readonly title: string; series: MetricSeries[] }>();
  for (const [index, run] of runs.entries()) {
    for (const tag of curveTags(tagsOf(run.id))) {
      const info = tagInfo(tag);
      const group = groups.find((one) => one === info?.group);
      if (!info || !group) continue;
      const title = runs.length === 1 || group === 'kept' ? groupTitles[group] : info.label;
      const figure = figures.get(`${group} ${title}`) ?? { group, title, series: [] };
      figures.set(`${group} ${title}`, figure);
      const name = runs.length === 1 ? info.label : run.spec.name;
      figure.series.push({
        key: `${run.id} ${tag}`,
        label: info.isFinal ? `${name}, final` : name,
        color: colorOf(runs.length === 1 ? placeAmong(figure.series, info.label) : index),
        dashed: info.isFinal,
        points: pointsOf(run.id, tag),
      });
    }
  }
  return groups.flatMap((group) =>
    [...figures.values()]
      .filter((figure) => figure.group === group)
      .map(({ title, series }) => ({ title, series, ...chartOptions[group] })),
  );
}

/** A measurement and its dashed twin share a colour. */
function placeAmong(series: readonly MetricSeries[], label: string): number {
  const labels = [...new Set(series.map((one) => one.label.replace(/, final$/, '')))];
  const place = labels.indexOf(label);
  return place === -1 ? labels.length : place;
}

/** The light theme's series: these leave the page, and lie on white. */
const colors = ['#1f67ad', '#c24a12', '#0a7a62', '#8e4490', '#876500', '#54606b'];

const colorOf = (place: number): string => colors[place % colors.length]!;

function outcomeTable(runs: readonly Run[]): Table {
  const row = (name: string, textOf: (run: Run) => string | null): readonly (readonly string[])[] => {
    const texts = runs.map((run) => textOf(run) ?? '');
    return texts.every((text) => text === '') ? [] : [[name, ...texts]];
  };
  const tags = [...new Set(runs.flatMap(({ summary }) => Object.keys(summary?.metrics ?? {})))];
  return {
    caption: 'Results',
    head: ['', ...runs.map(({ spec }) => spec.name)],
    rows: [
      ...differingSettings(runs.map(({ spec }) => spec)).map(({ key, values }) => [key, ...values.map(settingText)]),
      ...row('status', ({ status }) => status),
      ...tags.flatMap((tag) =>
        row(tag, ({ summary }) => (summary?.metrics[tag] === undefined ? '' : measure(summary.metrics[tag]))),
      ),
      ...row('kept of the encoder’s linear maps', ({ spec, summary }) =>
        summary && spec.pruning.pruning_method !== 'none'
          ? `${percent(summary.encoderKept / Math.max(1, summary.encoderTotal))}, ${count(summary.encoderKept)} of ${count(summary.encoderTotal)}`
          : '',
      ),
      ...row('time', ({ summary }) => summary && duration(summary.elapsedMs)),
      ...row('engine', ({ started }) => started && `${started.backend}, ${started.adapter}`),
      ...row('started', ({ createdAt }) => new Date(createdAt).toISOString()),
    ],
  };
}

function settingText(value: unknown): string {
  if (typeof value === 'number') return setting(value);
  return value === null || value === undefined ? 'none' : String(value);
}

/** Which share of each matrix was kept. */
function keptTables(runs: readonly Run[]): readonly Table[] {
  const pruned = runs.filter(({ spec, summary }) => summary && spec.pruning.pruning_method !== 'none');
  const [first] = pruned;
  if (!first) return [];
  const keptOf = ({ summary, started }: Run, name: string) => {
    const place = started?.matrices.findIndex((matrix) => matrix.name === name) ?? -1;
    const matrix = started?.matrices[place];
    const kept = summary?.keptByMatrix[place];
    return matrix && kept !== undefined ? percent(kept / (matrix.rows * matrix.columns)) : '';
  };
  return [
    {
      caption: 'Weights kept of each matrix',
      head: ['', ...pruned.map(({ spec }) => spec.name)],
      rows: (first.started?.matrices ?? []).map(({ name }) => [name, ...pruned.map((run) => keptOf(run, name))]),
    },
  ];
}
