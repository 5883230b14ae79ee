// What went wrong outside any cell, until dismissed.
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface NoticesState {
  readonly messages: readonly string[];
}

export interface NoticesStore extends Pick<StoreApi<NoticesState>, 'getState' | 'getInitialState' | 'subscribe'> {
  add(problem: unknown): void;
  dismiss(message: string): void;
}

export function createNoticesStore(): NoticesStore {
  const store = createStore<NoticesState>(() => ({ messages: [] }));
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    add(problem) {
      const message = problem instanceof Error ? problem.message : String(problem);
      store.setState(({ messages }) => ({ messages: [...messages.filter((known) => known !== message), message] }));
    },
    dismiss: (message) =>
      store.setState(({ messages }) => ({ messages: messages.filter((known) => known !== message) })),
  };
}
