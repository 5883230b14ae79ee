// All runs of the page: a queue that runs one at a time, live state folded from the worker's events, and what is
// kept across reloads. Reports reach subscribers at most five times a second; changes of status at once.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BackendStore } from './backend.ts';
import { unaffordableRuns } from './budget.ts';
import type { Client } from './client.ts';
import { asRunError, type RunError, type RunEvent } from './events.ts';
import { appendRows, type MetricPoint, type MetricSeries, packSeries, unpackSeries } from './metrics.ts';
import { moveQueued, queueOf, sourcesOf, strandedRuns } from './queue.ts';
import {
  hasWeights,
  interruptedRun,
  isActive,
  isPending,
  queuedRun,
  type Run,
  reduceRun,
  reopened,
  resumedRun,
  skippedRun,
  strandedRun,
} from './reducer.ts';
import type { RunRepository } from './repository.ts';
import type { PlannedRun } from './sweep.ts';

const reportIntervalMs = 200;
const saveIntervalMs = 10_000;
/** Without a checkpoint in between; what is lost so often will be lost again. */
const mostRecoveries = 3;

export interface RunsState {
  readonly runs: Readonly<Record<string, Run>>;
}

export interface RunRequest extends PlannedRun {
  readonly cellId: string;
  /** Of the sweep that it is part of. */
  readonly budgetMinutes?: number | null;
}

export interface RunsStore extends Pick<StoreApi<RunsState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Reads what earlier visits left; nothing starts. */
  load(): Promise<void>;
  enqueue(notebookId: string, requests: readonly RunRequest[]): void;
  /** Lets a run that was cut off go on from its last checkpoint, when its turn comes. */
  resume(runId: string): void;
  control(type: 'pause-run' | 'resume-run' | 'step-run' | 'stop-run', runId: string): void;
  /** Lets a run that waits go ahead of the one before it (−1) or behind the one after it (1). */
  moveQueued(runId: string, by: -1 | 1): void;
  /** Takes runs out of the queue, with those that then wait in vain for weights; returns the latter. */
  cancel(runIds: readonly string[]): readonly Run[];
  /** Its checkpoints are gone, or about to be: unless it is under way or waits, it can only begin anew. */
  forgetCheckpoints(runId: string): void;
  /** Takes a run off the page, and its weights off the disk. */
  remove(runId: string): void;
  /** Pins a run or lets it go, or notes something about it. */
  annotate(runId: string, change: Partial<Pick<Run, 'isPinned' | 'note'>>): void;
  /** Writes the active run as it stands, for when the page may be about to close. */
  persist(): void;
  tagsOf(runId: string): readonly string[];
  pointsOf(runId: string, tag: string): readonly MetricPoint[];
}

export interface RunsStoreOptions {
  readonly client: Pick<Client, 'request' | 'onEvent'>;
  readonly repository: RunRepository;
  /** Runs wait until it is ready. */
  readonly backend: Pick<BackendStore, 'getState' | 'subscribe' | 'restart'>;
  /** Updates that each run's newest checkpoint has; where the browser died, a run's own record may lag behind. */
  readonly savedSteps?: () => Promise<ReadonlyMap<string, number>>;
  /** Hears what fails outside a run: storage, or an order that the worker could not follow. */
  readonly onError: (error: unknown) => void;
}

