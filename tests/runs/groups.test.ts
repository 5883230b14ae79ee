import { describe, expect, it } from 'vitest';
import { groupRuns, seedOf } from '../../src/runs/groups.ts';
import { queuedRun, type Run } from '../../src/runs/reducer.ts';
import { expandSweep, runPlanSchema } from '../../src/runs/sweep.ts';

function runsOf(
  settings: readonly object[],
  { createdAt = 0, ...changes }: { createdAt?: number } & object = {},
): Run[] {
  const plan = runPlanSchema.parse({
    name: 'topK',
    model: { kind: 'embedded', id: 'all-MiniLM-L6-v2' },
    data: { kind: 'embedded', id: 'spam-assassin' },
    sweep: { settings },
    ...changes,
  });
  return expandSweep(plan).map((planned, index) =>
    queuedRun({ ...planned, id: `${createdAt}-${index}`, notebookId: 'n', cellId: 'c', createdAt }),
  );
}
const list = (path: string, values: readonly number[]) => ({ kind: 'list', path, values });
const kept = list('pruning.final_threshold', [0.1, 0.03]);
const namesOf = (runs: readonly Run[]) => groupRuns(runs).map(({ name, runs: { length } }) => `${name}: ${length}`);

describe('groupRuns', () => {
  it('takes the seeds of each setting together, wherever the seed stands in the name', () => {
    const seeds = list('training.seed', [2, 1, 3]);
    const groups = ['topK final_threshold 0.1: 3', 'topK final_threshold 0.03: 3'];
    expect(namesOf(runsOf([kept, seeds]))).toEqual(groups);
    expect(namesOf(runsOf([seeds, kept]))).toEqual(groups);
    expect(groupRuns(runsOf([seeds]))[0]?.runs.map(({ spec }) => seedOf(spec))).toEqual([1, 2, 3]);
  });

  it('leaves a run alone its name', () => {
    expect(namesOf(runsOf([list('training.seed', [1])]))).toEqual(['topK seed 1: 1']);
  });

  it('takes seeds together that learn from teachers of their own', () => {
    const taught = runsOf([list('training.seed', [1, 2])]).map((run): Run => {
      const teacher = `dense seed ${seedOf(run.spec)}`;
      return {
        ...run,
        spec: { ...run.spec, distillation: { teacher, alpha_distil: 0.9, alpha_ce: 0.1, temperature: 2 } },
      };
    });
    expect(namesOf(taught)).toEqual(['topK: 2']);
  });

  it('counts a seed once: what was pinned and made again stands apart', () => {
    const before = runsOf([list('training.seed', [1, 2])]);
    const again = runsOf([list('training.seed', [2, 3])], { createdAt: 1 });
    expect(groupRuns([...before, ...again]).map(({ runs }) => runs.map(({ id }) => id))).toEqual([
      ['0-0', '1-0', '1-1'],
      ['0-1'],
    ]);
  });
});
