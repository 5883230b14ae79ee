// What the reader should know outside any cell, until dismissed: mostly what went wrong.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { asRunError } from '../../runs/events.ts';

export interface PageNotice {
  readonly level: 'error' | 'note';
  readonly text: string;
}

export interface NoticesState {
  readonly notices: readonly PageNotice[];
}

export interface NoticesStore extends Pick<StoreApi<NoticesState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** A problem. */
  add(problem: unknown): void;
  /** Something to know. */
  tell(text: string): void;
  dismiss(text: string): void;
}

export function createNoticesStore(): NoticesStore {
  const store = createStore<NoticesState>(() => ({ notices: [] }));
  const without = (text: string) => store.getState().notices.filter((notice) => notice.text !== text);
  const put = (notice: PageNotice) => store.setState({ notices: [...without(notice.text), notice] });
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    add: (problem) => put({ level: 'error', text: asRunError(problem).message }),
    tell: (text) => put({ level: 'note', text }),
    dismiss: (text) => store.setState({ notices: without(text) }),
  };
}
