// How much memory the GPU of this device has, as its user states: WebGPU tells limits of single buffers, not how much
// there is. Remembered across visits.
import { createStore, type StoreApi } from 'zustand/vanilla';

const key = 'winnow-gpu-memory';
export const budgetsInGiB = [2, 4, 6, 8, 12, 16, 24, 48] as const;

export interface MemoryBudgetState {
  /** Null: not stated. */
  readonly gib: number | null;
}

export interface MemoryBudgetStore
  extends Pick<StoreApi<MemoryBudgetState>, 'getState' | 'getInitialState' | 'subscribe'> {
  state(gib: number | null): void;
}

export function createMemoryBudgetStore(storage: Pick<Storage, 'getItem' | 'setItem'>): MemoryBudgetStore {
  const stored = Number(storage.getItem(key));
  const store = createStore<MemoryBudgetState>(() => ({ gib: budgetsInGiB.find((gib) => gib === stored) ?? null }));
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    state(gib) {
      storage.setItem(key, String(gib ?? ''));
      store.setState({ gib });
    },
  };
}
