// Gradient checkpointing in plans: the same numbers from less memory.
import { afterAll, describe, expect, it } from 'vitest';
import { createPlanExecutor } from '../../../src/engine/gpu/plan/plan-executor.ts';
import { SOFTWARE_TIER } from '../../../src/engine/gpu/plan/tier.ts';
import type { ProgramOptions } from '../../../src/engine/train/program.ts';
import { trainingRun, trainOnce } from '../../engine/gpu/training-run.ts';
import { gpuErrors, openDevice } from './compare.ts';

afterAll(() => expect(gpuErrors).toEqual([]));

const METHODS: readonly ProgramOptions['pruning'][] = [
  null,
  { method: 'topK', isGlobal: true, regularization: 'l1' },
  { method: 'l0', isGlobal: false, regularization: 'l0' },
];

describe('a plan that computes layers again', () => {
  it.each(METHODS)('gives the same losses and gradients, bit for bit (%o)', async (pruning) => {
    const results = [];
    for (const recomputesLayers of [false, true]) {
      const run = trainingRun({ pruning, recomputesLayers, layers: 3 });
      const executor = createPlanExecutor({ device: await openDevice(), tier: SOFTWARE_TIER });
      run.setParameters(executor);
      results.push(await trainOnce(executor, run));
      executor.dispose();
    }
    expect(results[1]).toEqual(results[0]);
  });

  it('keeps at most one hidden state per layer', async () => {
    const bytes = async (layers: number, batchSize: number, recomputesLayers: boolean) => {
      const run = trainingRun({ pruning: null, recomputesLayers, layers, batchSize });
      const executor = createPlanExecutor({ device: await openDevice(), tier: SOFTWARE_TIER });
      run.setParameters(executor);
      await trainOnce(executor, run);
      const { bytes } = executor.memory();
      executor.dispose();
      return bytes;
    };
    // What a layer adds for a text: parameters cancel out.
    const perLayer = async (recomputes: boolean) =>
      (await bytes(4, 80, recomputes)) -
      (await bytes(3, 80, recomputes)) -
      ((await bytes(4, 64, recomputes)) - (await bytes(3, 64, recomputes)));
    const hiddenState = 16 * 7 * 24 * 4; // 16 more texts of 7 tokens, 24 wide
    const kept = await perLayer(true);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(1.05 * hiddenState);
    expect(await perLayer(false)).toBeGreaterThan(10 * hiddenState);
  });
});
