import { describe, expect, it } from 'vitest';
import { expectedLeftMs, expectedRunMs, unaffordableRuns } from '../../src/runs/budget.ts';
import type { RunSummary } from '../../src/runs/events.ts';
import { queuedRun, type Run } from '../../src/runs/reducer.ts';
import { runSpecSchema } from '../../src/runs/spec.ts';

const spec = runSpecSchema.parse({
  name: 'movement',
  model: { kind: 'embedded', id: 'all-MiniLM-L6-v2' },
  data: { kind: 'embedded', id: 'spam-assassin' },
});
const minute = 60_000;

/** One of a sweep of the cell `movement` with 10 minutes, asked for at 0. */
const swept = (variant: string, change: Partial<Run> = {}): Run => ({
  ...queuedRun({
    id: variant,
    notebookId: 'n',
    cellId: 'movement',
    variant,
    spec,
    createdAt: 0,
    budgetMinutes: 10,
  }),
  ...change,
});
const finished = (variant: string, minutes: number, change: Partial<Run> = {}): Run => {
  const summary = { elapsedMs: minutes * minute } as RunSummary;
  return swept(variant, { status: 'done', summary, ...change });
};
const record = (...runs: readonly Run[]) => Object.fromEntries(runs.map((run) => [run.id, run]));
const unaffordable = (...runs: readonly Run[]) => unaffordableRuns(record(...runs)).map(({ id }) => id);

describe('a sweep with a budget of 10 minutes', () => {
  it('starts runs until its finished ones have taken them', () => {
    expect(unaffordable(finished('a', 4), finished('b', 5.9), swept('c'), swept('d'))).toEqual([]);
    expect(unaffordable(finished('a', 4), finished('b', 6), swept('c'), swept('d'))).toEqual(['c', 'd']);
  });

  it('leaves a run that is under way to its end', () => {
    expect(unaffordable(finished('a', 12), swept('b', { status: 'running' }), swept('c'))).toEqual(['c']);
  });

  it('does not pay for other cells, nor for what the cell ran before', () => {
    const before = finished('before', 60, { createdAt: -1 });
    const other = finished('other', 60, { cellId: 'magnitude' });
    expect(unaffordable(before, other, swept('c'))).toEqual([]);
  });

  it('has as long as it takes where there is no budget', () => {
    expect(unaffordable(finished('a', 60), swept('b', { budgetMinutes: null }))).toEqual([]);
  });
});

describe('the time that a sweep takes', () => {
  it('is unknown before a run of it has finished', () => {
    expect(expectedRunMs([swept('a')])).toBeNull();
    expect(expectedLeftMs([swept('a', { status: 'running' }), swept('b')])).toBeNull();
  });

  it('is estimated from the mean of those that have', () => {
    const runs = [finished('a', 2), finished('b', 4), swept('c', { status: 'starting' }), swept('d')];
    expect(expectedRunMs(runs)).toBe(3 * minute);
    expect(expectedLeftMs(runs)).toBe(6 * minute);
    const progress = { etaMs: minute } as NonNullable<Run['progress']>;
    expect(expectedLeftMs([...runs.slice(0, 2), swept('c', { status: 'running', progress }), swept('d')])).toBe(
      4 * minute,
    );
  });
});
