import { describe, expect, it } from 'vitest';
import { expandSweep, gridSize, largestRun, type PlannedRun, runPlanSchema, valueAt } from '../../src/runs/sweep.ts';

const list = (path: string, values: readonly unknown[]) => ({ kind: 'list', path, values });
const range = (path: string, ends: object) => ({ kind: 'range', path, ...ends });
const planOf = (settings: readonly object[], sweep: object = {}) =>
  runPlanSchema.parse({
    name: 'topK',
    model: { kind: 'embedded', id: 'all-MiniLM-L6-v2' },
    data: { kind: 'embedded', id: 'spam-assassin' },
    sweep: { settings, ...sweep },
  });
const valuesOf = (plan: ReturnType<typeof planOf>, ...paths: readonly string[]) =>
  expandSweep(plan).map(({ spec }) => paths.map((path) => valueAt(spec, path)));

const kept = 'pruning.final_threshold';
const seed = 'training.seed';

describe('a plan without a sweep', () => {
  it('is one run of its own name', () => {
    const { sweep: _, ...spec } = planOf([]);
    expect(expandSweep({ ...spec, sweep: null })).toEqual([{ variant: '', spec }]);
    expect(expandSweep(planOf([]))).toEqual([{ variant: '', spec }]);
  });
});

describe('a grid', () => {
  it('has every combination, the last setting changing first', () => {
    expect(valuesOf(planOf([list(kept, [0.1, 0.03]), list(seed, [1, 2])]), kept, seed)).toEqual([
      [0.1, 1],
      [0.1, 2],
      [0.03, 1],
      [0.03, 2],
    ]);
  });

  it('names its runs after what they have', () => {
    expect(expandSweep(planOf([list(seed, [2])])).map(({ spec }) => spec.name)).toEqual(['topK seed 2']);
    const [run] = expandSweep(planOf([list(kept, [0.1]), list(seed, [2])]));
    expect(run?.variant).toBe('final_threshold 0.1, seed 2');
    expect(run?.spec.name).toBe('topK final_threshold 0.1, seed 2');
  });

  it('says in full which of two settings that end alike it means', () => {
    const plan = {
      ...planOf([list('few_shot.seed', [5]), list(seed, [6])]),
      few_shot: { labels_per_class: 1, seed: 0 },
    };
    expect(expandSweep(plan)[0]?.variant).toBe('few_shot.seed 5, training.seed 6');
  });

  it('ends with the budget, and knows how much it leaves out', () => {
    const plan = planOf([list(kept, [0.1, 0.03]), list(seed, [1, 2, 3])], { max_runs: 4 });
    expect(valuesOf(plan, kept, seed)).toEqual([
      [0.1, 1],
      [0.1, 2],
      [0.1, 3],
      [0.03, 1],
    ]);
    expect(gridSize(plan)).toBe(6);
  });

  it('takes ranges in even steps, or in even ratios', () => {
    // 0.1 + 0.8 · (0, ½, 1); and 1e-5 · 100^(0, ½, 1).
    expect(valuesOf(planOf([range(kept, { from: 0.1, to: 0.9, count: 3 })]), kept)).toEqual([[0.1], [0.5], [0.9]]);
    const rates = planOf([range('training.learning_rate', { from: 1e-5, to: 1e-3, count: 3, scale: 'log' })]);
    expect(valuesOf(rates, 'training.learning_rate')).toEqual([[1e-5], [1e-4], [1e-3]]);
  });

  it('rounds where a setting takes whole numbers only, and drops what is then twice', () => {
    // 1, 1.5, 2, 2.5, 3 → 1, 2, 2, 3, 3.
    expect(valuesOf(planOf([range(seed, { from: 1, to: 3, count: 5 })]), seed)).toEqual([[1], [2], [3]]);
    expect(valuesOf(planOf([range('model.layers', { from: 1, to: 2, count: 3 })]), 'model.layers')).toEqual([[1], [2]]);
  });
});

describe('a random search', () => {
  const settings = [
    range('training.learning_rate', { from: 1e-5, to: 1e-3, count: 2, scale: 'log' }),
    list('pruning.pruning_method', ['topK', 'magnitude']),
    list(seed, [1, 2, 3]),
  ];
  const plan = planOf(settings, { search: 'random', max_runs: 12, seed: 7 });

  it('draws the same from the same seed, and otherwise from another', () => {
    expect(expandSweep(plan)).toEqual(expandSweep(plan));
    expect(expandSweep(planOf(settings, { search: 'random', max_runs: 12, seed: 8 }))).not.toEqual(expandSweep(plan));
  });

  it('runs what it draws with every seed, within the budget', () => {
    const rows = valuesOf(plan, 'training.learning_rate', 'pruning.pruning_method', seed);
    expect(rows).toHaveLength(12);
    expect(rows.map((row) => row[2])).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
    expect(new Set(rows.map(([rate, method]) => `${rate} ${method}`)).size).toBe(4);
    for (const [rate] of rows) {
      expect(rate).toBeGreaterThanOrEqual(1e-5);
      expect(rate).toBeLessThanOrEqual(1e-3);
    }
  });

  it('draws each combination once, and no more than there are', () => {
    const rows = valuesOf(planOf([list(kept, [0.1, 0.3]), list(seed, [1, 2])], { search: 'random' }), kept, seed);
    expect(rows.toSorted()).toEqual([
      [0.1, 1],
      [0.1, 2],
      [0.3, 1],
      [0.3, 2],
    ]);
  });
});

describe('what a sweep refuses', () => {
  it.each([
    ['a value that its setting cannot have', [list(seed, [1.5])], /topK: training\.seed: expected a value .* got 1\.5/],
    ['a setting that is none', [list('training.sed', [1])], /training\.sed: expected a setting of this run/],
    ['a setting of a part not in use', [list('uda.unsup_ratio', [1])], /uda\.unsup_ratio: expected a setting/],
    ['a setting twice', [list(seed, [1]), list(seed, [2])], /training\.seed: expected one list of values, got two/],
  ])('%s', (_, settings, message) => {
    expect(() => expandSweep(planOf(settings))).toThrow(message);
  });

  it.each([
    [range(kept, { from: 0.3, to: 0.1, count: 2 }), /smaller end/],
    [range(kept, { from: 0, to: 0.1, count: 2, scale: 'log' }), /above 0/],
  ])('a range %o', (setting, message) => {
    expect(() => planOf([setting])).toThrow(message);
  });
});

describe('the largest run of a plan', () => {
  const sizeOf = (...settings: Parameters<typeof planOf>[0]) => {
    const { per_device_train_batch_size: batch, max_seq_length: tokens } = largestRun(expandSweep(planOf(settings)))!
      .spec.training;
    return [batch, tokens];
  };

  it('has the most tokens in a batch, and of equal ones the longest texts', () => {
    const batches = list('training.per_device_train_batch_size', [8, 32, 16]);
    expect(sizeOf(batches, list('training.max_seq_length', [64]))).toEqual([32, 64]);
    expect(sizeOf(list('training.max_seq_length', [128, 32]), batches)).toEqual([32, 128]);
    expect(largestRun([])).toBeNull();
    const [{ spec }] = expandSweep(planOf([])) as [PlannedRun];
    const sameTokens = [
      [32, 64],
      [16, 128],
    ].map(([batch, tokens]) => ({
      variant: '',
      spec: { ...spec, training: { ...spec.training, per_device_train_batch_size: batch!, max_seq_length: tokens! } },
    }));
    expect(largestRun(sameTokens)).toBe(sameTokens[1]);
  });
});
