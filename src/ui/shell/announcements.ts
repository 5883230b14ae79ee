// What screen readers are told; only the newest message counts.
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface AnnouncementsState {
  readonly message: string;
}

export interface AnnouncementsStore
  extends Pick<StoreApi<AnnouncementsState>, 'getState' | 'getInitialState' | 'subscribe'> {
  say(message: string): void;
}

/** A live region that does not change is silent: what is said twice differs by a space that nobody hears. */
const unheard = '\u00a0';

export function createAnnouncementsStore(): AnnouncementsStore {
  const store = createStore<AnnouncementsState>(() => ({ message: '' }));
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    say: (message) => store.setState((state) => ({ message: state.message === message ? message + unheard : message })),
  };
}
