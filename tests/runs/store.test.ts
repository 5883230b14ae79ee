import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { BackendState } from '../../src/runs/backend.ts';
import type { Client } from '../../src/runs/client.ts';
import type { RunEvent, RunSummary } from '../../src/runs/events.ts';
import type { Request } from '../../src/runs/protocol.ts';
import type { RunRecord, RunRepository } from '../../src/runs/repository.ts';
import { runSpecSchema } from '../../src/runs/spec.ts';
import { createRunsStore, latestRunOf, runsOfNotebook } from '../../src/runs/store.ts';

const specNamed = (name: string) =>
  runSpecSchema.parse({
    name,
    model: { kind: 'embedded', id: 'all-MiniLM-L6-v2' },
    data: { kind: 'embedded', id: 'spam-assassin' },
  });
const requestOf = (name: string) => ({ cellId: name, variant: '', spec: specNamed(name) });
const summary: RunSummary = {
  metrics: {},
  encoderKept: 1,
  encoderTotal: 10,
  keptByMatrix: [],
  modelNonZero: 1,
  modelTotal: 10,
  classes: null,
  elapsedMs: 1,
};
const started: RunEvent = {
  type: 'started',
  resumedAt: 0,
  totalSteps: 2,
  backend: 'wasm',
  adapter: '',
  matrices: [],
  headSize: 32,
  parameters: 10,
  estimatedBytes: 4000,
};
const done: RunEvent = { type: 'finished', outcome: 'done', summary, problem: null, peakBytes: 3900 };
const loss = (step: number, value: number): RunEvent => ({
  type: 'metrics',
  rows: [{ step, values: { 'train/loss': value } }],
});

const ready: BackendState = {
  type: 'ready',
  status: { backend: 'wasm', adapter: '', tier: '', isSoftware: true, note: '', available: ['wasm'] },
};

function setUp(records: readonly RunRecord[] = []) {
  const saved = new Map(records.map((record) => [record.run.id, record]));
  const requests: Request[] = [];
  let emit: (runId: string, event: RunEvent) => void = () => undefined;
  const client: Pick<Client, 'request' | 'onEvent'> = {
    request(request) {
      requests.push(request);
      return new Promise(() => undefined);
    },
    onEvent(listener) {
      emit = listener;
      return () => undefined;
    },
  };
  const repository: RunRepository = {
    load: async () => [...saved.values()],
    ids: async () => [...saved.keys()],
    save: async (record) => void saved.set(record.run.id, record),
    remove: async (runId) => void saved.delete(runId),
  };
  const restart = vi.fn();
  const backend = { ...createStore<BackendState>(() => ready), restart };
  const store = createRunsStore({ client, repository, backend, onError: vi.fn() });
  const runOf = (cellId: string) => latestRunOf(store.getState().runs, cellId)!;
  return {
    store,
    requests,
    saved,
    backend,
    restart,
    runOf,
    emit: (runId: string, event: RunEvent) => emit(runId, event),
  };
}

const typesOf = (requests: readonly Request[]) => requests.map(({ type }) => type);

