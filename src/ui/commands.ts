// What buttons and keys alike do.
import { isUnderWay } from '../notebook/cell-status.ts';
import { differenceOf } from '../notebook/difference.ts';
import { type Cell, cellsOf, type NotebookDocument } from '../notebook/document.ts';
import { planRuns, staleRunCells } from '../notebook/plan-runs.ts';
import {
  addCell,
  deleteCell,
  duplicateCell,
  moveCell,
  moveCellTo,
  pasteCell,
  type Transition,
  toggleCollapsed,
} from '../notebook/transitions.ts';
import { queueOf } from '../runs/queue.ts';
import { isActive, isPending, type Run } from '../runs/reducer.ts';
import { runsOfNotebook } from '../runs/store.ts';
import type { Services } from './services.ts';
import { describeDifference, nameOfCell, nameRuns } from './shell/describe.ts';

export function startRuns(services: Services, cellIds: readonly string[]): void {
  const { notebook, runs, notices } = services;
  try {
    const { id, history } = notebook.getState();
    runs.enqueue(id, planRuns(history.present, runs.getState().runs, cellIds));
  } catch (problem) {
    notices.add(problem);
  }
}

export const startAll = (services: Services): void =>
  startRuns(
    services,
    cellsOf(services.notebook.getState().history.present, 'run').map(({ id }) => id),
  );

export const startStale = (services: Services): void => startRuns(services, staleCells(services));

export const staleCells = ({ notebook, statuses }: Services): readonly string[] =>
  staleRunCells(notebook.getState().history.present, statuses.getState());

/** Of this notebook; the queue lists those of others, too. */
export const stopAll = (services: Services): void => stopRuns(services, runsHere(services));

/** Whether this notebook has anything running or waiting. */
export const isBusy = (services: Services): boolean => runsHere(services).some(isPending);

const runsHere = ({ notebook, runs }: Services): readonly Run[] =>
  runsOfNotebook(runs.getState().runs, notebook.getState().id);

/** The cell of this notebook that is computing now. */
export function runningCell(services: Services): string | null {
  const cellId = Object.values(services.runs.getState().runs).find(isActive)?.cellId;
  return cellId !== undefined && cellOf(services, cellId) ? cellId : null;
}

/** Ends what a cell has under way, and takes what it has waiting out of the queue. */
export const stopCell = (services: Services, cellId: string): void =>
  stopRuns(
    services,
    Object.values(services.runs.getState().runs).filter((run) => run.cellId === cellId),
  );

function stopRuns(services: Services, own: readonly Run[]): void {
  cancelRuns(services, own);
  for (const run of own) if (isActive(run)) services.runs.control('stop-run', run.id);
}

/** Takes those that wait out of the queue, with the runs that need their weights, and says so. */
export function cancelRuns({ runs, announcements, notices }: Services, own: readonly Run[]): void {
  const waiting = own.filter(({ status }) => status === 'queued');
  if (waiting.length === 0) return;
  const others = runs.cancel(waiting.map(({ id }) => id));
  const said = `${nameRuns(waiting)} will not run.`;
  const more = `Nor will ${nameRuns(others)}, for want of the weights of a run before.`;
  announcements.say(others.length > 0 ? `${said} ${more}` : said);
  if (others.length > 0) notices.tell(`${said} ${more}`);
}

/** Lets a run that waits go ahead of the one before it (−1) or behind the one after it (1), and says its new place. */
export function moveInQueue({ runs, announcements }: Services, runId: string, by: -1 | 1): void {
  runs.moveQueued(runId, by);
  const queue = queueOf(runs.getState().runs);
  const place = queue.findIndex(({ id }) => id === runId);
  const run = queue[place];
  if (run) announcements.say(`${run.spec.name} waits, ${place + 1} of ${queue.length}.`);
}

/** Of a cell's waiting runs the one that goes ahead of others first, or behind them. */
export function waitingRunOf({ runs }: Services, cellId: string, by: -1 | 1): string | undefined {
  const own = queueOf(runs.getState().runs).filter((run) => run.cellId === cellId);
  return own.at(by === -1 ? 0 : -1)?.id;
}

/** A new cell has the focus; with `write`, a text opens for it. */
export function addCellAt(
  services: Services,
  create: (id: string, document: NotebookDocument) => Cell,
  { index, write = false }: { readonly index: number; readonly write?: boolean },
): void {
  const id = crypto.randomUUID();
  change(services, (document) => addCell(create(id, document), index)(document));
  if (write) services.view.set({ editing: id });
}

export const duplicate = (services: Services, id: string): void =>
  change(services, duplicateCell(id, crypto.randomUUID()));

export const move = (services: Services, id: string, by: -1 | 1): void => change(services, moveCell(id, by));

