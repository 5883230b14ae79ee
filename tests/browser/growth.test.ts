// Five hundred steps of a run as a worker makes them, on both backends: lengths vary, masks follow their scores, losses
// are read, evaluations come between. After a warm-up nothing may grow, neither tensors nor bytes nor JavaScript's heap.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cdp } from 'vitest/browser';
import { openCpuKernels } from '../../src/engine/cpu/open.ts';
import type { Executor } from '../../src/engine/gpu/executor.ts';
import { createPlanExecutor } from '../../src/engine/gpu/plan/plan-executor.ts';
import { SOFTWARE_TIER } from '../../src/engine/gpu/plan/tier.ts';
import { createReferenceExecutor } from '../../src/engine/gpu/reference-executor.ts';
import { parameterShapes } from '../../src/engine/model/architecture.ts';
import { parseConfig } from '../../src/engine/model/config.ts';
import { scoresName } from '../../src/engine/pruning/masked-linear.ts';
import { createRandom } from '../../src/engine/random.ts';
import { padBatch } from '../../src/engine/text/batches.ts';
import { feedsOf } from '../../src/engine/train/feeds.ts';
import { createProgram } from '../../src/engine/train/program.ts';
import { train } from '../../src/engine/train/trainer.ts';
import { gpuErrors, openDevice } from './plan/compare.ts';

beforeAll(async () => {
  setWasmPaths('/wasm/');
  await tf.setBackend('wasm');
});

afterAll(() => expect(gpuErrors).toEqual([]));

/** Until V8 has compiled what it will and caches are full: its heap grows in fits for some 400 steps, then stands. */
const WARM_UP = 500;
const STEPS = WARM_UP + 500;
/** Bytes of heap that 500 steps may leave behind, one kilobyte each: compiled code and caches that still fill. */
const HEAP_GROWTH = 500 * 1024;

const config = parseConfig({
  model_type: 'bert',
  vocab_size: 50,
  hidden_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 16,
  max_position_embeddings: 24,
});

const random = createRandom(1);

function randomBatch() {
  const features = Array.from({ length: 2 }, () => {
    const length = 2 + random.integer(15); // padded to 8 or 16
    const inputIds = Array.from({ length }, () => 1 + random.integer(49));
    return { exampleIndex: 0, inputIds, tokenTypeIds: inputIds.map(() => 0), label: random.integer(2) };
  });
  return padBatch(features, { padId: 0, maxSeqLength: 24 });
}

async function heapBytes(): Promise<number> {
  await cdp().send('HeapProfiler.collectGarbage');
  return (await cdp().send('Runtime.getHeapUsage')).usedSize;
}

async function held(executor: Executor) {
  const { numTensors, numBytes } = tf.memory();
  const { tensors, bytes } = executor.memory();
  return { tensors, bytes, numTensors, numBytes };
}

async function growth(executor: Executor) {
  const program = createProgram({
    config,
    task: 'text-classification',
    labels: 2,
    pruning: { method: 'topK', isGlobal: true, regularization: null },
    samplesGates: true,
    temperature: null,
  });
  const shapes = new Map(parameterShapes(config, 'text-classification', 2));
  for (const { name, rows, columns } of program.matrices) shapes.set(scoresName(name), [rows, columns]);
  for (const [name, shape] of shapes) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    executor.setParameter(name, { shape, data: Float32Array.from({ length: size }, () => random.float() - 0.5) });
  }
  const run = train({
    executor,
    program,
    groups: [{ names: [...shapes.keys()], learningRate: 1e-3, weightDecay: 0.01 }],
    rate: { type: 'linear', warmupSteps: 10, totalSteps: STEPS },
    adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, maxGradNorm: 1 },
    pruning: {
      schedule: { initial: 1, final: 0.3, initialWarmup: 1, finalWarmup: 2, warmupSteps: 10, totalSteps: STEPS },
      finalLambda: 0,
    },
    distillation: null,
    seed: 1,
    updates: Array.from({ length: STEPS }, (_, step) => Array.from({ length: 1 + (step % 2) }, randomBatch)),
    reportsAt: (step) => step % 10 === 0,
  });
  const evaluated = randomBatch();
  let before = null;
  for await (const { step, threshold } of run) {
    if (step % 50 === 0) {
      await executor.evaluate([program.logits(evaluated)], { feeds: feedsOf(evaluated), threshold, seed: 0 });
    }
    if (step === WARM_UP) before = { held: await held(executor), heap: await heapBytes() };
  }
  const after = { held: await held(executor), heap: await heapBytes() };
  executor.dispose();
  return { before, after };
}

it('WebGPU holds after 500 steps what it held before', async () => {
  const { before, after } = await growth(createPlanExecutor({ device: await openDevice(), tier: SOFTWARE_TIER }));
  expect(after.held).toEqual(before?.held);
  expect(after.heap - (before?.heap ?? 0)).toBeLessThan(HEAP_GROWTH);
});

it('WebAssembly holds after 500 steps what it held before', async () => {
  const load = async (file: string) => (await fetch(`/wasm/${file}`)).arrayBuffer();
  const cpu = await openCpuKernels({ threads: 1, load });
  if (!cpu) throw new Error('wasm kernels: expected SIMD in Chromium, found none');
  const { before, after } = await growth(createReferenceExecutor('wasm', cpu.kernels));
  cpu.dispose();
  expect(after.held).toEqual(before?.held);
  expect(after.heap - (before?.heap ?? 0)).toBeLessThan(HEAP_GROWTH);
});
