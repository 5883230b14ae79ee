import { describe, expect, it } from 'vitest';
import { stepSummary, stepTable } from '../../../scripts/lib/bench/step-figures.ts';

const sizes = { layers: 2, hidden: 8, heads: 2, feedForward: 16, vocabulary: 32, tokens: 4, batch: 1 };
const racer = (median: number, dispatches = 0) => ({
  median,
  min: median - 1,
  n: 10,
  dispatches,
  submits: dispatches > 0 ? 1 : 0,
  submits_with_loss: dispatches > 0 ? 2 : 0,
  overhead_ms: dispatches > 0 ? 0.5 : null,
  losses: [1],
});
const contestants = {
  winnow_webgpu: racer(100, 70),
  winnow_topK: racer(110, 80),
  winnow_magnitude: racer(120, 95),
  tfjs: racer(2000, 900),
  jax_webgpu: racer(300, 350),
  winnow_wasm: racer(80),
  jax_wasm: racer(200),
  pytorch: racer(40),
};
const stepsPerTurn = 1;
const models = {
  S: { sizes, stepsPerTurn, contestants },
  M: { sizes, stepsPerTurn, contestants },
  D: { sizes, stepsPerTurn, contestants },
};

describe("the step suite's summary", () => {
  it('puts rivals over ours on the same kind of device, and pruned steps over dense', () => {
    const summary = stepSummary(models);
    expect(summary.speedup).toEqual({ tfjs: 20, jax_webgpu: 3, jax_wasm: 2.5 });
    expect(summary.cost).toEqual({ topK: 1.1, magnitude: 1.2 });
    expect(summary).toMatchObject({ dispatches: 70, submits: 1, overhead_ms: 0.5, wasm_over_pytorch: 2 });
  });

  it('has no ratio to a PyTorch that did not run', () => {
    const { pytorch: _, ...others } = contestants;
    expect(stepSummary({ ...models, S: { sizes, stepsPerTurn, contestants: others } }).wasm_over_pytorch).toBeNull();
  });

  it('names a contestant that is missing', () => {
    const { tfjs: _, ...others } = contestants;
    expect(() => stepSummary({ ...models, M: { sizes, stepsPerTurn, contestants: others } })).toThrow(
      'the contestant tfjs',
    );
  });

  it('is shown with what is met and what is missed', () => {
    const figures = {
      machine: { cpu: 'A CPU', cores: 2 },
      adapter: 'An adapter',
      versions: { browser: 'Chrome/1', pytorch: null },
      ...stepSummary(models),
      models,
    };
    const table = stepTable(figures);
    expect(table).toContain('A CPU, 2 cores; adapter: An adapter; browser Chrome/1, pytorch not run.');
    expect(table).toContain('| tfjs | 2,000 | 1,999 | 10 | 900 | 1 | 0.500 |');
    expect(table).toContain('| S: topK over dense | 1.10 | ≤ 1.15 | met |');
    expect(table).toContain('| S: magnitude over dense | 1.20 | ≤ 1.15 | **missed** |');
    expect(table).toContain('| S: further dispatches for magnitude | 25 | ≤ 20 | **missed** |');
    expect(table).toContain('| D: jax_webgpu over ours | 3 | ≥ 10 | **missed** |');
  });
});