describe('the queue', () => {
  it('runs one at a time, in the order asked for', () => {
    const { store, requests, runOf, emit } = setUp();
    store.enqueue('n', [requestOf('a'), requestOf('b')]);
    expect([runOf('a').status, runOf('b').status]).toEqual(['starting', 'queued']);
    expect(typesOf(requests)).toEqual(['start-run']);
    emit(runOf('a').id, started);
    emit(runOf('a').id, done);
    expect([runOf('a').status, runOf('b').status]).toEqual(['done', 'starting']);
    expect(typesOf(requests)).toEqual(['start-run', 'start-run']);
  });

  it('is one for all notebooks, and each run knows its own', () => {
    const { store, runOf } = setUp();
    store.enqueue('first', [requestOf('a')]);
    store.enqueue('second', [requestOf('b')]);
    expect([runOf('a').status, runOf('b').status]).toEqual(['starting', 'queued']);
    expect(runsOfNotebook(store.getState().runs, 'second').map(({ cellId }) => cellId)).toEqual(['b']);
  });

  it('goes on after a failure', () => {
    const { store, runOf, emit } = setUp();
    store.enqueue('n', [requestOf('a'), requestOf('b')]);
    emit(runOf('a').id, { type: 'failed', error: { code: 'nan-loss', message: 'loss: NaN.' } });
    expect(runOf('b').status).toBe('starting');
  });

  it('goes on by itself from the last checkpoint where the engine was lost, on a fresh one', () => {
    const { store, requests, backend, restart, saved, runOf, emit } = setUp();
    store.enqueue('n', [requestOf('a'), requestOf('b')]);
    const { id } = runOf('a');
    for (const event of [started, loss(1, 0.9), { type: 'saved', step: 1 }, loss(2, 0.8)] as const) emit(id, event);
    backend.setState({ type: 'lost', message: 'worker: gone.' }, true);
    expect([runOf('a').status, restart.mock.calls.length]).toEqual(['queued', 1]);
    emit(id, { type: 'failed', error: { code: 'internal', message: 'a late word of the old worker' } });
    backend.setState({ type: 'starting' }, true);
    backend.setState(ready, true);
    expect([runOf('a').status, runOf('b').status]).toEqual(['starting', 'queued']);
    expect(
      requests.filter(({ type }) => type === 'start-run').map((request) => 'runId' in request && request.runId),
    ).toEqual([id, id]);
    emit(id, { ...started, resumedAt: 1 });
    emit(id, loss(1, 0.9));
    expect(store.pointsOf(id, 'train/loss')).toEqual([{ step: 1, value: 0.9 }]);
    emit(id, done);
    expect(saved.get(id)?.run).toMatchObject({ status: 'done', savedStep: 1, rowCount: 1, error: null });
  });

  it('takes a GPU that the worker lost for the same, and gives up after three times without a checkpoint between', () => {
    const { store, backend, restart, runOf, emit } = setUp();
    store.enqueue('n', [requestOf('a'), requestOf('b')]);
    const { id } = runOf('a');
    const lose = () => {
      emit(id, { type: 'failed', error: { code: 'device-lost', message: 'WebGPU: gone.' } });
      backend.setState({ type: 'starting' }, true);
      backend.setState(ready, true);
    };
    emit(id, started);
    for (let time = 0; time < 2; time++) lose();
    emit(id, started);
    emit(id, { type: 'saved', step: 1 });
    for (let time = 0; time < 3; time++) lose();
    expect([runOf('a').status, restart.mock.calls.length]).toEqual(['starting', 5]);
    lose();
    expect(runOf('a')).toMatchObject({ status: 'interrupted', savedStep: 1, error: { code: 'device-lost' } });
    expect([runOf('b').status, restart.mock.calls.length]).toEqual(['starting', 6]);
  });

  it('lets the checkpoints of a run go once it is kept that it is done, and not before', async () => {
    const { store, requests, saved, runOf, emit } = setUp();
    store.enqueue('n', [requestOf('a')]);
    const { id } = runOf('a');
    for (const event of [started, { type: 'saved', step: 1 }, done] as const) emit(id, event);
    expect(typesOf(requests)).toEqual(['start-run']);
    await vi.waitFor(() => expect(typesOf(requests)).toEqual(['start-run', 'delete-checkpoints']));
    expect(saved.get(id)?.run.status).toBe('done');
  });

  it('counts a checkpoint of which the lost engine could not tell', () => {
    const { store, backend, runOf, emit } = setUp();
    store.enqueue('n', [requestOf('a')]);
    const { id } = runOf('a');
    emit(id, started);
    for (let time = 1; time <= 5; time++) {
      emit(id, { type: 'failed', error: { code: 'device-lost', message: 'WebGPU: gone.' } });
      backend.setState({ type: 'starting' }, true);
      backend.setState(ready, true);
      emit(id, { ...started, resumedAt: time });
    }
    expect(runOf('a')).toMatchObject({ status: 'running', recoveries: 0 });
  });

  it('asks for a fresh engine with a run that is asked for where there is none', () => {
    const { store, backend, restart, runOf } = setUp();
    backend.setState({ type: 'lost', message: 'The GPU is gone.' }, true);
    expect(restart).not.toHaveBeenCalled();
    store.enqueue('n', [requestOf('a')]);
    expect([runOf('a').status, restart.mock.calls.length]).toEqual(['queued', 1]);
  });

  it('resumes a run of an earlier visit when asked, and keeps it when that is taken back', async () => {
    const first = setUp();
    first.store.enqueue('n', [requestOf('a')]);
    const { id } = first.runOf('a');
    first.emit(id, started);
    first.emit(id, { type: 'saved', step: 1 });
    first.store.persist();
    const { store, requests, backend, runOf } = setUp([...first.saved.values()]);
    await store.load();
    expect(runOf('a')).toMatchObject({ status: 'interrupted', savedStep: 1 });
    backend.setState({ type: 'starting' }, true);
    store.resume(id);
    expect(runOf('a').status).toBe('queued');
    store.cancel([id]);
    expect(runOf('a').status).toBe('interrupted');
    store.resume(id);
    backend.setState(ready, true);
    expect([runOf('a').status, typesOf(requests)]).toEqual(['starting', ['start-run']]);
    store.remove(id);
    expect(runOf('a').status).toBe('starting'); // what runs is not removed
  });

  it('begins anew where its checkpoints are gone, unless it is already going on from one', async () => {
    const first = setUp();
    first.store.enqueue('n', [requestOf('a')]);
    const { id } = first.runOf('a');
    first.emit(id, started);
    first.emit(id, { type: 'saved', step: 1 });
    first.store.forgetCheckpoints(id);
    expect(first.runOf('a').savedStep).toBe(1);
    first.store.persist();
    const { store, saved, runOf } = setUp([...first.saved.values()]);
    await store.load();
    store.forgetCheckpoints(id);
    expect([runOf('a').savedStep, saved.get(id)?.run.savedStep]).toEqual([0, 0]);
  });

  it('waits while there is no engine to run on, and goes on when there is', () => {
    const { store, requests, backend, runOf, emit } = setUp();
    backend.setState({ type: 'starting' }, true);
    store.enqueue('n', [requestOf('a'), requestOf('b')]);
    expect([runOf('a').status, runOf('a').startedAt, requests.length]).toEqual(['queued', null, 0]);
    backend.setState(ready, true);
    expect([runOf('a').status, runOf('b').status]).toEqual(['starting', 'queued']);
    expect(runOf('a').startedAt).toBeGreaterThanOrEqual(runOf('a').createdAt);
    backend.setState({ type: 'lost', message: 'The GPU is gone.' }, true);
    emit(runOf('a').id, { type: 'failed', error: { code: 'internal', message: 'The GPU is gone.' } });
    expect(runOf('b').status).toBe('queued');
  });

  it('takes the order it is given while it waits', () => {
    const { store, runOf, emit } = setUp();
    store.enqueue('n', ['a', 'b', 'c'].map(requestOf));
    store.moveQueued(runOf('c').id, -1);
    store.remove(runOf('b').id);
    emit(runOf('a').id, done);
    expect(runOf('c').status).toBe('starting');
    expect(runOf('b')).toBeNull();
  });

  const fromA = (name: string) => ({ ...requestOf(name), spec: { ...specNamed(name), starts_from: 'a' } });

  it('does not start what needs a run that failed, and says why', () => {
    const { store, saved, runOf, emit } = setUp();
    store.enqueue('n', [requestOf('a'), fromA('b'), requestOf('c')]);
    emit(runOf('a').id, { type: 'failed', error: { code: 'nan-loss', message: 'loss: NaN.' } });
    expect([runOf('b').status, runOf('b').startedAt, runOf('c').status]).toEqual(['failed', null, 'starting']);
    expect(runOf('b').error?.message).toContain('b: expected the weights of “a”');
    expect(saved.get(runOf('b').id)?.run.status).toBe('failed');
  });

  it('ends for a sweep whose minutes are used up', () => {
    const { store, saved, runOf, emit } = setUp();
    const seeds = ['seed 1', 'seed 2'].map((variant) => ({ ...requestOf('a'), variant, budgetMinutes: 1 }));
    store.enqueue('n', [...seeds, requestOf('b')]);
    const [first, second] = Object.keys(store.getState().runs);
    emit(first!, { ...done, summary: { ...summary, elapsedMs: 60_000 } });
    expect(store.getState().runs[second!]?.status).toBe('skipped');
    expect(saved.get(second!)?.run.status).toBe('skipped');
    expect(runOf('b').status).toBe('starting');
  });

  it('is left by a run together with those that need its weights', () => {
    const { store, requests, runOf } = setUp();
    store.enqueue('n', [requestOf('now'), requestOf('a'), fromA('b'), requestOf('c')]);
    const b = runOf('b');
    expect(store.cancel([runOf('a').id])).toEqual([b]);
    expect([runOf('a'), runOf('b'), runOf('c').status]).toEqual([null, null, 'queued']);
    expect(store.cancel([runOf('now').id])).toEqual([]);
    expect(runOf('now').status).toBe('starting');
    expect(typesOf(requests)).toEqual(['start-run']);
  });

  it('keeps with a run whose weights it took', () => {
    const { store, requests, runOf, emit } = setUp();
    store.enqueue('n', [requestOf('a'), { ...requestOf('b'), spec: { ...specNamed('b'), starts_from: 'a' } }]);
    emit(runOf('a').id, done);
    expect([runOf('a').sources, runOf('b').sources]).toEqual([[], [runOf('a').id]]);
    expect(requests.at(-1)).toMatchObject({ type: 'start-run', sources: [runOf('a').id] });
  });

  it('keeps the last result of a cell until a newer run is complete', () => {
    const { store, requests, runOf, emit } = setUp();
    store.enqueue('n', [requestOf('a')]);
    const first = runOf('a').id;
    emit(first, done);
    store.enqueue('n', [requestOf('a')]);
    expect(store.getState().runs[first]).toBeDefined();
    emit(runOf('a').id, done);
    expect(store.getState().runs[first]).toBeUndefined();
    expect(requests.at(-1)).toEqual({ type: 'delete-run', runId: first });
  });

  it('keeps what is pinned, and the results of the cell’s other variants', () => {
    const { store, emit } = setUp();
    const seeds = ['seed 1', 'seed 2'].map((variant) => ({ ...requestOf('a'), variant }));
    store.enqueue('n', seeds);
    const [first, second] = Object.keys(store.getState().runs);
    emit(first!, done);
    emit(second!, done);
    expect(Object.keys(store.getState().runs)).toEqual([first, second]);
    store.annotate(first!, { isPinned: true });
    store.enqueue('n', seeds);
    for (const { id } of Object.values(store.getState().runs).slice(2)) emit(id, done);
    expect(Object.values(store.getState().runs).map(({ variant }) => variant)).toEqual(['seed 1', 'seed 1', 'seed 2']);
    expect(store.getState().runs[first!]?.isPinned).toBe(true);
  });
});

