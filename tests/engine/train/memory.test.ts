// Estimates beside what the wasm engine then holds; `tests/browser/plan/memory.test.ts` has WebGPU's.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CpuKernels } from '../../../src/engine/cpu/open.ts';
import { SOFTWARE_TIER } from '../../../src/engine/gpu/plan/tier.ts';
import { createReferenceExecutor } from '../../../src/engine/gpu/reference-executor.ts';
import { choicesOf } from '../../../src/engine/train/fits.ts';
import { estimateMemory, type MemoryTarget } from '../../../src/engine/train/memory.ts';
import { startKernels } from '../cpu/start.ts';
import { carryOut, memoryCases, requestOf } from './memory-cases.ts';

let cpu: CpuKernels;

beforeAll(async () => {
  cpu = await startKernels();
});

const webgpu = (limit = 2 ** 30): MemoryTarget => ({
  backend: 'webgpu',
  tier: SOFTWARE_TIER,
  precision: 'f32',
  limits: { maxBufferSize: limit, maxStorageBufferBindingSize: limit },
});

describe('the estimate for WebAssembly', () => {
  it.each(memoryCases.map((each) => [each.name, each] as const))(
    'is within 10 %% of what is held: %s',
    async (_, each) => {
      const { total } = await estimateMemory(requestOf(each, { backend: 'wasm', threads: 1 }));
      const before = tf.memory().numBytes;
      const executor = createReferenceExecutor('wasm', cpu.kernels);
      await carryOut(executor, each);
      const { peakBytes } = executor.memory();
      executor.dispose();
      expect(tf.memory().numBytes).toBe(before);
      expect(total / peakBytes).toBeGreaterThan(0.9);
      expect(total / peakBytes).toBeLessThan(1.1);
    },
  );
});

describe('a run on WebAssembly', () => {
  it('begins without the room that an earlier one needed', async () => {
    const earlier = createReferenceExecutor('wasm', cpu.kernels);
    const { bytes: empty } = earlier.memory();
    await carryOut(earlier, memoryCases.find(({ name }) => name === 'dense')!);
    earlier.dispose();
    expect(earlier.memory().bytes).toBeGreaterThan(empty); // of a run that has ended, its room
    const next = createReferenceExecutor('wasm', cpu.kernels);
    expect(next.memory()).toMatchObject({ bytes: empty, peakBytes: empty });
    next.dispose();
  });
});

describe('the estimate by kind', () => {
  const estimate = (name: string) =>
    estimateMemory(requestOf(memoryCases.find((each) => each.name === name)!, { backend: 'wasm', threads: 1 }));

  it('counts weights and scores, and gradients and moments of what is trained alone', async () => {
    const [dense, frozen] = [await estimate('dense'), await estimate('dense, embeddings frozen')];
    const embeddings = 4 * (500 + 64 + 2 + 1 + 1) * 64; // words, positions, types, LayerNorm's two
    expect(dense.byKind.moments).toBe(2 * dense.byKind.weights);
    expect(dense.byKind.moments - frozen.byKind.moments).toBe(2 * embeddings);
    const smp = await estimate('topK, scores alone');
    expect(smp.byKind.scores).toBe(4 * 3 * (4 * 64 * 64 + 2 * 64 * 256));
    expect(smp.byKind.moments).toBe(frozen.byKind.moments); // scores in place of masked weights
  });
});

describe('whether a run fits', () => {
  const dense = (target: MemoryTarget, budgetBytes: number | null = null) =>
    estimateMemory({ ...requestOf({ name: 'dense' }, target), budgetBytes });

  it('is asked of the largest buffer an adapter allows', async () => {
    const { largest, fits } = await dense(webgpu());
    expect(largest).toBe(4 * 16 * 64 * 256); // 16 texts of 64 tokens, 256 wide
    expect(fits).toEqual({ ok: true, reason: '' });
    expect((await dense(webgpu(largest))).fits.ok).toBe(true);
    const reason = 'One buffer takes 2 MB; this adapter allows 1 MB in one.';
    expect((await dense(webgpu(1e6))).fits).toEqual({ ok: false, reason });
  });

  it('is asked of the room there is', async () => {
    const { total } = await dense({ backend: 'wasm', threads: 1 }, 1e6);
    const reason = `This run needs ${Math.ceil(total / 1e6)} MB; there is room for 1 MB.`;
    expect((await dense({ backend: 'wasm', threads: 1 }, 1e6)).fits).toEqual({ ok: false, reason });
    expect((await dense({ backend: 'wasm', threads: 1 }, total)).fits.ok).toBe(true);
  });
});

describe('the choices of a run', () => {
  async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
    const list: T[] = [];
    for await (const value of values) list.push(value);
    return list;
  }

  it('halve micro-batches and compute layers again, the fastest first', async () => {
    const request = requestOf({ name: 'dense', training: [{ batchSize: 6, tokens: 32 }] }, webgpu());
    const choices = await all(choicesOf(request));
    expect(choices.map(({ split, recomputesLayers }) => [split, recomputesLayers])).toEqual([
      [1, false],
      [2, false],
      [1, true],
      [2, true],
    ]);
    const [whole, half, again] = choices.map(({ estimate }) => estimate.byKind.activations);
    expect(half).toBeLessThan(whole!);
    expect(again).toBeLessThan(whole!);
  });

  it('say which of them fit', async () => {
    const request = requestOf({ name: 'dense', training: [{ batchSize: 8, tokens: 64 }] }, webgpu());
    const every = await all(choicesOf({ ...request, evaluation: [] }));
    const smallest = Math.min(...every.map(({ estimate }) => estimate.total));
    const choices = await all(choicesOf({ ...request, evaluation: [], budgetBytes: smallest }));
    expect(choices.filter(({ estimate }) => estimate.fits.ok)).toHaveLength(1);
  });
});
