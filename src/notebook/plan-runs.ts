// What has to run, and in which order, when someone asks for the runs of one cell or of all.
import { hasWeights, type Run } from '../runs/reducer.ts';
import { type RunSpec, runSpecSchema } from '../runs/spec.ts';
import type { RunRequest } from '../runs/store.ts';
import { cellsOf, type NotebookDocument } from './document.ts';
import { neededBy, resolveRuns, runOrder } from './resolve.ts';

/** The newest of a cell's runs that are this variant of it. */
export type RunOfCell = (cellId: string, variant: string) => Run | null;

/**
 * A finished run with other settings than its cell now has shows an outdated result. Settings that the page did not
 * have when it ran were at their defaults.
 */
export function isOutdated(run: Run, spec: RunSpec): boolean {
  const then = runSpecSchema.safeParse(run.spec);
  return !then.success || JSON.stringify(then.data) !== JSON.stringify(runSpecSchema.parse(spec));
}

/**
 * Of the runs of these cells those without a current result, or all of them where every result is current: who asks
 * again wants them again. Each is preceded by those it needs that have no result yet; what is under way is left out.
 */
export function planRuns(
  document: NotebookDocument,
  runOf: RunOfCell,
  cellIds: readonly string[],
): readonly RunRequest[] {
  const asked = cellIds.flatMap((cellId) => requestsOf(document, cellId));
  const stale = asked.filter((request) => isStale(request, runOf));
  const wanted = new Set((stale.length > 0 ? stale : asked).map(({ spec }) => spec.name));
  const planned: RunRequest[] = [];
  // From the last to the first, so that who needs a run is met before it.
  for (const cellId of runOrder(document, withNeeded(document, cellIds)).toReversed()) {
    const isAsked = cellIds.includes(cellId);
    for (const request of requestsOf(document, cellId).toReversed()) {
      const run = runOf(cellId, request.variant);
      const isNeeded = planned.some(({ spec }) => neededBy(spec).includes(request.spec.name));
      const isMissing = isNeeded && !(run && hasWeights(run));
      if (isUnderWay(run) || !(isMissing || (isAsked && wanted.has(request.spec.name)))) continue;
      planned.push(request);
    }
  }
  return planned.reverse();
}

const requestsOf = (document: NotebookDocument, cellId: string): readonly RunRequest[] =>
  resolveRuns(document, cellId).map((run) => ({ ...run, cellId }));

function isStale({ cellId, variant, spec }: RunRequest, runOf: RunOfCell): boolean {
  const run = runOf(cellId, variant);
  return !run || !hasWeights(run) || isOutdated(run, spec);
}

/** The cells, and all that they need, over any number of steps. */
function withNeeded(document: NotebookDocument, cellIds: readonly string[]): readonly string[] {
  const found = new Set(cellIds);
  const cells = cellsOf(document, 'run');
  for (const id of found) {
    const names = cells.filter((cell) => cell.id === id).flatMap(neededBy);
    for (const other of cells) if (names.includes(other.name)) found.add(other.id);
  }
  return [...found];
}

const isUnderWay = (run: Run | null): boolean =>
  run !== null &&
  (run.status === 'queued' || run.status === 'starting' || run.status === 'running' || run.status === 'paused');
