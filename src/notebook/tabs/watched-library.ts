// The notebooks as a tab sees them that only watches. It is handed what reads and nothing that writes.
import { createStore } from 'zustand/vanilla';
import { WinnowError } from '../../engine/error.ts';
import { byOpening, type Library, type LibraryState, newestReadable } from '../library/library.ts';
import type { NotebookRepository } from '../library/repository.ts';
import type { NotebookStore } from '../store.ts';
import { onlyWatches } from './tab.ts';

export interface WatchedLibrary extends Library {
  /** Reads what the tab that works has saved since. */
  readAgain(): Promise<void>;
  /** Whether storage has the notebook on show: one that came with a link or an example is only shown. */
  isStored(): boolean;
}

export interface WatchedLibraryOptions {
  readonly notebook: Pick<NotebookStore, 'getState' | 'open'>;
  readonly repository: Pick<NotebookRepository, 'entries' | 'versions'>;
}

export function createWatchedLibrary({ notebook, repository }: WatchedLibraryOptions): WatchedLibrary {
  const store = createStore<LibraryState>(() => ({ entries: [], saving: 'saved' }));
  const load = async () => store.setState({ entries: byOpening(await repository.entries()) });
  const read = async (id: string) => newestReadable(await repository.versions(id)).document;
  const isStored = () => store.getState().entries.some(({ id }) => id === notebook.getState().id);

  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    load,
    isStored,
    open: async (id) => notebook.open(id, await read(id)),
    create: async (document) => notebook.open(crypto.randomUUID(), document),
    versions: () => repository.versions(notebook.getState().id),
    async readAgain() {
      await load();
      if (!isStored()) return;
      const { id } = notebook.getState();
      const document = await read(id);
      const { id: idNow, history } = notebook.getState();
      if (id === idNow && JSON.stringify(document) !== JSON.stringify(history.present)) notebook.open(id, document);
    },
    recover: nothing,
    flush: nothing,
    leave: () => undefined,
    rename: refuse,
    duplicate: refuse,
    bin: refuse,
    remove: refuse,
    restore: refuse,
  };
}

/** There never is anything of its own to save. */
const nothing = async (): Promise<void> => undefined;

async function refuse(): Promise<never> {
  throw new WinnowError('storage', onlyWatches);
}
