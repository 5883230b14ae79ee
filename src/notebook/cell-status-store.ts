// The standing of all cells, kept up to date: anew when the notebook changes, or a run comes, goes, or changes status.
// Reports of a run, several a second, leave it alone.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RunsState, RunsStore } from '../runs/store.ts';
import { type CellStatuses, cellStatuses } from './cell-status.ts';
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
  notebook.subscribe(update);
  runs.subscribe((state) => {
    const outline = outlineOf(state);
    if (outline === known) return;
    known = outline;
    update();
  });
  return { getState: store.getState, getInitialState: store.getInitialState, subscribe: store.subscribe };
}

const outlineOf = ({ runs }: RunsState): string =>
  Object.values(runs)
    .map(({ id, status }) => `${id} ${status}`)
    .join('\n');
