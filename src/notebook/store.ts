// The open notebook with its history; framework-free, the page binds to it with `useStore`.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { NotebookDocument } from './document.ts';
import { type History, record, redo, startHistory, undo } from './history.ts';
import type { Transition } from './transitions.ts';

export interface NotebookState {
  readonly id: string;
  readonly history: History<NotebookDocument>;
}

export interface NotebookStore extends Pick<StoreApi<NotebookState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Puts another notebook in the place of this one, with a history of its own. */
  open(id: string, document: NotebookDocument): void;
  /** Changes that share a `mergeKey` and follow each other closely undo as one. */
  apply(transition: Transition, mergeKey?: string): void;
  undo(): void;
  redo(): void;
}

export function createNotebookStore(document: NotebookDocument, id: string = crypto.randomUUID()): NotebookStore {
  const store = createStore<NotebookState>(() => ({ id, history: startHistory(document) }));
  const change = (next: (history: History<NotebookDocument>) => History<NotebookDocument>) =>
    store.setState(({ history }) => ({ history: next(history) }));
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    open: (other, opened) => store.setState({ id: other, history: startHistory(opened) }),
    apply: (transition, mergeKey) =>
      change((history) => record(history, { next: transition(history.present), at: Date.now(), mergeKey })),
    undo: () => change(undo),
    redo: () => change(redo),
  };
}
