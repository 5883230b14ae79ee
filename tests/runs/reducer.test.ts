import { describe, expect, it } from 'vitest';
import type { RunEvent, RunSummary } from '../../src/runs/events.ts';
import { queuedRun, type Run, reduceRun, reopened } from '../../src/runs/reducer.ts';
import { runSpecSchema } from '../../src/runs/spec.ts';

const spec = runSpecSchema.parse({
  name: 'movement',
  model: { kind: 'embedded', id: 'all-MiniLM-L6-v2' },
  data: { kind: 'embedded', id: 'spam-assassin' },
});
const starting: Run = {
  ...queuedRun({ id: 'r', notebookId: 'n', cellId: 'c', variant: '', spec, createdAt: 0 }),
  status: 'starting',
};
const summary: RunSummary = {
  metrics: { 'test/f1': 0.9 },
  encoderKept: 10,
  encoderTotal: 100,
  keptByMatrix: [10],
  modelNonZero: 60,
  modelTotal: 150,
  classes: null,
  elapsedMs: 1000,
};
const started: RunEvent = {
  type: 'started',
  resumedAt: 0,
  totalSteps: 20,
  backend: 'wasm',
  adapter: 'WebAssembly, 2 threads',
  matrices: [],
  headSize: 32,
  parameters: 150,
  estimatedBytes: 4000,
};
const fold = (events: readonly RunEvent[], run: Run = starting) => events.reduce(reduceRun, run);

describe('reduceRun', () => {
  it('runs once started, and remembers what it runs on', () => {
    const run = fold([started]);
    expect(run.status).toBe('running');
    expect(run.started).toEqual({
      resumedAt: 0,
      totalSteps: 20,
      backend: 'wasm',
      adapter: 'WebAssembly, 2 threads',
      matrices: [],
      headSize: 32,
      parameters: 150,
    });
  });

  it('goes on from its checkpoint, without the rows and warnings that come again', () => {
    const warning = { code: 'empty-texts', message: 'Some are.' } as const;
    const rows = [{ step: 1, values: { 'train/loss': 1 } }];
    const before = [started, { type: 'warning', warning }, { type: 'metrics', rows }] as const;
    const run = fold([...before, { ...started, resumedAt: 8 }]);
    expect(run).toMatchObject({ savedStep: 8, rowCount: 0, warnings: [], started: { resumedAt: 8 } });
  });

  it('pauses and resumes', () => {
    expect(fold([started, { type: 'paused' }]).status).toBe('paused');
    expect(fold([started, { type: 'paused' }, { type: 'resumed' }]).status).toBe('running');
  });

  it('counts metric rows without holding them', () => {
    const rows = [
      { step: 1, values: { 'train/loss': 0.7 } },
      { step: 2, values: { 'train/loss': 0.6 } },
    ];
    expect(fold([started, { type: 'metrics', rows }, { type: 'metrics', rows }]).rowCount).toBe(4);
  });

  it('shows a phase until it is complete', () => {
    const phase = (done: number): RunEvent => ({ type: 'phase', phase: 'Evaluating', done, total: 8 });
    expect(fold([started, phase(3)]).phase).toEqual({ name: 'Evaluating', done: 3, total: 8 });
    expect(fold([started, phase(3), phase(8)]).phase).toBeNull();
  });

  it('sets the most memory held against what was estimated, to the end', () => {
    const progress = { step: 1, examplesPerSecond: 1, etaMs: 1, tensors: 3, bytes: 3000, peakBytes: 3600 };
    const running = fold([started, { type: 'progress', progress }]);
    expect(running.memory).toEqual({ estimatedBytes: 4000, peakBytes: 3600 });
    const done = fold([{ type: 'finished', outcome: 'done', summary, problem: null, peakBytes: 3900 }], running);
    expect(done.memory).toEqual({ estimatedBytes: 4000, peakBytes: 3900 });
  });

  it('keeps the summary of a stopped run', () => {
    const run = fold([started, { type: 'finished', outcome: 'stopped', summary, problem: null, peakBytes: 3900 }]);
    expect(run.status).toBe('stopped');
    expect(run.summary).toEqual(summary);
  });

  it('keeps weights and reason of a run that stopped by itself', () => {
    const problem = { code: 'nan-loss', message: 'step 3: expected a finite loss, got NaN.' } as const;
    const run = fold([started, { type: 'finished', outcome: 'stopped', summary, problem, peakBytes: 3900 }]);
    expect(run).toMatchObject({ status: 'stopped', summary, error: problem });
  });

  it('ignores what arrives after the end', () => {
    const failed = fold([started, { type: 'failed', error: { code: 'nan-loss', message: 'loss: NaN at step 3.' } }]);
    expect(
      fold(
        [{ type: 'resumed' }, { type: 'finished', outcome: 'done', summary, problem: null, peakBytes: 3900 }],
        failed,
      ),
    ).toBe(failed);
  });
});

describe('reopened', () => {
  it.each(['queued', 'starting', 'running', 'paused'] as const)('reads a %s run as interrupted', (status) => {
    expect(reopened({ ...starting, status }).status).toBe('interrupted');
  });

  it('leaves a finished run as it was', () => {
    const done: Run = { ...starting, status: 'done', summary };
    expect(reopened(done)).toBe(done);
  });
});
