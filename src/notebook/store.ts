// The open notebook with its history; framework-free, the page binds to it with `useStore`.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { NotebookDocument } from './document.ts';
import { type History, record, redo, startHistory, undo } from './history.ts';
import type { Transition } from './transitions.ts';

export interface NotebookState {
  readonly history: History<NotebookDocument>;
}

export interface NotebookStore extends Pick<StoreApi<NotebookState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Changes that share a `mergeKey` and follow each other closely undo as one. */
  apply(transition: Transition, mergeKey?: string): void;
  undo(): void;
  redo(): void;
}

export function createNotebookStore(document: NotebookDocument): NotebookStore {
  const store = createStore<NotebookState>(() => ({ history: startHistory(document) }));
  const change = (next: (history: History<NotebookDocument>) => History<NotebookDocument>) =>
    store.setState(({ history }) => ({ history: next(history) }));
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    apply: (transition, mergeKey) =>
      change((history) => record(history, { next: transition(history.present), at: Date.now(), mergeKey })),
    undo: () => change(undo),
    redo: () => change(redo),
  };
}
