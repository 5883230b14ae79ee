// How much room the checkpoints of runs that were cut off may take on this machine, and which of them go where it is more.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { bytes } from './bytes.ts';
import { readRecords } from './checkpoint-records.ts';
import type { Client } from './client.ts';
import { oneAfterTheOther } from './one-after-the-other.ts';
import { hasWeights, isPending, type Run } from './reducer.ts';
import type { RunRepository } from './repository.ts';
import type { RunsState, RunsStore } from './store.ts';

/** Of one run, all that are kept. */
export interface KeptCheckpoints {
  readonly runId: string;
  /** Updates that the newest has. */
  readonly step: number;
  readonly bytes: number;
  /** Milliseconds since the epoch; 0 where an earlier page did not say. */
  readonly savedAt: number;
}

export interface CheckpointsStore
  extends Pick<StoreApi<{ readonly kept: readonly KeptCheckpoints[] }>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Looks again at what is kept. */
  read(): Promise<void>;
  /** Of a run that is not under way: it can then only begin anew. */
  remove(runId: string): Promise<void>;
}

interface Keeper {
  readonly client: Pick<Client, 'request'>;
  readonly runs: Pick<RunsStore, 'getState' | 'subscribe' | 'forgetCheckpoints'>;
}

export function createCheckpointsStore({ client, runs }: Keeper): CheckpointsStore {
  const store = createStore<{ readonly kept: readonly KeptCheckpoints[] }>(() => ({ kept: [] }));
  const read = async () => {
    const records = [...(await readRecords())];
    store.setState({
      kept: records.flatMap(([runId, record]) => {
        const [newest] = record?.generations ?? [];
        const sum = record?.generations.reduce((total, generation) => total + generation.bytes, 0) ?? 0;
        return newest ? [{ runId, step: newest.step, bytes: sum, savedAt: newest.savedAt ?? 0 }] : [];
      }),
    });
  };
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    read,
    async remove(runId) {
      runs.forgetCheckpoints(runId);
      await client.request({ type: 'delete-checkpoints', runId });
      await read();
    },
  };
}

export const bytesOf = (kept: readonly KeptCheckpoints[]): number => kept.reduce((sum, one) => sum + one.bytes, 0);

/**
 * The oldest that must go for the rest to fit. Spared are runs that are under way or wait, what is pinned, and of the others
 * the one saved last, however large: what was just cut off is what its owner comes back for.
 */
export function overBudget(
  kept: readonly KeptCheckpoints[],
  runs: RunsState['runs'],
  budgetBytes: number,
): readonly KeptCheckpoints[] {
  const isIdle = (run: Run | undefined) => run !== undefined && !isPending(run);
  const idle = kept.filter(({ runId }) => isIdle(runs[runId])).sort((a, b) => a.savedAt - b.savedAt);
  const gone: KeptCheckpoints[] = [];
  let left = bytesOf(kept);
  for (const one of idle.slice(0, -1).filter(({ runId }) => !runs[runId]?.isPinned)) {
    if (left <= budgetBytes) break;
    gone.push(one);
    left -= one.bytes;
  }
  return gone;
}

export interface BudgetOptions extends Pick<Keeper, 'runs'> {
  readonly checkpoints: CheckpointsStore;
  readonly budget: Pick<StoreApi<{ readonly gib: number }>, 'getState' | 'subscribe'>;
  /** Hears what was deleted, in words. */
  readonly tell: (text: string) => void;
  readonly onError: (error: unknown) => void;
}

/** From now on: whenever a checkpoint was saved, a run changed its state, or the budget did. */
export function keepWithinBudget({ checkpoints, runs, budget, tell, onError }: BudgetOptions): void {
  async function look(): Promise<void> {
    await checkpoints.read();
    const { gib } = budget.getState();
    for (const one of overBudget(checkpoints.getState().kept, runs.getState().runs, gib * 2 ** 30)) {
      await checkpoints.remove(one.runId);
      tell(
        `The checkpoint of “${runs.getState().runs[one.runId]?.spec.name}” at step ${one.step} (${bytes(one.bytes)}) was ` +
          `deleted: it was the oldest, and together they took more than the ${gib} GiB that checkpoints may take.`,
      );
    }
  }
  const lookSoon = oneAfterTheOther(() => look().catch(onError));
  runs.subscribe((after, before) => {
    if (Object.values(after.runs).some((run) => isOther(run, before.runs[run.id]))) lookSoon();
  });
  budget.subscribe(lookSoon);
  lookSoon();
}

const isOther = (run: Run, before: Run | undefined): boolean =>
  run.status !== before?.status || run.savedStep !== before.savedStep;

/** For when a page opens, before any run: clears away what was left of runs that are gone, or have come to their end. */
export async function tidyCheckpoints(keeper: Keeper, repository: Pick<RunRepository, 'ids'>): Promise<void> {
  const { client, runs } = keeper;
  const isFinished = (runId: string) => {
    const run = runs.getState().runs[runId];
    return run !== undefined && hasWeights(run);
  };
  const runIds = (await repository.ids()).filter((runId) => !isFinished(runId));
  for (const runId of await client.request({ type: 'tidy-checkpoints', runIds })) runs.forgetCheckpoints(runId);
}
