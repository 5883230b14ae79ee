// Training that goes on from parameters and moments is training that was never broken off, to the last bit, on both backends.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openCpuKernels } from '../../src/engine/cpu/open.ts';
import type { Executor, HostMoments, HostTensor } from '../../src/engine/gpu/executor.ts';
import { createPlanExecutor } from '../../src/engine/gpu/plan/plan-executor.ts';
import { SOFTWARE_TIER } from '../../src/engine/gpu/plan/tier.ts';
import { createReferenceExecutor } from '../../src/engine/gpu/reference-executor.ts';
import { type TrainingRun, trainingRun, trainSteps } from '../engine/gpu/training-run.ts';
import { gpuErrors, openDevice } from './plan/compare.ts';

const executors = {
  WebGPU: async () => createPlanExecutor({ device: await openDevice(), tier: SOFTWARE_TIER }),
  'WebGPU in half precision': async () =>
    createPlanExecutor({ device: await openDevice(), tier: SOFTWARE_TIER, precision: 'f16' }),
  'WebAssembly on two threads': async () => {
    setWasmPaths('/wasm/');
    await tf.setBackend('wasm');
    const load = async (file: string) => (await fetch(`/wasm/${file}`)).arrayBuffer();
    const kernels = await openCpuKernels({ threads: 2, load });
    if (!kernels) throw new Error('wasm kernels: expected SIMD in Chromium, found none');
    return createReferenceExecutor('wasm', kernels.kernels);
  },
};

const movement = { method: 'topK', isGlobal: false, regularization: null } as const;
const l0 = { method: 'l0', isGlobal: false, regularization: 'l0' } as const;

/** Shaders compile slowly here: each kind of store and of mask once on WebGPU. */
const cases = [
  { backend: 'WebGPU', method: 'movement', pruning: movement },
  { backend: 'WebGPU', method: 'l0', pruning: l0 },
  { backend: 'WebGPU in half precision', method: 'movement', pruning: movement },
  { backend: 'WebAssembly on two threads', method: 'movement', pruning: movement },
  { backend: 'WebAssembly on two threads', method: 'l0', pruning: l0 },
  { backend: 'WebAssembly on two threads', method: 'no pruning', pruning: null },
] as const;

interface State {
  readonly parameters: ReadonlyMap<string, HostTensor>;
  readonly moments: ReadonlyMap<string, HostMoments>;
}

async function stateOf(executor: Executor, run: TrainingRun): Promise<State> {
  const parameters = new Map<string, HostTensor>();
  const moments = new Map<string, HostMoments>();
  for (const [name, shape] of run.parameters) {
    parameters.set(name, { shape, data: Float32Array.from(await executor.readParameter(name)) });
    const pair = await executor.readMoments(name);
    if (pair) moments.set(name, pair);
  }
  return { parameters, moments };
}

describe('resumed training', () => {
  it.each(cases)('$backend, $method', async ({ backend, pruning }) => {
    const open: () => Promise<Executor> = executors[backend];
    const run = trainingRun({ pruning, recomputesLayers: false, layers: 2 });
    const whole = await open();
    run.setParameters(whole);
    const before = await trainSteps(whole, run, { from: 1, to: 3 });
    const middle = await stateOf(whole, run);
    const expected = await trainSteps(whole, run, { from: 4, to: 6 });
    expect(expected[0]).not.toEqual(before[0]);
    const end = await stateOf(whole, run);
    whole.dispose();

    const resumed = await open();
    for (const [name, tensor] of middle.parameters) resumed.setParameter(name, tensor);
    for (const [name, pair] of middle.moments) resumed.setMoments(name, pair);
    expect(await stateOf(resumed, run)).toEqual(middle);
    expect(await trainSteps(resumed, run, { from: 4, to: 6 })).toEqual(expected);
    expect(await stateOf(resumed, run)).toEqual(end);
    expect(end.moments.size).toBeGreaterThan(run.parameters.size / 2);
    resumed.dispose();
    expect(gpuErrors).toEqual([]);
  });
});

it('a device that is lost under way leaves no rejection that nobody hears', async () => {
  const device = await openDevice();
  const unheard: unknown[] = [];
  const note = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    unheard.push(event.reason);
  };
  addEventListener('unhandledrejection', note);
  let asked = 0;
  // By hand: a spy looks at what it returns, and so hears it itself.
  Object.defineProperty(device.queue, 'onSubmittedWorkDone', {
    configurable: true,
    value: () => {
      asked++;
      return Promise.reject(new Error('the device is lost'));
    },
  });
  const run = trainingRun({ pruning: movement, recomputesLayers: false, layers: 2 });
  const executor = createPlanExecutor({ device, tier: SOFTWARE_TIER });
  run.setParameters(executor);
  await trainSteps(executor, run, { from: 1, to: 2 });
  expect(asked).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 100));
  Reflect.deleteProperty(device.queue, 'onSubmittedWorkDone');
  executor.dispose();
  removeEventListener('unhandledrejection', note);
  expect(unheard).toEqual([]);
});
