// What has to run, and in which order, when someone asks for the runs of one cell or of all.
import { isPending } from '../runs/reducer.ts';
import type { RunRequest, RunsState } from '../runs/store.ts';
import { neededBy } from '../runs/sweep.ts';
import type { CellStatuses } from './cell-status.ts';
import { cellsOf, findCell, type NotebookDocument } from './document.ts';
import { resolveRuns, runOrder } from './resolve.ts';
import { type RunStanding, runStandings } from './run-standings.ts';

/**
 * Of the runs of these cells those without a current result, or all of them where every result is current: who asks
 * again wants them again. Each is preceded by those it needs that have no result of that name yet; what is under way is
 * left out.
 */
export function planRuns(
  document: NotebookDocument,
  runs: RunsState['runs'],
  cellIds: readonly string[],
): readonly RunRequest[] {
  const asked = cellIds.flatMap((cellId) => requestsOf(document, cellId));
  const standings = new Map(runStandings(document, runs).map((standing) => [standing.spec.name, standing]));
  const stale = asked.filter(({ spec }) => !isCurrent(standings.get(spec.name)));
  const wanted = new Set((stale.length > 0 ? stale : asked).map(({ spec }) => spec.name));
  const planned: RunRequest[] = [];
  // From the last to the first, so that who needs a run is met before it.
  for (const cellId of runOrder(document, withNeeded(document, cellIds)).toReversed()) {
    const isAsked = cellIds.includes(cellId);
    for (const request of requestsOf(document, cellId).toReversed()) {
      const standing = standings.get(request.spec.name);
      const isNeeded = planned.some(({ spec }) => neededBy(spec).includes(request.spec.name));
      // By name is how a run finds the weights that it needs.
      const isMissing = isNeeded && standing?.result?.spec.name !== request.spec.name;
      if ((standing?.run && isPending(standing.run)) || !(isMissing || (isAsked && wanted.has(request.spec.name))))
        continue;
      planned.push(request);
    }
  }
  return planned.reverse();
}

/** Run cells with a result that is no longer that of the notebook as it is. */
export const staleRunCells = (document: NotebookDocument, statuses: CellStatuses): readonly string[] =>
  cellsOf(document, 'run')
    .map(({ id }) => id)
    .filter((id) => statuses.get(id)?.state === 'stale');

const requestsOf = (document: NotebookDocument, cellId: string): readonly RunRequest[] =>
  resolveRuns(document, cellId).map((run) => ({ ...run, cellId, budgetMinutes: budgetOf(document, cellId) }));

const budgetOf = (document: NotebookDocument, cellId: string): number | null =>
  findCell(document, 'run', cellId)?.sweep?.max_minutes ?? null;

/** Whose newest run came to a result that is not stale. */
const isCurrent = (standing: RunStanding | undefined): boolean =>
  standing?.staleness === '' && standing.run === standing.result;

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
