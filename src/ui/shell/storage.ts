// Tells whoever shows what is kept on this machine that it has changed, and lets answers that rested on it be asked anew.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AnswersStore, Readable } from '../../runs/loadable.ts';

export interface StorageStore
  extends Pick<StoreApi<{ readonly changes: number }>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Something came: what was missing may be there. An import is named by its key. */
  added(name?: string): void;
  /** A model, data set or import is gone, by its id or key. */
  removed(name: string): void;
}

export function createStorageStore(answers: Pick<AnswersStore, 'forget'>): StorageStore {
  const store = createStore(() => ({ changes: 0 }));
  const changed = () => store.setState(({ changes }) => ({ changes: changes + 1 }));
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    added(name) {
      const isMissing = (request: Readable, code: string) =>
        code === 'not-kept' || (code === 'storage' && name !== undefined && names(request, name));
      answers.forget((request, answer) => answer.type === 'failed' && isMissing(request, answer.error.code));
      changed();
    },
    removed(name) {
      answers.forget((request) => names(request, name));
      changed();
    },
  };
}

const names = (request: Readable, name: string): boolean => JSON.stringify(request).includes(JSON.stringify(name));
