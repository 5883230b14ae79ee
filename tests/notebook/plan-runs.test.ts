import { describe, expect, it } from 'vitest';
import type { NotebookDocument } from '../../src/notebook/document.ts';
import { isOutdated, planRuns, staleCells } from '../../src/notebook/plan-runs.ts';
import { resolveRunSpec } from '../../src/notebook/resolve.ts';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import { addCell, newCell, updateCell } from '../../src/notebook/transitions.ts';
import { queuedRun, type Run } from '../../src/runs/reducer.ts';
import { pruningSchema, trainingArgumentsSchema } from '../../src/runs/spec.ts';

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
  const runs = new Map(
    ids.map((id) => {
      const run = queuedRun({
        id: `run-${id}`,
        notebookId: 'n',
        cellId: id,
        spec: resolveRunSpec(document, id),
        createdAt: 0,
      });
      return [id, { ...run, status }];
    }),
  );
  return (id: string): Run | null => runs.get(id) ?? null;
}
const none = () => null;
const idsOf = (requests: ReturnType<typeof planRuns>) => requests.map(({ cellId }) => cellId);

describe('planRuns', () => {
  it('puts a teacher without a result before its student, wherever it stands', () => {
    expect(idsOf(planRuns(taught, none, ['movement']))).toEqual(['dense', 'movement']);
  });

  it('puts a run without a result before those that start from it', () => {
    const started = updateCell('movement', 'run', { starts_from: 'dense', distillation: null })(taught);
    expect(idsOf(planRuns(started, none, ['movement']))).toEqual(['dense', 'movement']);
  });

  it('does not train a teacher again that has a result', () => {
    expect(idsOf(planRuns(taught, runsThatAre('done', taught, ['dense']), ['movement']))).toEqual(['movement']);
  });

  it('leaves out what is under way', () => {
    const running = runsThatAre('running', template, ['magnitude']);
    expect(idsOf(planRuns(template, running, ['magnitude', 'movement']))).toEqual(['movement']);
  });
});

describe('staleCells', () => {
  it('are all that have no result yet', () => {
    expect(staleCells(template, runsThatAre('done', template, ['magnitude']))).toEqual(['movement']);
    expect(staleCells(template, runsThatAre('failed', template, ['magnitude']))).toEqual(['magnitude', 'movement']);
  });

  it('leave out a result of a page that had fewer settings, all of them now at their defaults', () => {
    const runOf = runsThatAre('done', template, ['magnitude', 'movement']);
    const withoutFp16 = (id: string) => {
      const run = runOf(id);
      if (!run) return run;
      const { fp16: _, ...training } = run.spec.training;
      return { ...run, spec: { ...run.spec, training } } as Run; // as IndexedDB gives it back
    };
    const changed = updateCell('movement', 'run', { training: trainingArgumentsSchema.parse({ fp16: true }) });
    expect(staleCells(changed(template), withoutFp16)).toEqual(['movement']);
    expect(staleCells(template, withoutFp16)).toEqual(staleCells(template, runOf));
    expect(isOutdated(withoutFp16('movement')!, resolveRunSpec(template, 'movement'))).toBe(false);
  });

  it('include results of settings that have changed since', () => {
    const runOf = runsThatAre('done', template, ['magnitude', 'movement']);
    const changed = updateCell('movement', 'run', { pruning: pruningSchema.parse({ final_threshold: 0.03 }) })(
      template,
    );
    expect(staleCells(changed, runOf)).toEqual(['movement']);
  });

  it('are all runs once nothing is stale: who asks again wants them again', () => {
    const runOf = runsThatAre('done', template, ['magnitude', 'movement']);
    expect(staleCells(template, runOf)).toEqual(['magnitude', 'movement']);
  });
});
