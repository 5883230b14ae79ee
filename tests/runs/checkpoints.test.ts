import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import { deleteRecord, readRecords, writeRecord } from '../../src/runs/checkpoint-records.ts';
import {
  createCheckpointsStore,
  type KeptCheckpoints,
  keepWithinBudget,
  overBudget,
  tidyCheckpoints,
} from '../../src/runs/checkpoints.ts';
import type { Request } from '../../src/runs/protocol.ts';
import type { Run, RunStatus } from '../../src/runs/reducer.ts';
import type { RunsState } from '../../src/runs/store.ts';
import { recordOf, runOfCell } from '../notebook/run-records.ts';

const GIB = 2 ** 30;
const template = magnitudeOrMovement('quick');
const runOf = (id: string, status: RunStatus, change: Partial<Run> = {}): Run =>
  runOfCell(template, 'movement', { id, status, savedStep: 100, ...change });
const keptOf = (runId: string, savedAt: number, gib = 1): KeptCheckpoints => ({
  runId,
  step: 100,
  bytes: gib * GIB,
  savedAt,
});

describe('checkpoints over their budget', () => {
  const kept = ['a', 'b', 'c', 'd'].map((id, index) => keptOf(id, index));
  const interrupted = recordOf(...['a', 'b', 'c', 'd'].map((id) => runOf(id, 'interrupted')));
  const gone = (budget: number, change: RunsState['runs'] = {}) =>
    overBudget(kept, { ...interrupted, ...change }, budget * GIB).map(({ runId }) => runId);

  it('go, the oldest first, until the rest fits', () => {
    expect([4, 3, 2].map((budget) => gone(budget))).toEqual([[], ['a'], ['a', 'b']]);
  });

  it('stay with the run that was cut off last, however large', () => expect(gone(0)).toEqual(['a', 'b', 'c']));

  it.each(['queued', 'starting', 'running', 'paused'] as const)('stay with a run that is %s, and count', (status) => {
    expect(gone(1, recordOf(runOf('a', status)))).toEqual(['b', 'c']);
    expect(gone(0, recordOf(runOf('d', status)))).toEqual(['a', 'b']);
  });

  it('stay where they are pinned, or of a run that this page does not know', () => {
    expect(gone(1, recordOf(runOf('a', 'interrupted', { isPinned: true })))).toEqual(['b', 'c']);
    const { a: _, ...others } = interrupted;
    expect(overBudget(kept, others, 0).map(({ runId }) => runId)).toEqual(['b', 'c']);
  });
});

function setUp(runs: readonly Run[]) {
  const requests: Request[] = [];
  const client = {
    async request(request: Request) {
      requests.push(request);
      if (request.type === 'delete-checkpoints') await deleteRecord(request.runId);
      return (request.type === 'tidy-checkpoints' ? ['lost'] : null) as never;
    },
  };
  const store = createStore<RunsState>(() => ({ runs: recordOf(...runs) }));
  const put = (run: Run) => store.setState((state) => ({ runs: { ...state.runs, [run.id]: run } }));
  const forgetCheckpoints = vi.fn((id: string) => put({ ...store.getState().runs[id]!, savedStep: 0 }));
  const keeper = { client, runs: { ...store, forgetCheckpoints } };
  return { ...keeper, requests, put, forgetCheckpoints, checkpoints: createCheckpointsStore(keeper) };
}

const save = (runId: string, savedAt: number) =>
  writeRecord(runId, {
    version: 1,
    generations: [100, 50].map((step) => ({
      file: `${step}`,
      step,
      bytes: GIB / 2,
      hash: '',
      savedAt: savedAt + step,
    })),
  });

describe('the budget', () => {
  beforeEach(async () => {
    for (const runId of (await readRecords()).keys()) await deleteRecord(runId);
  });

  it('is kept when a run saves and when it is lowered, and says what it deleted', async () => {
    const { runs, put, checkpoints, forgetCheckpoints } = setUp(['a', 'b'].map((id) => runOf(id, 'interrupted')));
    const budget = createStore(() => ({ gib: 4 }));
    const tell = vi.fn();
    const onError = vi.fn();
    await save('a', 1000);
    await save('b', 2000);
    keepWithinBudget({ checkpoints, runs, budget, tell, onError });
    await vi.waitFor(() => expect(checkpoints.getState().kept).toHaveLength(2));
    expect(checkpoints.getState().kept[0]).toEqual({ runId: 'a', step: 100, bytes: GIB, savedAt: 1100 });

    budget.setState({ gib: 2 });
    await save('c', 3000);
    put(runOf('c', 'running'));
    await vi.waitFor(() => expect(tell).toHaveBeenCalledOnce());
    expect(tell.mock.calls[0]).toEqual([
      'The checkpoint of “movement” at step 100 (1 GiB) was deleted: it was the oldest, and together they took more than the 2 GiB that checkpoints may take.',
    ]);
    expect(forgetCheckpoints.mock.calls).toEqual([['a']]);
    put(runOf('c', 'interrupted'));
    budget.setState({ gib: 1 });
    await vi.waitFor(() => expect([...checkpoints.getState().kept].map(({ runId }) => runId)).toEqual(['c']));
    expect(runs.getState().runs.b?.savedStep).toBe(0);
    expect(onError).not.toHaveBeenCalled();
  });

  it('that cannot be kept is an error, not the end of it', async () => {
    const { runs, checkpoints } = setUp(['a', 'b'].map((id) => runOf(id, 'interrupted')));
    const onError = vi.fn();
    await save('a', 1000);
    await save('b', 2000);
    const broken = { ...checkpoints, remove: () => Promise.reject(new Error('no')) };
    keepWithinBudget({ checkpoints: broken, runs, budget: createStore(() => ({ gib: 1 })), tell: vi.fn(), onError });
    await vi.waitFor(() => expect(onError).toHaveBeenCalledWith(new Error('no')));
  });
});

it('tidying spares all runs in storage but those that have their weights, and hears which have nothing left', async () => {
  const { client, runs, requests, forgetCheckpoints } = setUp([
    runOf('done', 'done'),
    runOf('stopped', 'stopped'),
    runOf('failed', 'failed'),
    runOf('lost', 'interrupted'),
  ]);
  await tidyCheckpoints(
    { client, runs },
    { ids: async () => ['done', 'stopped', 'failed', 'lost', 'of a newer page'] },
  );
  expect(requests).toEqual([{ type: 'tidy-checkpoints', runIds: ['failed', 'lost', 'of a newer page'] }]);
  expect(forgetCheckpoints.mock.calls).toEqual([['lost']]);
});
