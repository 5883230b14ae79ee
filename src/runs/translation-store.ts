// The pass of back-translation on the page's side: at most one at a time, each with a worker of its own.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TranslationOrder, TranslationReport } from './translation.ts';

/** What the store needs of a Worker; tests pass a fake. */
export interface TranslatorPort {
  postMessage(order: TranslationOrder): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<TranslationReport>) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  terminate(): void;
}

export interface TranslationState {
  /** The last one given; null before the first. */
  readonly order: TranslationOrder | null;
  /** Null where it was paused, or none was given. */
  readonly report: TranslationReport | null;
  /** Counts the ends of passes, whatever ended them: what is kept may have changed with each. */
  readonly ended: number;
}

export interface TranslationStore
  extends Pick<StoreApi<TranslationState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Ends what is under way, whose texts are kept. */
  start(order: TranslationOrder): void;
  pause(): void;
}

export const isTranslating = ({ report }: TranslationState): boolean =>
  report !== null && report.type !== 'finished' && report.type !== 'failed';

export function createTranslationStore(spawn: () => TranslatorPort): TranslationStore {
  const store = createStore<TranslationState>(() => ({ order: null, report: null, ended: 0 }));
  let port: TranslatorPort | null = null;

  function end(report: TranslationReport | null): void {
    port?.terminate();
    port = null;
    store.setState(({ ended }) => ({ report, ended: ended + 1 }));
  }

  function start(order: TranslationOrder): void {
    if (port) end(null);
    const fresh = spawn();
    port = fresh;
    store.setState({ order, report: { type: 'reading' } });
    // A terminated worker's last messages may still be in flight.
    fresh.addEventListener('message', ({ data }) => fresh === port && receive(data));
    fresh.addEventListener('error', ({ message }) => fresh === port && end(lost(message)));
    fresh.postMessage(order);
  }

  function receive(report: TranslationReport): void {
    if (report.type === 'finished' || report.type === 'failed') end(report);
    else store.setState({ report });
  }

  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    start,
    pause: () => port && end(null),
  };
}

const lost = (message: string): TranslationReport => ({
  type: 'failed',
  error: {
    code: 'internal',
    message: `translator: expected it to go on, got "${message || 'an end without a word'}". Go on where it stopped.`,
  },
});
