import { describe, expect, it } from 'vitest';
import { moveQueued, queueOf, sourcesOf, strandedRuns } from '../../src/runs/queue.ts';
import { queuedRun, type Run } from '../../src/runs/reducer.ts';
import { type RunSpec, runSpecSchema } from '../../src/runs/spec.ts';

const specOf = (name: string, change: Partial<RunSpec> = {}): RunSpec => ({
  ...runSpecSchema.parse({
    name,
    model: { kind: 'embedded', id: 'all-MiniLM-L6-v2' },
    data: { kind: 'embedded', id: 'spam-assassin' },
  }),
  ...change,
});
const runOf = (id: string, change: Partial<Run> = {}): Run => ({
  ...queuedRun({ id, notebookId: 'n', variant: '', cellId: id, spec: specOf(id), createdAt: 0 }),
  ...change,
});
const record = (...runs: readonly Run[]) => Object.fromEntries(runs.map((run) => [run.id, run]));
const order = (runs: Readonly<Record<string, Run>>) => queueOf(runs).map(({ id }) => id);

describe('the queue', () => {
  const runs = record(
    runOf('done', { status: 'done' }),
    runOf('a'),
    runOf('now', { status: 'running' }),
    runOf('b'),
    runOf('c'),
  );

  it('is what waits, in order', () => {
    expect(order(runs)).toEqual(['a', 'b', 'c']);
  });

  it('lets a run go ahead, and back behind, past what does not wait', () => {
    expect(order(moveQueued(runs, 'b', -1))).toEqual(['b', 'a', 'c']);
    expect(order(moveQueued(runs, 'b', 1))).toEqual(['a', 'c', 'b']);
    expect(Object.keys(moveQueued(moveQueued(runs, 'b', -1), 'b', 1))).toEqual(Object.keys(runs));
  });

  it.each([
    ['a', -1],
    ['c', 1],
    ['now', -1],
    ['nothing', 1],
  ] as const)('stays as it is when %s cannot move by %i', (id, by) => {
    expect(moveQueued(runs, id, by)).toBe(runs);
  });

  it.each([
    ['its teacher', { distillation: { teacher: 'dense', alpha_distil: 0.9, alpha_ce: 0.1, temperature: 2 } }],
    ['the run it starts from', { starts_from: 'dense' }],
  ])('keeps a run behind %s', (_, change) => {
    const waiting = record(runOf('dense'), runOf('student', { spec: specOf('student', change) }), runOf('other'));
    expect(moveQueued(waiting, 'student', -1)).toBe(waiting);
    expect(moveQueued(waiting, 'dense', 1)).toBe(waiting);
    expect(order(moveQueued(waiting, 'student', 1))).toEqual(['dense', 'other', 'student']);
  });
});

const teacher = (name: string) => ({ teacher: name, alpha_distil: 0.9, alpha_ce: 0.1, temperature: 2 });

describe('the sources of a run', () => {
  const student = runOf('student', { spec: specOf('student', { starts_from: 'dense' }) });

  it('are the newest results of the runs it names', () => {
    const runs = record(
      runOf('old', { spec: specOf('dense'), status: 'done', createdAt: 1 }),
      runOf('new', { spec: specOf('dense'), status: 'stopped', createdAt: 2 }),
      runOf('failed', { spec: specOf('dense'), status: 'failed', createdAt: 3 }),
    );
    expect(sourcesOf(student, runs)).toEqual(['new']);
    expect(sourcesOf(runOf('student'), runs)).toEqual([]);
  });

  it('are of its own notebook', () => {
    const elsewhere = runOf('elsewhere', { spec: specOf('dense'), status: 'done', notebookId: 'other' });
    expect(sourcesOf(student, record(elsewhere))).toEqual([]);
  });
});

describe('runs that wait in vain', () => {
  const taught = runOf('taught', { spec: specOf('taught', { distillation: teacher('dense') }) });
  const later = runOf('later', { spec: specOf('later', { starts_from: 'taught' }) });
  const vain = (...runs: readonly Run[]) => strandedRuns(record(...runs, taught, later)).map(({ id }) => id);

  it('are those that need a run without weights, and those that need these', () => {
    expect(vain(runOf('dense', { status: 'failed' }), runOf('other'))).toEqual(['taught', 'later']);
    expect(vain()).toEqual(['taught', 'later']);
    expect(vain(runOf('dense', { status: 'done', notebookId: 'another' }))).toEqual(['taught', 'later']);
  });

  it.each(['queued', 'starting', 'paused', 'done', 'stopped'] as const)(
    'are none while what they need is %s',
    (status) => {
      expect(vain(runOf('dense', { status }))).toEqual([]);
    },
  );

  it('are none where an earlier run has the weights', () => {
    expect(
      vain(runOf('before', { spec: specOf('dense'), status: 'done' }), runOf('dense', { status: 'failed' })),
    ).toEqual([]);
  });
});
