import { describe, expect, it } from 'vitest';
import { differenceOf, inferFailures, inferFigures } from '../../../scripts/lib/bench/infer-figures.ts';
import { inferTable } from '../../../scripts/lib/bench/infer-table.ts';

const traffic = { dispatches: 18, submits: 1, copies: 0, mappings: 1 };
const contestant = (logits: readonly number[], times: readonly number[], emptyMs: readonly number[] = []) => ({
  device: 'A device',
  logits,
  timings: times.map((ms) => ({ ms, traffic })),
  emptyMs,
});
const contestants = {
  ours: contestant([1, 2], [10, 20, 12], [0.5]),
  standard: contestant([1, 2.0005], [40, 30, 36]),
  fused: contestant([1, 2], [24, 20, 30]),
};
const race = { model: 'S', backend: 'webgpu', batch: 6, threads: null, contestants } as const;

describe("the infer suite's figures", () => {
  it('compare our median with that of the faster dialect', () => {
    const { adapter, infer } = inferFigures([race]);
    expect(adapter).toBe('A device');
    expect(infer.S?.webgpu).toMatchObject({
      ours_ms: 12,
      ort_ms: 24,
      dialect: 'fused',
      ratio: 2,
      min_ratio: 2,
      agree: true,
      examples_per_second: { ours: 500, ort: 250 },
      rounds: 3,
      ours: { dispatches: 18, submits: 1, overhead_ms: 0.5 },
    });
  });

  it('leave out a dialect whose logits differ', () => {
    const fused = contestant([1, 2.002], []);
    const figures = inferFigures([{ ...race, contestants: { ...contestants, fused } }]);
    expect(figures.infer.S?.webgpu).toMatchObject({ dialect: 'standard', ratio: 3, agree: true });
    expect(figures.infer.S?.webgpu?.dialects.fused).toMatchObject({ agree: false, speed: null });
    expect(inferFailures(figures)).toEqual([]);
  });

  it('are worth nothing where every dialect differs', () => {
    const wrong = contestant([1, 3], []);
    const figures = inferFigures([{ ...race, contestants: { ...contestants, standard: wrong, fused: wrong } }]);
    expect(figures.infer.S?.webgpu).toMatchObject({ ort_ms: null, ratio: null, agree: false });
    expect(inferFailures(figures)).toEqual([
      "S on webgpu: expected ONNX Runtime's logits within 0.001 of ours, got 1 (standard), 1 (fused)",
    ]);
  });

  it('show the pruned model where there is one', () => {
    const wasm = {
      ...race,
      backend: 'wasm',
      contestants: { ...contestants, pruned: contestant([0, 0], [5]) },
    } as const;
    const document = { ...inferFigures([race, wasm]), machine: { cpu: 'A CPU', cores: 2 }, versions: { browser: 'B' } };
    const table = inferTable(document);
    expect(table).toContain('| S, webgpu | 2 | 2 | 500 | 250 |');
    expect(table).toContain('| S, webgpu: ours | 12 | 10 | 3 | 18 | 1 | 0.500 |');
    expect(table).toContain('| S, wasm: ours, a tenth kept | 5 | 5 | 1 |');
    expect(table).not.toContain('webgpu: ours, a tenth kept');
  });
});

describe('logits', () => {
  it('differ where one is not a number or too few are there', () => {
    expect(differenceOf([1, Number.NaN], [1, 2]).agrees).toBe(false);
    expect(differenceOf([1], [1, 2]).agrees).toBe(false);
    expect(differenceOf([1, 2, 3], [1, 2]).agrees).toBe(false);
    expect(differenceOf([1.0009, 2], [1, 2]).agrees).toBe(true);
  });
});
