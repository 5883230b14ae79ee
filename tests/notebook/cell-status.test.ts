import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { cellStatuses } from '../../src/notebook/cell-status.ts';
import { createCellStatusStore } from '../../src/notebook/cell-status-store.ts';
import { type CellOf, findCell, type NotebookDocument } from '../../src/notebook/document.ts';
import { newCell } from '../../src/notebook/new-cells.ts';
import { resolveRunSpec, resolveRuns } from '../../src/notebook/resolve.ts';
import { isOutdated } from '../../src/notebook/run-standings.ts';
import { createNotebookStore } from '../../src/notebook/store.ts';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import { addCell, deleteCell, renameRun, updateCell } from '../../src/notebook/transitions.ts';
import { type Run, type RunStatus, reopened } from '../../src/runs/reducer.ts';
import { pruningSchema, trainingArgumentsSchema } from '../../src/runs/spec.ts';
import { recordOf, runOfCell } from './run-records.ts';

const template = magnitudeOrMovement('full');
const both = recordOf(runOfCell(template, 'magnitude'), runOfCell(template, 'movement'));
const statusesIn = (document: NotebookDocument, runs: Readonly<Record<string, Run>>) =>
  Object.fromEntries(
    [...cellStatuses(document, runs)].map(([id, { state, why }]) => [id, why ? `${state}: ${why}` : state]),
  );
const deeper = (document: NotebookDocument) => {
  const { choice } = findCell(document, 'model', 'model')!;
  return updateCell('model', 'model', { choice: { ...choice, layers: 3 } })(document);
};

describe('the status of a run cell', () => {
  it.each<[RunStatus, string]>([
    ['queued', 'queued: 1 of 1'],
    ['starting', 'running'],
    ['running', 'running'],
    ['paused', 'paused'],
    ['done', 'done'],
    ['stopped', 'done: stopped early'],
    ['failed', 'error'],
    ['interrupted', 'interrupted'],
  ])('whose newest run is %s is %s', (status, expected) => {
    const runs = recordOf(runOfCell(template, 'movement', { status }));
    expect(statusesIn(template, runs)).toMatchObject({ magnitude: 'idle', movement: expected });
  });

  it('says its place in the queue', () => {
    const runs = recordOf(
      runOfCell(template, 'movement', { status: 'queued' }),
      runOfCell(template, 'magnitude', { status: 'queued' }),
    );
    expect(statusesIn(template, runs)).toMatchObject({ movement: 'queued: 1 of 2', magnitude: 'queued: 2 of 2' });
  });

  it.each<RunStatus>(['queued', 'starting', 'running', 'paused'])('never says %s of a page that opens', (status) => {
    const runs = recordOf(reopened(runOfCell(template, 'movement', { status })));
    expect(statusesIn(template, runs).movement).toBe('interrupted');
  });

  it('leaves out text, models and data: they never run', () => {
    const kinds = template.cells.filter(({ id }) => cellStatuses(template, both).has(id)).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['run', 'compare', 'masks', 'download']));
  });
});

describe('a stale result', () => {
  it('is that of another model, of other data, of other settings', () => {
    expect(statusesIn(deeper(template), both).movement).toBe('stale: the model has changed');
    const { choice } = findCell(template, 'data', 'data')!;
    const fewer = updateCell('data', 'data', {
      choice: { ...choice, slices: { ...choice.slices, train: 'train[:9]' } },
    });
    expect(statusesIn(fewer(template), both).magnitude).toBe('stale: the data have changed');
    const faster = updateCell('movement', 'run', { training: trainingArgumentsSchema.parse({ learning_rate: 1 }) });
    const changed = statusesIn(faster(template), both);
    expect(changed).toMatchObject({ magnitude: 'done', movement: 'stale: the settings have changed' });
    expect(statusesIn(faster(deeper(template)), both).movement).toBe('stale: the model and the settings have changed');
  });

  it('is current again once the change is taken back', () => {
    expect(
      statusesIn(updateCell('model', 'model', findCell(template, 'model', 'model')!)(deeper(template)), both),
    ).toEqual(statusesIn(template, both));
  });

  it('is that of a cell which could not run now', () => {
    const { movement, 'download-movement': download } = statusesIn(deleteCell('data')(template), both);
    expect(movement).toBe('stale: it cannot run as it is set now');
    expect(download).toBe('stale: movement is stale');
  });

  it('shows on what shows it', () => {
    const renamed = renameRun('movement', 'moved')(template);
    expect(statusesIn(renamed, both)).toMatchObject({
      magnitude: 'done',
      movement: 'stale: the name has changed',
      compare: 'stale: moved is stale',
      masks: 'stale: moved is stale',
      'download-magnitude': 'done',
      'download-movement': 'stale: moved is stale',
    });
  });

  it('is not one of a page that had fewer settings, all of them now at their defaults', () => {
    const { fp16: _, ...training } = both['run-movement']!.spec.training;
    const old = { ...both['run-movement']!, spec: { ...both['run-movement']!.spec, training } } as Run; // as IndexedDB gives it back
    expect(isOutdated(old, resolveRunSpec(template, 'movement'))).toBe(false);
    const changed = updateCell('movement', 'run', { training: trainingArgumentsSchema.parse({ fp16: true }) });
    expect(isOutdated(old, resolveRunSpec(changed(template), 'movement'))).toBe(true);
  });
});

