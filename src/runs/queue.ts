// The queue is the runs that wait, in the order of the record that holds all runs.
import { hasWeights, type Run } from './reducer.ts';
import type { RunSpec } from './spec.ts';
import { neededBy } from './sweep.ts';

type Runs = Readonly<Record<string, Run>>;

export const queueOf = (runs: Runs): readonly Run[] => Object.values(runs).filter(({ status }) => status === 'queued');

/**
 * The runs, with the one named moved past the next (1) or previous (−1) that waits. At the ends of the queue, and where
 * a run would go ahead of one it needs, they stay as they are.
 */
export function moveQueued(runs: Runs, runId: string, by: -1 | 1): Runs {
  const queue = queueOf(runs);
  const index = queue.findIndex(({ id }) => id === runId);
  const [run, other] = [queue[index], queue[index + by]];
  if (!run || !other) return runs;
  const [first, second] = by === -1 ? [run, other] : [other, run];
  if (neededBy(first.spec).includes(second.spec.name)) return runs;
  const placeOf = (id: string) => (id === run.id ? other : id === other.id ? run : runs[id]!);
  return Object.fromEntries(Object.keys(runs).map((id) => [placeOf(id).id, placeOf(id)]));
}

/** Ids of the runs whose weights one with these settings would take now: of each name the newest that has any. */
export function sourcesOf(spec: RunSpec, runs: Runs): readonly string[] {
  return neededBy(spec).flatMap((name) => {
    const named = Object.values(runs).filter((run) => hasWeights(run) && run.spec.name === name);
    return named.toSorted((a, b) => b.createdAt - a.createdAt)[0]?.id ?? [];
  });
}
