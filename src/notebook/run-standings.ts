// How every run that the notebook asks for stands to what was run. A run depends on its settings, its model and its
// data, and on the runs whose weights it takes: a result is stale when any of these is not what it was made with.
import { hasWeights, type Run } from '../runs/reducer.ts';
import { type RunSpec, runSpecSchema } from '../runs/spec.ts';
import { latestRunOf, type RunRequest, type RunsState } from '../runs/store.ts';
import { neededBy } from '../runs/sweep.ts';
import { cellsOf, type NotebookDocument } from './document.ts';
import { tryResolveRuns } from './resolve.ts';

export interface RunStanding extends RunRequest {
  /** The newest of its cell and variant. */
  readonly run: Run | null;
  /** The newest that came to a result. */
  readonly result: Run | null;
  /** Null without a result; else why that is stale, empty where it is current. */
  readonly staleness: string | null;
}

/** In the order of the document; without those of cells that cannot run as they are set. */
export function runStandings(document: NotebookDocument, runs: RunsState['runs']): readonly RunStanding[] {
  const cells = cellsOf(document, 'run');
  const requests = cells.flatMap(({ id }) => tryResolveRuns(document, id).map((run) => ({ ...run, cellId: id })));
  const byName = new Map(requests.map((request) => [request.spec.name, request]));
  const known = new Map<string, RunStanding>();
  /** `waiting`: names on the way here, for runs that need each other in a circle. */
  const visit = (request: RunRequest, waiting: readonly string[]): RunStanding => {
    const { cellId, variant, spec } = request;
    const before = known.get(spec.name);
    if (before) return before;
    const isOwn = (run: Run) => run.variant === variant;
    const result = latestRunOf(runs, cellId, (run) => isOwn(run) && hasWeights(run));
    const onTheWay = [...waiting, spec.name];
    const upstream = neededBy(spec)
      .filter((name) => !onTheWay.includes(name))
      .map((name) => byName.get(name))
      .filter((needed) => needed !== undefined)
      .map((needed) => visit(needed, onTheWay));
    const staleness = result && (ownStaleness(result, spec) || upstreamStaleness(result, upstream));
    const standing = { ...request, run: latestRunOf(runs, cellId, isOwn), result, staleness };
    known.set(spec.name, standing);
    return standing;
  };
  return requests.map((request) => visit(request, []));
}

/** Whether a result is that of other settings than these. Settings that the page did not have then were at defaults. */
export const isOutdated = (run: Run, spec: RunSpec): boolean => changedParts(run, spec).length > 0;

function ownStaleness(result: Run, spec: RunSpec): string {
  const parts = changedParts(result, spec);
  if (parts.length === 0) return '';
  const isOne = parts.length === 1 && (parts[0] === 'the model' || parts[0] === 'the name');
  return `${listOf(parts)} ${isOne ? 'has' : 'have'} changed`;
}

function changedParts(run: Run, spec: RunSpec): readonly string[] {
  // By far the most often, and much the fastest.
  if (JSON.stringify(run.spec) === JSON.stringify(spec)) return [];
  const then = runSpecSchema.safeParse(run.spec);
  if (!then.success) return ['the settings'];
  const now = runSpecSchema.parse(spec);
  const keys = Object.keys(now) as (keyof RunSpec)[];
  const changed = keys.filter((key) => JSON.stringify(then.data[key]) !== JSON.stringify(now[key]));
  return [...new Set(changed.map(partOf))];
}

const partOf = (key: keyof RunSpec): string =>
  key === 'model' || key === 'data' || key === 'name' ? `the ${key}` : 'the settings';

function upstreamStaleness({ sources }: Run, upstream: readonly RunStanding[]): string {
  for (const { spec, staleness, result } of upstream) {
    if (staleness) return `${spec.name} is stale`;
    if (sources && result && !sources.includes(result.id)) return `${spec.name} has run again`;
  }
  return '';
}

/** "a, b and c". */
export const listOf = (words: readonly string[]): string => new Intl.ListFormat('en-GB').format(words);
