// Our top-v cut-off alone: the plan that a masked training step runs before its products, on scores that are already
// on the GPU and with a result that stays there.
import type { Backend } from '../../src/engine/gpu/backend.ts';
import { createExecutor } from '../../src/engine/gpu/create-executor.ts';
import { mask, type Operation, parameter } from '../../src/engine/gpu/graph.ts';
import { DeviceGpu } from '../../src/engine/gpu/plan/device-gpu.ts';
import { MaskSet, maskMembers } from '../../src/engine/gpu/plan/mask-set.ts';
import { ParameterStore } from '../../src/engine/gpu/plan/parameter-store.ts';
import { BufferPool } from '../../src/engine/gpu/plan/pool.ts';
import { keptOf } from '../../src/engine/pruning/masks.ts';
import { COLUMNS, drawScores, KEEP_FRACTION, type ScoreKind, sortedMask } from './scores.ts';

const INPUTS = { feeds: {}, threshold: KEEP_FRACTION, seed: 0 };

export interface Selection {
  /** Finds the cut-off and waits for the GPU. */
  run(): Promise<void>;
}

export async function createSelection({ device, tier }: Backend, n: number): Promise<Selection> {
  if (!device || !tier) throw new Error('selection: expected a WebGPU device, got none');
  const gpu = new DeviceGpu(device, tier);
  const parameters = new ParameterStore(gpu);
  parameters.set('scores', { shape: shapeOf(n), data: drawScores(n, 'fine') });
  const members = maskMembers([topK(n)]);
  const pool = new BufferPool({ gpu, budgetBytes: Number.POSITIVE_INFINITY, evict: () => false });
  const masks = await MaskSet.build({ gpu, pool, parameters, members });
  let version = 0; // new at each run, as after an update of the scores
  return {
    async run() {
      const encoder = device.createCommandEncoder();
      masks.prepare(encoder, { inputs: INPUTS, adds: false, share: 1, termWeights: [] }, version++);
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
    },
  };
}

/** Whether the mask is, at every place, the one that a sort on the CPU gives. */
export async function isExact(backend: Backend, n: number, kind: ScoreKind): Promise<boolean> {
  const executor = createExecutor(backend);
  const scores = drawScores(n, kind);
  executor.setParameter('scores', { shape: shapeOf(n), data: scores });
  const [got] = await executor.evaluate([topK(n)], INPUTS);
  executor.dispose();
  const expected = sortedMask(scores, keptOf(KEEP_FRACTION, n));
  return got!.length === n && expected.every((bit, i) => bit === got![i]);
}

const shapeOf = (n: number): [number, number] => [n / COLUMNS, COLUMNS];

const topK = (n: number): Operation =>
  mask(parameter('scores', shapeOf(n)), { method: 'topK', row: null, site: 0 }, null) as Operation;
