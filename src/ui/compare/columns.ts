// What a table of runs can show of them, and in which order: settings by path, measurements by tag, and a few facts.
import type { RunGroup } from '../../runs/groups.ts';
import type { Run } from '../../runs/reducer.ts';
import { type Spread, spreadOf } from '../../runs/statistics.ts';
import { seedPath, valueAt } from '../../runs/sweep.ts';
import { duration, measure, percent, setting } from '../format.ts';
import { differingSettings, sharedSettings } from '../run/differing-settings.ts';
import { metricLabel } from '../run/metric-groups.ts';

export interface Column {
  /** As the notebook keeps it. */
  readonly id: string;
  readonly title: string;
  readonly kind: 'setting' | 'measurement';
  /** Undefined while there is none. */
  readonly valueOf: (run: Run) => unknown;
  readonly format: (value: number) => string;
}

export const statusWords: Readonly<Record<Run['status'], string>> = {
  queued: 'waiting',
  starting: 'starting',
  running: 'running',
  paused: 'paused',
  done: 'done',
  stopped: 'stopped early',
  failed: 'failed',
  interrupted: 'interrupted',
  skipped: 'not run',
};

const facts: readonly Column[] = [
  {
    id: 'kept',
    title: 'Kept of the encoder’s linear maps',
    kind: 'measurement',
    valueOf: keptShare,
    format: (share) => percent(share),
  },
  {
    id: 'duration',
    title: 'Time',
    kind: 'measurement',
    valueOf: ({ summary }) => summary?.elapsedMs,
    format: duration,
  },
];

/** Weights kept of the encoder's linear maps, 0 to 1; 1 of a dense run. Undefined before the end. */
export function keptShare({ summary, spec }: Run): number | undefined {
  if (!summary) return undefined;
  const isDense = spec.pruning.pruning_method === 'none' || summary.encoderTotal === 0;
  return isDense ? 1 : summary.encoderKept / summary.encoderTotal;
}

/** All that these runs have: settings that differ first, then measurements, then the settings that they share. */
export function columnsOf(runs: readonly Run[]): readonly Column[] {
  const differing = differingSettings(runs.map(({ spec }) => spec)).map(({ key }) => key);
  const shared = sharedSettings(runs.map(({ spec }) => spec));
  const tags = [...new Set(runs.flatMap(({ summary }) => Object.keys(summary?.metrics ?? {})))];
  return [...differing.map(settingColumn), ...tags.map(metricColumn), ...facts, ...shared.map(settingColumn)];
}

/** Kept weights and what the test split says; then settings that differ, but for the seed, of which rows tell. */
export function defaultColumns(runs: readonly Run[]): readonly string[] {
  const differing = differingSettings(runs.map(({ spec }) => spec)).map(({ key }) => key);
  const isPruned = runs.some(({ spec }) => spec.pruning.pruning_method !== 'none');
  const tags = [...new Set(runs.flatMap(({ summary }) => Object.keys(summary?.metrics ?? {})))];
  const onSplit = (split: string) => tags.filter((tag) => tag.startsWith(`${split}/`) && tag !== `${split}/loss`);
  const measured = onSplit('test').length > 0 ? onSplit('test') : onSplit('eval');
  return [...(isPruned ? ['kept'] : []), ...measured, ...differing.filter((path) => path !== seedPath)];
}

const settingColumn = (path: string): Column => ({
  id: path,
  title: path.slice(path.indexOf('.') + 1),
  kind: 'setting',
  valueOf: ({ spec }) => valueAt(spec, path),
  format: setting,
});

export const metricColumn = (tag: string): Column => ({
  id: tag,
  title: `${metricLabel(tag)}, ${splitOf(tag)}`,
  kind: 'measurement',
  valueOf: ({ summary }) => summary?.metrics[tag],
  format: measure,
});

function splitOf(tag: string): string {
  const split = tag.slice(0, tag.lastIndexOf('/')).replaceAll('_', ' ');
  return split === 'eval' ? 'dev' : split;
}

/** Mean and deviation over a group's seeds; null where the column holds no numbers, or none yet. */
function spreadIn(column: Column, { runs }: RunGroup): Spread | null {
  const values = runs.map(column.valueOf);
  return spreadOf(values.filter((value) => typeof value === 'number'));
}

export function textOf(column: Column, group: RunGroup): string {
  const spread = spreadIn(column, group);
  if (spread) {
    const { mean, deviation } = spread;
    return deviation === null || column.kind === 'setting'
      ? column.format(mean)
      : `${column.format(mean)} ± ${column.format(deviation)}`;
  }
  const values = [...new Set(group.runs.map(column.valueOf))];
  if (column.kind === 'measurement') return '…';
  return values.map((value) => (value === null || value === undefined ? 'none' : String(value))).join(', ');
}

/** Groups in the order of a column, those without a value last; pinned ones stay above the others. */
export function sorted<G extends RunGroup>(
  groups: readonly G[],
  column: Column | undefined,
  isDescending: boolean,
): readonly G[] {
  const side = isDescending ? -1 : 1;
  const compare = (a: RunGroup, b: RunGroup): number => {
    if (!column) return 0;
    const [left, right] = [spreadIn(column, a), spreadIn(column, b)];
    if (left && right) return side * (left.mean - right.mean);
    if (left || right) return left ? -1 : 1;
    return side * textOf(column, a).localeCompare(textOf(column, b));
  };
  return groups.toSorted((a, b) => Number(isPinned(b)) - Number(isPinned(a)) || compare(a, b));
}

export const isPinned = ({ runs }: RunGroup): boolean => runs.some((run) => run.isPinned);

/** Groups in whose name, notes, status or columns every word occurs. */
export function filtered<G extends RunGroup>(
  groups: readonly G[],
  columns: readonly Column[],
  filter: string,
): readonly G[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return groups;
  return groups.filter((group) => {
    const cells = columns.map((column) => `${column.title} ${textOf(column, group)}`);
    const own = group.runs.map(({ spec, note, status }) => `${spec.name} ${note} ${status}`);
    const text = [group.name, ...own, ...cells].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