describe('staleness goes down the graph', () => {
  const isDense = { pruning: pruningSchema.parse({ pruning_method: 'none' }) };
  const fromRun = (name: string) => ({ starts_from: name, ...isDense });
  const chain = [
    addCell({ ...newCell('run', 'first', template), name: 'first', ...isDense } as CellOf<'run'>, 9),
    addCell({ ...newCell('run', 'second', template), name: 'second', ...fromRun('first') } as CellOf<'run'>, 9),
    updateCell('movement', 'run', {
      distillation: { teacher: 'second', alpha_distil: 0.9, alpha_ce: 0.1, temperature: 2 },
    }),
  ].reduce((document, transition) => transition(document), template);
  const first = runOfCell(chain, 'first');
  const second = runOfCell(chain, 'second', { sources: [first.id] });
  const movement = runOfCell(chain, 'movement', { sources: [second.id] });
  const runs = recordOf(first, second, movement);

  it('from a run to those that start from it, and to those these teach', () => {
    expect(statusesIn(chain, runs)).toMatchObject({ first: 'done', second: 'done', movement: 'done' });
    const changed = updateCell('first', 'run', { training: trainingArgumentsSchema.parse({ seed: 1 }) })(chain);
    expect(statusesIn(changed, runs)).toMatchObject({
      first: 'stale: the settings have changed',
      second: 'stale: first is stale',
      movement: 'stale: second is stale',
      'download-movement': 'stale: movement is stale',
    });
  });

  it('also when a run that others took weights from has run again', () => {
    const again = { ...first, id: 'again', createdAt: 1 };
    expect(statusesIn(chain, recordOf(again, second, movement))).toMatchObject({
      first: 'done',
      second: 'stale: first has run again',
      movement: 'stale: second is stale',
    });
  });

  it('but not from a run that is only under way again, nor where nobody noted whose weights were taken', () => {
    const again = { ...first, id: 'again', createdAt: 1, status: 'running' } as const;
    expect(statusesIn(chain, recordOf(first, again, second, movement)).second).toBe('done');
    const old = { ...second, sources: null };
    expect(statusesIn(chain, recordOf({ ...first, id: 'other' }, old, movement)).second).toBe('done');
  });

  it('and ends, where runs need each other in a circle', () => {
    const circle = updateCell('first', 'run', fromRun('second'))(chain);
    expect(statusesIn(circle, runs).first).toMatch(/^stale/);
  });
});

describe('the status of a cell with several runs', () => {
  const swept = updateCell('movement', 'run', {
    sweep: {
      settings: [{ kind: 'list', path: 'training.seed', values: [1, 2] }],
      search: 'grid',
      seed: 0,
      max_runs: 9,
      max_minutes: null,
    },
  })(template);
  const seeds = (first: RunStatus, second: RunStatus) =>
    recordOf(
      ...resolveRuns(swept, 'movement').map((planned, index) =>
        runOfCell(swept, 'movement', { ...planned, id: planned.variant, status: index === 0 ? first : second }),
      ),
    );

  it.each<[RunStatus, RunStatus, string]>([
    ['done', 'running', 'running'],
    ['done', 'queued', 'queued: 1 of 1'],
    ['done', 'failed', 'error: 1 of 2 runs'],
    ['done', 'interrupted', 'interrupted'],
    ['done', 'done', 'done'],
  ])('is, with one %s and the other %s, %s', (first, second, expected) => {
    expect(statusesIn(swept, seeds(first, second)).movement).toBe(expected);
  });

  it('says how many have no result, and is stale while all are of another plan', () => {
    const { 'seed 1': only } = seeds('done', 'done');
    expect(statusesIn(swept, recordOf(only!)).movement).toBe('idle: 1 of 2 runs have no result');
    expect(statusesIn(swept, both).movement).toBe('stale: the settings have changed');
  });
});

describe('what shows runs', () => {
  it('waits for those under way, and is idle while one has no result', () => {
    const running = { ...both['run-movement']!, status: 'running' } as const;
    const waits = 'queued: waits for movement';
    expect(statusesIn(template, recordOf(both['run-magnitude']!, running))).toMatchObject({
      compare: waits,
      masks: waits,
      'download-movement': waits,
      'download-magnitude': 'done',
    });
    expect(statusesIn(template, recordOf(both['run-magnitude']!)).compare).toBe('idle: movement has no result');
    expect(statusesIn(template, {}).compare).toBe('idle: magnitude and movement have no result');
    expect(statusesIn(updateCell('compare', 'compare', { runCells: [] })(template), both).compare).toBe('idle');
  });
});

describe('the store of statuses', () => {
  it('follows the notebook and the runs, and is silent about reports', () => {
    const notebook = createNotebookStore(template);
    const runs = createStore(() => ({ runs: both }));
    const statuses = createCellStatusStore(notebook, runs);
    let heard = 0;
    statuses.subscribe(() => heard++);
    expect(statuses.getState().get('movement')?.state).toBe('done');
    notebook.apply(deeper);
    expect(statuses.getState().get('movement')?.state).toBe('stale');
    runs.setState({ runs: recordOf({ ...both['run-movement']!, status: 'running' }) });
    expect(statuses.getState().get('movement')?.state).toBe('running');
    expect(heard).toBe(2);
    runs.setState({ runs: recordOf({ ...both['run-movement']!, status: 'running', rowCount: 7 }) });
    expect(heard).toBe(2);
  });
});