export function createRunsStore(options: RunsStoreOptions): RunsStore {
  const { client, repository, backend, savedSteps, onError } = options;
  const store = createStore<RunsState>(() => ({ runs: {} }));
  const series = new Map<string, MetricSeries>();
  const waiting = new Map<string, RunEvent[]>();
  let flushTimer: ReturnType<typeof setTimeout> | undefined;
  let savedAt = 0;

  const runsNow = () => Object.values(store.getState().runs);
  const put = (run: Run) => store.setState(({ runs }) => ({ runs: { ...runs, [run.id]: run } }));
  const drop = (runIds: readonly string[]) =>
    store.setState(({ runs }) => ({
      runs: Object.fromEntries(Object.entries(runs).filter(([id]) => !runIds.includes(id))),
    }));

  /** Whether it is kept now. */
  function save(run: Run): Promise<boolean> {
    savedAt = Date.now();
    const record = { run, series: packSeries(series.get(run.id) ?? new Map()) };
    return repository.save(record).then(
      () => true,
      (error: unknown) => {
        onError(error);
        return false;
      },
    );
  }

  function receive(runId: string, event: RunEvent): void {
    if (event.type === 'started') series.set(runId, new Map()); // what a resumed run had logged comes again
    if (event.type === 'metrics') appendRows(seriesOf(runId), event.rows);
    waiting.set(runId, [...(waiting.get(runId) ?? []), event]);
    const isReport = event.type === 'metrics' || event.type === 'progress' || event.type === 'phase';
    if (!isReport) flush();
    else flushTimer ??= setTimeout(flush, reportIntervalMs);
  }

  function flush(): void {
    clearTimeout(flushTimer);
    flushTimer = undefined;
    const batches = [...waiting];
    waiting.clear();
    for (const [runId, events] of batches) fold(runId, events);
  }

  function fold(runId: string, events: readonly RunEvent[]): void {
    const before = store.getState().runs[runId];
    if (!before) return;
    const after = events.reduce(reduceRun, before);
    if (after === before) return;
    put(after);
    if (after.error?.code === 'device-lost' && after.status === 'failed') recover(before, after.error);
    else if (!isActive(after)) settle(after);
    else if (isTurn(before, after) || Date.now() - savedAt > saveIntervalMs) save(after);
  }

  /** A fresh engine for whatever is next; the run itself goes on, so long as there is hope. */
  function recover(run: Run, error: RunError): void {
    const interrupted = interruptedRun(run, error);
    const hasHope = run.recoveries < mostRecoveries;
    const next = hasHope ? { ...resumedRun(interrupted), recoveries: run.recoveries + 1 } : interrupted;
    put(next);
    save(next);
    backend.restart();
  }

  /** Until it is kept that a run is done, its last checkpoint is what there is of it. */
  async function settleOnDisk(run: Run): Promise<void> {
    const isKept = await save(run);
    if (!isKept || !hasWeights(run) || run.savedStep === 0) return;
    await client.request({ type: 'delete-checkpoints', runId: run.id });
  }

  function settle(run: Run): void {
    settleOnDisk(run).catch(onError);
    if (hasWeights(run)) for (const older of olderRunsOf(run)) remove(older.id);
    startNext();
  }

  /** A cell keeps its last result until a newer one is complete, and what is pinned for good. */
  const olderRunsOf = ({ id, cellId, variant, createdAt }: Run) =>
    runsNow().filter(
      (run) =>
        run.cellId === cellId &&
        run.variant === variant &&
        run.id !== id &&
        run.createdAt <= createdAt &&
        !run.isPinned &&
        !isActive(run),
    );

  function seriesOf(runId: string): MetricSeries {
    const known = series.get(runId);
    if (known) return known;
    const fresh: MetricSeries = new Map();
    series.set(runId, fresh);
    return fresh;
  }

  /** Ends what waits and is never to run. */
  function giveUp(choose: (runs: RunsState['runs']) => readonly Run[], end: (run: Run) => Run): void {
    for (const run of choose(store.getState().runs).map(end)) {
      put(run);
      save(run);
    }
  }

  function startNext(): void {
    giveUp(unaffordableRuns, skippedRun);
    giveUp(strandedRuns, strandedRun);
    const { runs } = store.getState();
    const [next] = queueOf(runs);
    if (!next || runsNow().some(isActive) || backend.getState().type !== 'ready') return;
    const run: Run = { ...next, status: 'starting', startedAt: Date.now(), sources: sourcesOf(next, runs) };
    put(run);
    save(run);
    // A run that ends says so by an event; only a worker that died cannot.
    const { id, spec, sources } = run;
    client.request({ type: 'start-run', runId: id, spec, sources }).catch((error: unknown) => {
      receive(run.id, { type: 'failed', error: asRunError(error) });
    });
  }

  /** Whoever asks for a run asks for an engine, too. */
  function start(): void {
    if (backend.getState().type === 'lost') backend.restart();
    startNext();
  }

  function remove(runId: string): void {
    const run = store.getState().runs[runId];
    if (!run || isActive(run)) return;
    drop([runId]);
    series.delete(runId);
    if (run.status === 'queued') return;
    repository.remove(runId).catch(onError);
    if (hasWeights(run) || run.savedStep > 0) client.request({ type: 'delete-run', runId }).catch(onError);
  }

  function followBackend(): void {
    const state = backend.getState();
    const cutOff = state.type === 'lost' ? runsNow().find(isActive) : undefined;
    if (cutOff && state.type === 'lost') recover(cutOff, { code: 'device-lost', message: state.message });
    startNext();
  }

  client.onEvent(receive);
  backend.subscribe(followBackend);

  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    async load() {
      const [records, steps] = await Promise.all([repository.load(), savedSteps?.()]);
      for (const { run, series: packed } of records) series.set(run.id, unpackSeries(packed));
      const loaded = records.map(({ run }) => [run.id, reopened(run, steps && (steps.get(run.id) ?? 0))] as const);
      store.setState(({ runs }) => ({ runs: { ...Object.fromEntries(loaded), ...runs } }));
    },
    enqueue(notebookId, requests) {
      const createdAt = Date.now();
      for (const request of requests) {
        put(queuedRun({ ...request, notebookId, id: crypto.randomUUID(), createdAt }));
      }
      start();
    },
    resume(runId) {
      const run = store.getState().runs[runId];
      if (!run || (run.status !== 'interrupted' && run.status !== 'failed')) return;
      put({ ...resumedRun(run), recoveries: 0 });
      start();
    },
    control(type, runId) {
      client.request({ type, runId }).catch(onError);
    },
    cancel(runIds) {
      const waiting = queueOf(store.getState().runs).filter(({ id }) => runIds.includes(id));
      // One that has begun is not given up by not going on.
      for (const run of waiting.filter(({ savedStep }) => savedStep > 0)) put({ ...run, status: 'interrupted' });
      drop(waiting.filter(({ savedStep }) => savedStep === 0).map(({ id }) => id));
      const stranded = strandedRuns(store.getState().runs);
      drop(stranded.map(({ id }) => id));
      return stranded;
    },
    moveQueued: (runId, by) => store.setState(({ runs }) => ({ runs: moveQueued(runs, runId, by) })),
    forgetCheckpoints(runId) {
      const run = store.getState().runs[runId];
      if (!run || isPending(run) || run.savedStep === 0) return;
      put({ ...run, savedStep: 0 });
      save({ ...run, savedStep: 0 });
    },
    remove,
    annotate(runId, change) {
      const run = store.getState().runs[runId];
      if (!run) return;
      put({ ...run, ...change });
      if (run.status !== 'queued') save({ ...run, ...change });
    },
    persist() {
      flush();
      for (const run of runsNow().filter(isActive)) save(run);
    },
    tagsOf: (runId) => [...(series.get(runId)?.keys() ?? [])],
    pointsOf: (runId, tag) => series.get(runId)?.get(tag) ?? [],
  };
}

