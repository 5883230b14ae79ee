import { describe, expect, it } from 'vitest';
import { runSpecSchema } from '../../src/runs/spec.ts';
import { pruningZones, sharedZones } from '../../src/ui/run/pruning-zones.ts';

const started = { totalSteps: 100, backend: 'wasm', adapter: '', matrices: [], parameters: 0 } as const;
const run = (training: object, pruning: object) => ({
  spec: runSpecSchema.parse({
    name: 'run',
    model: { kind: 'embedded', id: 'all-MiniLM-L6-v2' },
    data: { kind: 'embedded', id: 'spam-assassin' },
    training,
    pruning,
  }),
  started,
});
const usual = run({ warmup_ratio: 0.1 }, { initial_warmup: 1, final_warmup: 2 });

describe('the zones of a run’s charts', () => {
  it('lie where the schedule has warm-up, ramp and cool-down', () => {
    // A tenth of 100 steps is warm-up: the ramp runs from 1 · 10 to 100 − 2 · 10.
    expect(pruningZones(usual).map(({ label, from, to }) => [label, from, to])).toEqual([
      ['warm-up', 0, 10],
      ['pruning', 10, 80],
      ['cool-down', 80, 100],
    ]);
  });

  it('take a number of warm-up steps before a share of them, as the trainer does', () => {
    expect(pruningZones(run({ warmup_ratio: 0.1, warmup_steps: 5 }, {}))[1]).toMatchObject({ from: 5, to: 90 });
  });

  it('are none before the start, of dense runs, and where nothing ramps', () => {
    expect(pruningZones({ ...usual, started: null })).toEqual([]);
    expect(pruningZones(run({}, { pruning_method: 'none' }))).toEqual([]);
    expect(pruningZones(run({}, { pruning_method: 'l0' }))).toEqual([]);
    // Without warm-up there is no cool-down either: it is a multiple of it.
    expect(pruningZones(run({}, {})).map(({ label }) => label)).toEqual(['pruning']);
  });

  it('are shared only by runs of one schedule, whatever dense runs lie beside them', () => {
    const dense = run({}, { pruning_method: 'none' });
    expect(sharedZones([dense, usual, usual])).toEqual(pruningZones(usual));
    expect(sharedZones([usual, run({ warmup_ratio: 0.2 }, {})])).toEqual([]);
    expect(sharedZones([dense])).toEqual([]);
  });
});
