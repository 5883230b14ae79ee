// What is being asked of the Hub and fetched from it, on the page's side: each order has a worker of its own, so that it
// can be broken off at once.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HubOrder, HubReport } from './hub.ts';

/** What the store needs of a Worker; tests pass a fake. */
export interface HubPort {
  postMessage(order: HubOrder): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<HubReport>) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  terminate(): void;
}

export interface HubJobsState {
  /** The latest report of each job, by what it is for; gone once it is broken off or done. */
  readonly reports: ReadonlyMap<string, HubReport>;
}

export interface HubJobs extends Pick<StoreApi<HubJobsState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** The last report: `failed` stays on show until the next order for the same. Null where it was broken off. */
  run(key: string, order: HubOrder): Promise<HubReport | null>;
  /** What came stays, and the next order goes on from it. */
  breakOff(key: string): void;
}

export const isUnderWay = (report: HubReport | null): boolean =>
  report?.type === 'asking' || report?.type === 'downloading';

interface Job {
  readonly port: HubPort;
  readonly settle: (report: HubReport | null) => void;
}

/** @param onChange after each job that may have changed what is kept. */
export function createHubJobs(spawn: () => HubPort, onChange: () => void): HubJobs {
  const store = createStore<HubJobsState>(() => ({ reports: new Map() }));
  const jobs = new Map<string, Job>();

  const show = (key: string, report: HubReport | null) =>
    store.setState(({ reports }) => {
      const next = new Map(reports);
      if (report) next.set(key, report);
      else next.delete(key);
      return { reports: next };
    });

  function end(key: string, report: HubReport | null): void {
    const job = jobs.get(key);
    if (!job) return;
    jobs.delete(key);
    job.port.terminate();
    show(key, report?.type === 'failed' ? report : null);
    onChange();
    job.settle(report);
  }

  function run(key: string, order: HubOrder): Promise<HubReport | null> {
    end(key, null);
    return new Promise((settle) => {
      const port = spawn();
      jobs.set(key, { port, settle });
      show(key, { type: 'asking' });
      // A terminated worker's last messages may still be in flight.
      const isCurrent = () => jobs.get(key)?.port === port;
      port.addEventListener('message', ({ data }) => {
        if (!isCurrent()) return;
        if (isUnderWay(data)) show(key, data);
        else end(key, data);
      });
      port.addEventListener('error', ({ message }) => isCurrent() && end(key, lost(message)));
      port.postMessage(order);
    });
  }

  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    run,
    breakOff: (key) => end(key, null),
  };
}

const lost = (message: string): HubReport => ({
  type: 'failed',
  error: {
    code: 'internal',
    message: `Hub: expected its worker to go on, got "${message || 'an end without a word'}". Try again; what came is kept.`,
  },
});
