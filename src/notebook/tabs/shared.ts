// Storage that several tabs look at and one writes: each write goes through the tab, which refuses it or tells the others.
import { isPending, type Run } from '../../runs/reducer.ts';
import type { RunRepository } from '../../runs/repository.ts';
import type { RunsState } from '../../runs/store.ts';
import type { NotebookRepository } from '../library/repository.ts';
import type { Tab } from './tab.ts';

export const sharedNotebooks = (repository: NotebookRepository, { write }: Pick<Tab, 'write'>): NotebookRepository => ({
  entries: repository.entries,
  versions: repository.versions,
  add: (entry, document) => write('notebooks', () => repository.add(entry, document)),
  save: (id, document, basedOn) => write('notebooks', () => repository.save(id, document, basedOn)),
  change: (id, change) => write('notebooks', () => repository.change(id, change)),
  remove: (id) => write('notebooks', () => repository.remove(id)),
});

export const sharedRuns = (repository: RunRepository, { write }: Pick<Tab, 'write'>): RunRepository => ({
  load: repository.load,
  ids: repository.ids,
  save: (record) => write('runs', () => repository.save(record)),
  remove: (runId) => write('runs', () => repository.remove(runId)),
});

/** What keeps a tab from leaving, in words; null where nothing does. */
export function underWay(runs: readonly Run[], { isTranslating, isFetching }: OtherWork): string | null {
  if (runs.some(isPending)) return 'A run is under way';
  if (isTranslating) return 'A translation is under way';
  return isFetching ? 'A download is under way' : null;
}

interface OtherWork {
  readonly isTranslating: boolean;
  readonly isFetching: boolean;
}

/** Tells the tabs that watch how the runs go that are under way or wait: soon, but at most once in `intervalMs`. */
export function tellRuns(
  tab: Pick<Tab, 'tell' | 'onMessage'>,
  runs: { getState(): RunsState; subscribe(listener: () => void): void },
  intervalMs = 1000,
): void {
  let isWatched = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    timer = undefined;
    tab.tell({ type: 'pending', runs: Object.values(runs.getState().runs).filter(isPending) });
  };
  runs.subscribe(() => {
    if (isWatched && timer === undefined) timer = setTimeout(tell, intervalMs);
  });
  tab.onMessage(({ type }) => {
    if (type !== 'watching') return;
    isWatched = true;
    tell();
  });
}
