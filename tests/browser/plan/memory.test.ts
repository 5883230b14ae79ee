// Estimates beside what a device then holds; `tests/engine/train/memory.test.ts` has WebAssembly's.
import { afterAll, describe, expect, it } from 'vitest';
import { createPlanExecutor } from '../../../src/engine/gpu/plan/plan-executor.ts';
import { SOFTWARE_TIER as tier } from '../../../src/engine/gpu/plan/tier.ts';
import { estimateMemory } from '../../../src/engine/train/memory.ts';
import { carryOut, memoryCases, requestOf } from '../../engine/train/memory-cases.ts';
import { gpuErrors, openDevice } from './compare.ts';

afterAll(() => expect(gpuErrors).toEqual([]));

const cases = [
  ['dense, shapes from small to large', 'f32'],
  ['topK, little kept, scores alone, layers computed again, two micro-batches', 'f32'],
  ['topK, scores alone', 'f16'],
  ['l0', 'f32'],
  ['words', 'f32'],
  ['words, embeddings frozen, two micro-batches', 'f16'],
] as const;

describe('the estimate for WebGPU', () => {
  it.each(cases)('is within a hundredth of what is held: %s, in %s', async (name, precision) => {
    const each = memoryCases.find((known) => known.name === name)!;
    const device = await openDevice();
    const target = { backend: 'webgpu', tier, precision, limits: device.limits } as const;
    const { total } = await estimateMemory(requestOf(each, target));
    const executor = createPlanExecutor({ device, tier, precision });
    await carryOut(executor, each);
    const { bytes } = executor.memory();
    executor.dispose();
    expect(Math.abs(total / bytes - 1)).toBeLessThan(0.01);
  });
});