describe('reports', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('reach subscribers at most five times a second, with nothing lost', () => {
    const { store, runOf, emit } = setUp();
    store.enqueue('n', [requestOf('a')]);
    const { id } = runOf('a');
    emit(id, started);
    const heard = vi.fn();
    store.subscribe(heard);
    for (let step = 1; step <= 100; step++) {
      emit(id, loss(step, 1 / step));
      vi.advanceTimersByTime(10);
    }
    expect(heard).toHaveBeenCalledTimes(5);
    expect(store.pointsOf(id, 'train/loss')).toHaveLength(100);
    expect(runOf('a').rowCount).toBe(100);
  });
});

describe('after a reload', () => {
  it('shows finished runs with their curves, and unfinished ones as interrupted', async () => {
    const before = setUp();
    before.store.enqueue('n', [requestOf('a'), requestOf('b')]);
    before.emit(before.runOf('a').id, loss(1, 0.5));
    before.emit(before.runOf('a').id, done);
    before.emit(before.runOf('b').id, started);

    const after = setUp([...before.saved.values()]);
    await after.store.load();
    expect([after.runOf('a').status, after.runOf('b').status]).toEqual(['done', 'interrupted']);
    expect(after.store.pointsOf(after.runOf('a').id, 'train/loss')).toEqual([{ step: 1, value: 0.5 }]);
    expect(after.requests).toEqual([]);
  });

  it('shows what was noted about a run', async () => {
    const before = setUp();
    before.store.enqueue('n', [requestOf('a')]);
    before.store.annotate(before.runOf('a').id, { note: 'the odd one' });
    const after = setUp([...before.saved.values()]);
    await after.store.load();
    expect(after.runOf('a').note).toBe('the odd one');
  });
});
