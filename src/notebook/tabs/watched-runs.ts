// The runs as a tab sees them that only watches: what storage has of them, and over that what the tab that works says of
// those under way. It is handed what reads and nothing that writes, and no worker.
import { createStore } from 'zustand/vanilla';
import { WinnowError } from '../../engine/error.ts';
import { type MetricSeries, unpackSeries } from '../../runs/metrics.ts';
import type { Run } from '../../runs/reducer.ts';
import type { RunRepository } from '../../runs/repository.ts';
import type { RunsState, RunsStore } from '../../runs/store.ts';
import { onlyWatches } from './tab.ts';

export interface WatchedRuns extends RunsStore {
  /** All runs that are under way or wait, as the tab that works has them. */
  hear(pending: readonly Run[]): void;
}

/** `load` reads again what storage has. A run that was under way there is shown as it is, not as interrupted. */
export function createWatchedRuns(repository: Pick<RunRepository, 'load'>): WatchedRuns {
  const store = createStore<RunsState>(() => ({ runs: {} }));
  let stored = new Map<string, Run>();
  let series = new Map<string, MetricSeries>();
  let pending: readonly Run[] = [];

  /** Points come from storage, so their count does, too. */
  const withOwnCount = (run: Run): Run => ({ ...run, rowCount: stored.get(run.id)?.rowCount ?? 0 });
  const show = () => {
    const live = pending.map((run) => [run.id, withOwnCount(run)] as const);
    store.setState({ runs: Object.fromEntries([...stored, ...live]) });
  };

  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    async load() {
      const records = await repository.load();
      stored = new Map(records.map(({ run }) => [run.id, run]));
      series = new Map(records.map(({ run, series: packed }) => [run.id, unpackSeries(packed)]));
      show();
    },
    hear(runs) {
      pending = runs;
      show();
    },
    tagsOf: (runId) => [...(series.get(runId)?.keys() ?? [])],
    pointsOf: (runId, tag) => series.get(runId)?.get(tag) ?? [],
    enqueue: refuse,
    resume: refuse,
    control: refuse,
    moveQueued: refuse,
    cancel: refuse,
    forgetCheckpoints: refuse,
    remove: refuse,
    annotate: refuse,
    persist: () => undefined,
  };
}

function refuse(): never {
  throw new WinnowError('storage', onlyWatches);
}
