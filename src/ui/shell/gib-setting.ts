// Amounts of memory or storage that the user states, one by one, remembered across visits: what browsers do not tell, or
// what is a matter of choice.
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface GibChoice<Initial> {
  /** In localStorage. */
  readonly key: string;
  readonly choices: readonly number[];
  readonly initial: Initial;
}

/** What the GPU of this device has; null: not stated. WebGPU tells limits of single buffers, not how much there is. */
export const gpuMemory: GibChoice<null> = {
  key: 'winnow-gpu-memory',
  choices: [2, 4, 6, 8, 12, 16, 24, 48],
  initial: null,
};

/** What checkpoints of runs that were cut off may take. Those of one run of BERT-base take about 5 under movement pruning. */
export const checkpointRoom: GibChoice<number> = {
  key: 'winnow-checkpoint-room',
  choices: [1, 2, 4, 8, 16, 32, 64],
  initial: 8,
};

export interface GibSetting<Initial>
  extends Pick<StoreApi<{ readonly gib: number | Initial }>, 'getState' | 'getInitialState' | 'subscribe'> {
  state(gib: number | Initial): void;
}

/** What is stored and no choice of this page, such as a newer one's, counts as not stated and is left as it is. */
export function createGibSetting<Initial>(
  { key, choices, initial }: GibChoice<Initial>,
  storage: Pick<Storage, 'getItem' | 'setItem'>,
): GibSetting<Initial> {
  const stored = Number(storage.getItem(key));
  const store = createStore<{ readonly gib: number | Initial }>(() => ({
    gib: choices.find((gib) => gib === stored) ?? initial,
  }));
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
