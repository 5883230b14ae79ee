// The queue is the runs that wait, in the order of the record that holds all runs.
import { hasWeights, isActive, type Run } from './reducer.ts';
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

/** Ids of the runs whose weights a run would take now: of each name the newest of its notebook that has any. */
export function sourcesOf({ spec, notebookId }: Run, runs: Runs): readonly string[] {
  return neededBy(spec).flatMap((name) => {
    const named = runsNamed(name, notebookId, runs).filter(hasWeights);
    return named.toSorted((a, b) => b.createdAt - a.createdAt)[0]?.id ?? [];
  });
}

/**
 * What waits in vain: for the weights of a run that has none, and of which none is under way or waits, because it failed
 * or was taken out of the queue. So do, in turn, the runs that need these.
 */
export function strandedRuns(runs: Runs): readonly Run[] {
  const stranded: Run[] = [];
  const mayGive = (run: Run) =>
    hasWeights(run) || isActive(run) || (run.status === 'queued' && !stranded.includes(run));
  // In the order of the queue, in which a run comes after those that it needs.
  for (const run of queueOf(runs)) {
    const gives = (name: string) => runsNamed(name, run.notebookId, runs).some(mayGive);
    if (!neededBy(run.spec).every(gives)) stranded.push(run);
  }
  return stranded;
}

const runsNamed = (name: string, notebookId: string, runs: Runs): readonly Run[] =>
  Object.values(runs).filter((run) => run.spec.name === name && run.notebookId === notebookId);
