// Which backend the worker computes on. Starting is not running: the worker only looks at what the machine offers.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from './client.ts';
import type { BackendPreference, BackendStatus } from './protocol.ts';

export type BackendState =
  | { readonly type: 'starting' }
  | { readonly type: 'ready'; readonly status: BackendStatus }
  | { readonly type: 'failed'; readonly message: string }
  /** The GPU or the worker went away under way. */
  | { readonly type: 'lost'; readonly message: string }
  /** Another tab has it; this one has none. */
  | { readonly type: 'elsewhere' };

export interface BackendStore extends Pick<StoreApi<BackendState>, 'getState' | 'getInitialState' | 'subscribe'> {
  choose(preference: BackendPreference): void;
  /** A fresh worker; whatever the old one was doing fails. */
  restart(): void;
}

export function createBackendStore(client: Client, initial: BackendPreference): BackendStore {
  const store = createStore<BackendState>(() => ({ type: 'starting' }));
  let preference = initial;
  let attempt = 0;

  async function initialise(): Promise<void> {
    const mine = ++attempt;
    const settle = (state: BackendState) => mine === attempt && store.setState(state, true);
    store.setState({ type: 'starting' }, true);
    try {
      settle({ type: 'ready', status: await client.request({ type: 'initialise', backend: preference }) });
    } catch (error) {
      settle({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  client.onLost((message) => store.setState({ type: 'lost', message }, true));
  void initialise();

  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    choose(next) {
      preference = next;
      void initialise();
    },
    restart() {
      client.restart();
      void initialise();
    },
  };
}