export const moveTo = (services: Services, id: string, index: number): void => change(services, moveCellTo(id, index));

export function copy(services: Services, id: string): void {
  const { id: notebookId, history } = services.notebook.getState();
  const cell = cellOf(services, id);
  if (!cell) return;
  services.view.set({ clipping: { notebookId, cell, from: history.present } });
  services.announcements.say(`${nameOfCell(cell)} copied.`);
}

export function cut(services: Services, id: string): void {
  copy(services, id);
  remove(services, id);
}

/** Before the cell now at `index`. */
export function paste(services: Services, index: number): void {
  const { clipping } = services.view.getState();
  if (!clipping) return;
  const isFromHere = clipping.notebookId === services.notebook.getState().id;
  const from = isFromHere ? clipping.from : null;
  change(services, pasteCell({ cell: clipping.cell, from }, crypto.randomUUID(), index));
}

export const remove = (services: Services, id: string): void => change(services, deleteCell(id));

export const collapse = (services: Services, id: string): void => change(services, toggleCollapsed(id));

export const undo = (services: Services): void => act(services, services.notebook.undo, 'Undone');

export const redo = (services: Services): void => act(services, services.notebook.redo, 'Redone');

/** Runs a cell, or shows its text; other kinds have nothing to run. */
export function runCell(services: Services, id: string): void {
  const cell = cellOf(services, id);
  if (cell?.kind === 'text') services.view.set({ editing: null });
  if (cell?.kind === 'run') startRuns(services, [id]);
}

/** Whether `runCell` would do anything: a run that is not under way, or a text open for writing. */
export function canRun(services: Services, id: string): boolean {
  const cell = cellOf(services, id);
  if (cell?.kind === 'text') return services.view.getState().editing === id;
  return cell?.kind === 'run' && !isUnderWay(services.statuses.getState().get(id));
}

const cellOf = ({ notebook }: Services, id: string): Cell | undefined =>
  notebook.getState().history.present.cells.find((cell) => cell.id === id);

/** Edit mode: a text opens its source, another cell hands the focus to its first field. */
export function editCell(services: Services, id: string): void {
  const cell = cellOf(services, id);
  if (cell?.collapsed) collapse(services, id);
  if (cell?.kind === 'text') services.view.set({ editing: id });
  else
    requestAnimationFrame(() => document.getElementById(elementIdOf(id))?.querySelector<HTMLElement>(fields)?.focus());
}

const fields = ['input', 'select', 'textarea', '.cell-aside button', 'button']
  .map((field) => `${field}:enabled`)
  .join();

/** The focus goes to the next (1) or previous (−1) cell, from none to the first. */
export function stepFrom(services: Services, id: string | null, by: -1 | 1): void {
  const { cells } = services.notebook.getState().history.present;
  const index = cells.findIndex((cell) => cell.id === id);
  focusCell((cells[index + by] ?? cells[Math.max(0, index)])?.id);
}

export const elementIdOf = (cellId: string): string => `cell-${cellId}`;

/** Of a cell that is taller than the window the top is shown. */
export function focusCell(cellId: string | undefined): void {
  const cell = cellId === undefined ? null : document.getElementById(elementIdOf(cellId));
  if (!cell) return;
  cell.focus({ preventScroll: true });
  const show = () => cell.scrollIntoView({ block: cell.offsetHeight > window.innerHeight ? 'start' : 'nearest' });
  show();
  // Cells that come into sight are laid out a frame later, and move this one.
  requestAnimationFrame(() => requestAnimationFrame(show));
}

const change = (services: Services, transition: Transition): void =>
  act(services, () => services.notebook.apply(transition));

/** Says what happened and moves the focus to the cell it happened to, so that a keyboard never falls off the page. */
function act({ notebook, announcements }: Services, action: () => void, said?: string): void {
  const before = notebook.getState().history.present;
  action();
  const after = notebook.getState().history.present;
  const difference = differenceOf(before, after);
  if (!difference) return;
  const what = describeDifference(difference, after);
  announcements.say(said ? `${said}: ${what}` : what);
  if (difference.kind === 'other') return;
  const { index } = difference;
  const target = difference.kind === 'removed' ? (after.cells[index] ?? after.cells.at(-1)) : difference.cell;
  if (target) focusSoon(target.id);
}

/** Once the cell is on the page; what has the focus inside it, an editor or the button pressed, keeps it. */
function focusSoon(cellId: string): void {
  requestAnimationFrame(() => {
    const cell = document.getElementById(elementIdOf(cellId));
    const { activeElement } = document;
    // Undo and Redo in the header may be wanted several times.
    if (activeElement?.closest('.header')) cell?.scrollIntoView({ block: 'nearest' });
    else if (!cell?.contains(activeElement)) cell?.focus();
  });
}
