// The standing of all cells, kept up to date: anew when a cell changes that runs depend on, or a run comes, goes, or
// changes status. Reports of a run, several a second, leave it alone, and so do words that are being typed.
import { shallow } from 'zustand/shallow';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RunsState, RunsStore } from '../runs/store.ts';
import { type CellStatuses, cellStatuses } from './cell-status.ts';
import type { Cell } from './document.ts';
import type { NotebookStore } from './store.ts';

export type CellStatusStore = Pick<StoreApi<CellStatuses>, 'getState' | 'getInitialState' | 'subscribe'>;

export function createCellStatusStore(
  notebook: Pick<NotebookStore, 'getState' | 'subscribe'>,
  runs: Pick<RunsStore, 'getState' | 'subscribe'>,
): CellStatusStore {
  const derive = () => cellStatuses(notebook.getState().history.present, runs.getState().runs);
  const store = createStore<CellStatuses>(derive);
  const update = () => store.setState(derive(), true);
  let known = outlineOf(runs.getState());
  let cells = notebook.getState().history.present.cells.filter(matters);
  notebook.subscribe(({ history }) => {
    const now = history.present.cells.filter(matters);
    if (shallow(now, cells)) return;
    cells = now;
    update();
  });
  runs.subscribe((state) => {
    const outline = outlineOf(state);
    if (outline === known) return;
    known = outline;
    update();
  });
  return { getState: store.getState, getInitialState: store.getInitialState, subscribe: store.subscribe };
}

const matters = ({ kind }: Cell): boolean => kind !== 'text';

const outlineOf = ({ runs }: RunsState): string =>
  Object.values(runs)
    .map(({ id, status }) => `${id} ${status}`)
    .join('\n');
