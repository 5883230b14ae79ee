// How each cell stands, from the notebook and the runs: a pure function, so that it can be asked at any time. Marking
// stale is all that a change does to what came of the cells before it; nothing runs by itself.
import { queueOf } from '../runs/queue.ts';
import { hasWeights, isActive, type Run } from '../runs/reducer.ts';
import { latestRunOf, type RunsState } from '../runs/store.ts';
import type { Cell, CellOf, NotebookDocument } from './document.ts';
import { listOf, type RunStanding, runStandings } from './run-standings.ts';

type Runs = RunsState['runs'];

export type CellState = 'idle' | 'stale' | 'queued' | 'running' | 'paused' | 'done' | 'interrupted' | 'error';

export interface CellStatus {
  readonly state: CellState;
  /** In a few words; empty where the state says it all. */
  readonly why: string;
}

/** By cell id. */
export type CellStatuses = ReadonlyMap<string, CellStatus>;

export const isUnderWay = (status: CellStatus | undefined): boolean =>
  status?.state === 'queued' || status?.state === 'running' || status?.state === 'paused';

/** Text, models and data never run, and nothing comes of them that could be out of date: they have no status. */
export function cellStatuses(document: NotebookDocument, runs: Runs): CellStatuses {
  const standings = runStandings(document, runs);
  const named = new Map<string, NamedStatus>();
  for (const cell of document.cells) {
    if (cell.kind !== 'run') continue;
    const own = standings.filter(({ cellId }) => cellId === cell.id);
    named.set(cell.id, statusOfRuns(cell, runs, own));
  }
  return new Map(
    document.cells.flatMap((cell) => {
      const status = named.get(cell.id)?.status ?? statusOfView(cell, named);
      return status ? [[cell.id, status] as const] : [];
    }),
  );
}

/** Of a run cell, for the cells that show it. */
interface NamedStatus {
  readonly name: string;
  readonly status: CellStatus;
  readonly hasResult: boolean;
  readonly isStale: boolean;
}

function statusOfRuns(cell: CellOf<'run'>, runs: Runs, own: readonly RunStanding[]): NamedStatus {
  const hasResult = latestRunOf(runs, cell.id, hasWeights) !== null;
  const staleness = hasResult ? stalenessOf(own) : '';
  const status =
    statusUnderWay(cell.id, runs) ??
    statusOfEnd(own.length > 0 ? own.map(({ run }) => run) : [latestRunOf(runs, cell.id)]) ??
    statusOfResults(own, hasResult, staleness);
  return { name: cell.name, status, hasResult, isStale: staleness !== '' };
}

function statusUnderWay(cellId: string, runs: Runs): CellStatus | null {
  const own = Object.values(runs).filter((run) => run.cellId === cellId);
  const active = own.find(isActive);
  if (active) return { state: active.status === 'paused' ? 'paused' : 'running', why: '' };
  const queue = queueOf(runs);
  const place = queue.findIndex((run) => run.cellId === cellId);
  return place === -1 ? null : { state: 'queued', why: `${place + 1} of ${queue.length}` };
}

/** Of a run that ended without a result. */
function statusOfEnd(newest: readonly (Run | null)[]): CellStatus | null {
  const failed = newest.filter((run) => run?.status === 'failed').length;
  const why = newest.length > 1 ? `${failed} of ${newest.length} runs` : '';
  if (failed > 0) return { state: 'error', why };
  return newest.some((run) => run?.status === 'interrupted') ? { state: 'interrupted', why: '' } : null;
}

function statusOfResults(own: readonly RunStanding[], hasResult: boolean, staleness: string): CellStatus {
  if (staleness) return { state: 'stale', why: staleness };
  const missing = own.filter(({ result }) => !result).length;
  if (!hasResult) return { state: 'idle', why: '' };
  if (missing > 0) return { state: 'idle', why: `${missing} of ${own.length} runs have no result` };
  return { state: 'done', why: own.some(({ result }) => result?.status === 'stopped') ? 'stopped early' : '' };
}

/** Of results that there are: why the first stale one is so. */
function stalenessOf(own: readonly RunStanding[]): string {
  if (own.length === 0) return 'it cannot run as it is set now';
  if (own.every(({ result }) => result === null)) return 'the settings have changed';
  return own.map(({ staleness }) => staleness).find((words) => words) ?? '';
}

/** What shows runs stands as they do; null for a cell of another kind. */
function statusOfView(cell: Cell, statuses: ReadonlyMap<string, NamedStatus>): CellStatus | null {
  const ids = runsShownBy(cell);
  if (!ids) return null;
  const shown = ids.flatMap((id) => (id === null ? [] : (statuses.get(id) ?? [])));
  const namesOf = (which: (status: NamedStatus) => boolean) => shown.filter(which).map(({ name }) => name);
  const awaited = namesOf(({ status }) => isUnderWay(status));
  if (awaited.length > 0) return { state: 'queued', why: `waits for ${listOf(awaited)}` };
  const stale = namesOf(({ isStale }) => isStale);
  if (stale.length > 0) return { state: 'stale', why: `${listOf(stale)} ${stale.length > 1 ? 'are' : 'is'} stale` };
  const missing = namesOf(({ hasResult }) => !hasResult);
  if (missing.length > 0) {
    return { state: 'idle', why: `${listOf(missing)} ${missing.length > 1 ? 'have' : 'has'} no result` };
  }
  return { state: shown.length > 0 ? 'done' : 'idle', why: '' };
}

function runsShownBy(cell: Cell): readonly (string | null)[] | null {
  switch (cell.kind) {
    case 'compare':
      return cell.runCells;
    case 'masks':
      return [...new Set([cell.left, cell.right])];
    case 'download':
      return [cell.runCell];
    case 'text':
    case 'model':
    case 'data':
    case 'run':
    // Asked by a press, about the newest results.
    case 'evaluate':
    case 'try':
      return null;
    default:
      return cell satisfies never;
  }
}
