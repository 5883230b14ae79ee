// The time that a sweep may take: once its runs have trained for so many minutes, no further one starts.
import { queueOf } from './queue.ts';
import { isActive, type Run } from './reducer.ts';
import { spreadOf } from './statistics.ts';

type Runs = Readonly<Record<string, Run>>;

const msPerMinute = 60_000;

/** Those that wait although their sweep has used up its minutes. What failed counts for nothing: its time is unknown. */
export const unaffordableRuns = (runs: Runs): readonly Run[] =>
  queueOf(runs).filter((run) => {
    const { budgetMinutes } = run;
    if (budgetMinutes === null) return false;
    // Runs of a cell that were asked for together are one sweep.
    const own = Object.values(runs).filter(
      ({ cellId, createdAt }) => cellId === run.cellId && createdAt === run.createdAt,
    );
    return elapsedOf(own).reduce((total, ms) => total + ms, 0) >= budgetMinutes * msPerMinute;
  });

/** Milliseconds that one more run would take, by those that have finished; null before any has. */
export const expectedRunMs = (runs: readonly Run[]): number | null => spreadOf(elapsedOf(runs))?.mean ?? null;

/** Milliseconds until the last of a sweep's runs ends, at the pace of those that have; null before any has. */
export function expectedLeftMs(runs: readonly Run[]): number | null {
  const each = expectedRunMs(runs);
  if (each === null) return null;
  return runs.reduce((left, run) => {
    if (run.status === 'queued') return left + each;
    return isActive(run) ? left + (run.progress?.etaMs ?? each) : left;
  }, 0);
}

const elapsedOf = (runs: readonly Run[]): readonly number[] => runs.flatMap(({ summary }) => summary?.elapsedMs ?? []);
