// Plans given up for want of room: what is left of them, and that they are made again when asked for.
import { afterAll, expect, it } from 'vitest';
import { createPlanExecutor } from '../../../src/engine/gpu/plan/plan-executor.ts';
import { SOFTWARE_TIER } from '../../../src/engine/gpu/plan/tier.ts';
import { trainingRun, trainOnce } from '../../engine/gpu/training-run.ts';
import { gpuErrors, openDevice } from './compare.ts';

afterAll(() => expect(gpuErrors).toEqual([]));

const SHAPES = [1, 3, 2, 1, 3];

/** Losses and gradients of every shape in turn, and the bytes held at the end and at most. */
async function runShapes(planBytes: number) {
  const executor = createPlanExecutor({ device: await openDevice(), tier: SOFTWARE_TIER, planBytes });
  const results = [];
  for (const [index, batchSize] of SHAPES.entries()) {
    const pruning = { method: 'topK', isGlobal: false, regularization: null } as const;
    const run = trainingRun({ pruning, recomputesLayers: false, layers: 1, batchSize });
    if (index === 0) run.setParameters(executor);
    results.push(await trainOnce(executor, run));
  }
  const memory = executor.memory();
  executor.dispose();
  expect(executor.memory()).toMatchObject({ tensors: 0, bytes: 0 });
  return { results, memory };
}

it('computes the same with room for one plan as with room for all, in fewer bytes', async () => {
  const roomy = await runShapes(Number.POSITIVE_INFINITY);
  const tight = await runShapes(0);
  expect(tight.results).toEqual(roomy.results);
  expect(tight.memory.peakBytes).toBeLessThan(roomy.memory.peakBytes);
});
