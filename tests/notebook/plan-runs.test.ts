import { describe, expect, it } from 'vitest';
import { cellStatuses } from '../../src/notebook/cell-status.ts';
import type { NotebookDocument } from '../../src/notebook/document.ts';
import { newCell } from '../../src/notebook/new-cells.ts';
import { planRuns, staleRunCells } from '../../src/notebook/plan-runs.ts';
import { resolveRuns } from '../../src/notebook/resolve.ts';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import { addCell, renameRun, updateCell } from '../../src/notebook/transitions.ts';
import { queuedRun, type Run } from '../../src/runs/reducer.ts';
import { pruningSchema, trainingArgumentsSchema } from '../../src/runs/spec.ts';
import { sweepSchema } from '../../src/runs/sweep.ts';
import { recordOf, runOfCell } from './run-records.ts';

const template = magnitudeOrMovement('full');
const dense = {
  ...newCell('run', 'dense', template),
  name: 'dense',
  pruning: pruningSchema.parse({ pruning_method: 'none' }),
};
const taught = [
  addCell(dense, template.cells.length),
  updateCell('movement', 'run', {
    distillation: { teacher: 'dense', alpha_distil: 0.9, alpha_ce: 0.1, temperature: 2 },
  }),
].reduce((document, transition) => transition(document), template);

function runsThatAre(status: Run['status'], document: NotebookDocument, ids: readonly string[]) {
  const runs = ids.flatMap((cellId) =>
    resolveRuns(document, cellId).map((run) => {
      const id = `${cellId} ${run.variant}`;
      return { ...queuedRun({ ...run, id, notebookId: 'n', cellId, createdAt: 0 }), status };
    }),
  );
  return recordOf(...runs);
}
const none = {};
const idsOf = (requests: ReturnType<typeof planRuns>) => requests.map(({ cellId }) => cellId);
const namesOf = (requests: ReturnType<typeof planRuns>) => requests.map(({ spec }) => spec.name);
const both = ['magnitude', 'movement'];
const withSeeds = (id: string, values: readonly number[]) =>
  updateCell(id, 'run', {
    sweep: sweepSchema.parse({ settings: [{ kind: 'list', path: 'training.seed', values }] }),
  });

describe('planRuns', () => {
  it('puts a teacher without a result before its student, wherever it stands', () => {
    expect(idsOf(planRuns(taught, none, ['movement']))).toEqual(['dense', 'movement']);
  });

  it('puts a run without a result before those that start from it', () => {
    const started = updateCell('movement', 'run', { starts_from: 'dense', distillation: null })(taught);
    expect(idsOf(planRuns(started, none, ['movement']))).toEqual(['dense', 'movement']);
  });

  it('trains a teacher again whose result has another name: by name is how the student finds it', () => {
    const renamed = renameRun('dense', 'baseline')(taught);
    expect(idsOf(planRuns(renamed, runsThatAre('done', taught, ['dense']), ['movement']))).toEqual([
      'dense',
      'movement',
    ]);
  });

  it('gives the runs of a sweep its budget', () => {
    const sweep = sweepSchema.parse({
      settings: [{ kind: 'list', path: 'training.seed', values: [1, 2] }],
      max_minutes: 30,
    });
    const swept = updateCell('movement', 'run', { sweep })(template);
    expect(planRuns(swept, none, both).map(({ budgetMinutes }) => budgetMinutes)).toEqual([null, 30, 30]);
  });

  it('does not train a teacher again that has a result, though a later run of it failed', () => {
    const failed = runOfCell(taught, 'dense', { id: 'later', status: 'failed', createdAt: 1 });
    const runs = { ...runsThatAre('done', taught, ['dense']), [failed.id]: failed };
    expect(idsOf(planRuns(taught, runs, ['movement']))).toEqual(['movement']);
  });

  it('leaves out what is under way', () => {
    const running = runsThatAre('running', template, ['magnitude']);
    expect(idsOf(planRuns(template, running, ['magnitude', 'movement']))).toEqual(['movement']);
  });

  it('takes only runs without a current result, of one cell as of all', () => {
    expect(idsOf(planRuns(template, runsThatAre('done', template, ['magnitude']), both))).toEqual(['movement']);
    expect(idsOf(planRuns(template, runsThatAre('failed', template, ['magnitude']), both))).toEqual(both);
  });

  it('leaves out a result of a page that had fewer settings, all of them now at their defaults', () => {
    const runs = runsThatAre('done', template, both);
    const withoutFp16 = Object.values(runs).map((run) => {
      const { fp16: _, ...training } = run.spec.training;
      return { ...run, spec: { ...run.spec, training } } as Run; // as IndexedDB gives it back
    });
    const changed = updateCell('movement', 'run', { training: trainingArgumentsSchema.parse({ fp16: true }) });
    expect(idsOf(planRuns(changed(template), recordOf(...withoutFp16), both))).toEqual(['movement']);
    expect(planRuns(template, recordOf(...withoutFp16), both)).toEqual(planRuns(template, runs, both));
  });

  it('takes results of settings that have changed since', () => {
    const runOf = runsThatAre('done', template, both);
    const pruning = pruningSchema.parse({ final_threshold: 0.03 });
    expect(idsOf(planRuns(updateCell('movement', 'run', { pruning })(template), runOf, both))).toEqual(['movement']);
  });

  it('takes a student whose teacher is stale, after it', () => {
    const runs = runsThatAre('done', taught, ['dense', 'movement']);
    const changed = updateCell('dense', 'run', { training: trainingArgumentsSchema.parse({ seed: 1 }) })(taught);
    expect(staleRunCells(changed, cellStatuses(changed, runs))).toEqual(['movement', 'dense']);
    expect(idsOf(planRuns(changed, runs, ['movement', 'dense']))).toEqual(['dense', 'movement']);
  });

  it('takes all runs once nothing is stale: who asks again wants them again', () => {
    expect(idsOf(planRuns(template, runsThatAre('done', template, both), both))).toEqual(both);
  });
});

describe('planRuns with seeds as a list', () => {
  it('makes one run per seed', () => {
    const document = withSeeds('movement', [1, 2, 3])(template);
    expect(namesOf(planRuns(document, none, ['movement']))).toEqual([1, 2, 3].map((seed) => `movement seed ${seed}`));
  });

  it('runs what has been added, and keeps what is there', () => {
    const runOf = runsThatAre('done', withSeeds('movement', [1, 2])(template), ['movement']);
    expect(namesOf(planRuns(withSeeds('movement', [1, 2, 3])(template), runOf, ['movement']))).toEqual([
      'movement seed 3',
    ]);
  });

  it('lets each seed learn from the teacher of its own', () => {
    const document = withSeeds('dense', [1, 2])(withSeeds('movement', [2, 1])(taught));
    const planned = planRuns(document, none, ['movement']);
    expect(namesOf(planned)).toEqual(['dense seed 1', 'dense seed 2', 'movement seed 2', 'movement seed 1']);
    expect(planned[2]?.spec.distillation?.teacher).toBe('dense seed 2');
  });

  it('runs of a swept teacher only what is needed: a student of seed 42 learns from seed 42', () => {
    const document = withSeeds('dense', [41, 42])(taught);
    expect(namesOf(planRuns(document, none, ['movement']))).toEqual(['dense seed 42', 'movement']);
  });

  it('refuses a student whose teacher has no run of its seed', () => {
    const document = withSeeds('dense', [1, 2])(taught);
    expect(() => planRuns(document, none, ['movement'])).toThrow('a run of “dense” with training.seed 42, got none');
  });
});
