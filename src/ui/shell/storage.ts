// Tells whoever shows what is kept on this machine that it has changed, and lets answers that rested on it be asked anew.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AnswersStore } from '../../runs/loadable.ts';

export interface StorageStore
  extends Pick<StoreApi<{ readonly changes: number }>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Something came: what was missing may be there. */
  added(): void;
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
    added() {
      answers.forget((_, answer) => answer.type === 'failed' && answer.error.code === 'not-kept');
      changed();
    },
    removed(name) {
      const named = JSON.stringify(name);
      answers.forget((request) => JSON.stringify(request).includes(named));
      changed();
    },
  };
}
