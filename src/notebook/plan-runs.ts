// What has to run, and in which order, when someone asks for one run or for all.
import { hasWeights, type Run } from '../runs/reducer.ts';
import { type RunSpec, runSpecSchema } from '../runs/spec.ts';
import type { RunRequest } from '../runs/store.ts';
import { cellsOf, findCell, type NotebookDocument } from './document.ts';
import { neededBy, resolveRunSpec, runOrder } from './resolve.ts';

export type RunOfCell = (cellId: string) => Run | null;

/**
 * A finished run with other settings than its cell now has shows an outdated result. Settings that the page did not
 * have when it ran were at their defaults.
 */
export function isOutdated(run: Run, spec: RunSpec): boolean {
  const then = runSpecSchema.safeParse(run.spec);
  return !then.success || JSON.stringify(then.data) !== JSON.stringify(runSpecSchema.parse(spec));
}

/** The runs asked for, each preceded by those it needs that have no result yet; what is under way is left out. */
export function planRuns(
  document: NotebookDocument,
  runOf: RunOfCell,
  cellIds: readonly string[],
): readonly RunRequest[] {
  const wanted = new Set(cellIds);
  for (const id of cellIds) for (const needed of missingRuns(document, runOf, id)) wanted.add(needed);
  return runOrder(document, [...wanted])
    .filter((id) => !isUnderWay(runOf(id)))
    .map((cellId) => ({ cellId, spec: resolveRunSpec(document, cellId) }));
}

/** The cells that Run all starts: those without a current result, or all of them where every result is current. */
export function staleCells(document: NotebookDocument, runOf: RunOfCell): readonly string[] {
  const ids = cellsOf(document, 'run').map(({ id }) => id);
  const stale = ids.filter((id) => {
    const run = runOf(id);
    return !run || !hasWeights(run) || isOutdated(run, resolveRunSpec(document, id));
  });
  return stale.length > 0 ? stale : ids;
}

function missingRuns(
  document: NotebookDocument,
  runOf: RunOfCell,
  cellId: string,
  waiting: readonly string[] = [],
): readonly string[] {
  const cell = findCell(document, 'run', cellId);
  const names = cell ? neededBy(cell) : [];
  const needed = cellsOf(document, 'run').filter(({ id, name }) => names.includes(name) && id !== cellId);
  return needed.flatMap(({ id }) => {
    const run = runOf(id);
    if ((run && hasWeights(run)) || waiting.includes(id)) return [];
    return [...missingRuns(document, runOf, id, [...waiting, cellId]), id];
  });
}

const isUnderWay = (run: Run | null): boolean =>
  run !== null &&
  (run.status === 'queued' || run.status === 'starting' || run.status === 'running' || run.status === 'paused');
