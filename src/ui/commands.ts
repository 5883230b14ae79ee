// What buttons and keys alike do.
import type { Cell, NotebookDocument } from '../notebook/document.ts';
import { planRuns, staleCells } from '../notebook/plan-runs.ts';
import { addCell, deleteCell, duplicateCell, moveCell } from '../notebook/transitions.ts';
import { isActive, type Run } from '../runs/reducer.ts';
import { latestRunOf } from '../runs/store.ts';
import type { Services } from './services.ts';

export function startRuns(services: Services, cellIds: readonly string[]): void {
  const { notebook, runs, notices } = services;
  try {
    runs.enqueue(planRuns(notebook.getState().history.present, runOf(services), cellIds));
  } catch (problem) {
    notices.add(problem);
  }
}

export function startAll(services: Services): void {
  try {
    startRuns(services, staleCells(services.notebook.getState().history.present, runOf(services)));
  } catch (problem) {
    services.notices.add(problem);
  }
}

export function stopAll({ runs }: Services): void {
  for (const run of Object.values(runs.getState().runs)) {
    if (run.status === 'queued') runs.remove(run.id);
    else if (isActive(run)) runs.control('stop-run', run.id);
  }
}

const runOf =
  ({ runs }: Services) =>
  (cellId: string): Run | null =>
    latestRunOf(runs.getState().runs, cellId);

/** Adds a cell and moves the focus there, once it is on the page. */
export function addCellAt(
  { notebook }: Services,
  create: (id: string, document: NotebookDocument) => Cell,
  index: number,
): void {
  const id = crypto.randomUUID();
  notebook.apply((document) => addCell(create(id, document), index)(document));
  focusSoon(id);
}

export function duplicate({ notebook }: Services, id: string): void {
  const copy = crypto.randomUUID();
  notebook.apply(duplicateCell(id, copy));
  focusSoon(copy);
}

export function move({ notebook }: Services, id: string, by: -1 | 1): void {
  notebook.apply(moveCell(id, by));
  focusSoon(id);
}

/** The focus goes to the cell below, so that a keyboard never falls off the page. */
export function remove({ notebook }: Services, id: string): void {
  const { cells } = notebook.getState().history.present;
  const index = cells.findIndex((cell) => cell.id === id);
  const neighbour = cells[index + 1] ?? cells[index - 1];
  notebook.apply(deleteCell(id));
  if (neighbour) focusSoon(neighbour.id);
}

export const elementIdOf = (cellId: string): string => `cell-${cellId}`;

/** Once the cell is on the page; an editor that opened in it keeps the focus it took. */
function focusSoon(cellId: string): void {
  requestAnimationFrame(() => {
    const cell = document.getElementById(elementIdOf(cellId));
    if (!cell?.contains(document.activeElement)) cell?.focus();
  });
}