/** What a later visit must know: how a run stands, and from where it may go on. */
const isTurn = (before: Run, after: Run): boolean =>
  before.status !== after.status || before.savedStep !== after.savedStep;

/** Every run that a notebook asked for, also for cells that it no longer has. */
export const runsOfNotebook = (runs: RunsState['runs'], notebookId: string): readonly Run[] =>
  Object.values(runs).filter((run) => run.notebookId === notebookId);

/** The run that a cell shows: its newest, of those that count. */
export function latestRunOf(
  runs: RunsState['runs'],
  cellId: string,
  counts: (run: Run) => boolean = () => true,
): Run | null {
  const own = Object.values(runs).filter((run) => run.cellId === cellId && counts(run));
  return own.reduce<Run | null>((latest, run) => (latest && latest.createdAt > run.createdAt ? latest : run), null);
}

/** Of each variant of a cell the newest run, of those that count. */
export function variantsOf(
  runs: RunsState['runs'],
  cellId: string,
  counts: (run: Run) => boolean = () => true,
): readonly Run[] {
  const newest = new Map<string, Run>();
  for (const run of Object.values(runs)) {
    if (run.cellId !== cellId || !counts(run)) continue;
    const known = newest.get(run.variant);
    if (!known || known.createdAt <= run.createdAt) newest.set(run.variant, run);
  }
  return [...newest.values()];
}
