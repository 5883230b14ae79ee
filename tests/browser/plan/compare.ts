// Runs one graph through the plan on WebGPU and op by op on tfjs's plain JavaScript backend, and measures how far
// values and gradients lie apart.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { Executor, FeedData, StepInputs, Term } from '../../../src/engine/gpu/executor.ts';
import { crossEntropy, feed, type Operation, topologicalOrder, type Value } from '../../../src/engine/gpu/graph.ts';
import { createPlanExecutor, type PlanOptions } from '../../../src/engine/gpu/plan/plan-executor.ts';
import { SOFTWARE_TIER } from '../../../src/engine/gpu/plan/tier.ts';
import { createReferenceExecutor } from '../../../src/engine/gpu/reference-executor.ts';
import { createRandom } from '../../../src/engine/random.ts';

export const gpuErrors: string[] = [];

let opened: Promise<GPUDevice> | null = null;

export function openDevice(): Promise<GPUDevice> {
  opened ??= requestDevice();
  return opened;
}

async function requestDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('adapter: expected WebGPU in the test browser, got none');
  const { maxStorageBuffersPerShaderStage } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredFeatures: ['subgroups' as GPUFeatureName],
    requiredLimits: { maxStorageBuffersPerShaderStage },
  });
  device.addEventListener('uncapturederror', ({ error }) => gpuErrors.push(error.message));
  return device;
}

/** Chooses kernels. */
export type Variant = Partial<Omit<PlanOptions, 'device'>>;

export interface Executors {
  readonly plan: Executor;
  readonly reference: Executor;
}

export async function createExecutors({ tier = SOFTWARE_TIER, precision = 'f32' }: Variant = {}): Promise<Executors> {
  await tf.setBackend('cpu');
  return {
    plan: createPlanExecutor({ device: await openDevice(), tier, precision }),
    reference: createReferenceExecutor('wasm'),
  };
}

export function disposeAll({ plan, reference }: Executors): void {
  plan.dispose();
  reference.dispose();
  expect(gpuErrors).toEqual([]);
}

/** Uniform in ±scale. */
export function randomNumbers(size: number, seed: number, scale = 1): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: size }, () => (2 * random.float() - 1) * scale);
}

export function randomIntegers(size: number, below: number, seed: number): Int32Array {
  const random = createRandom(seed);
  return Int32Array.from({ length: size }, () => random.integer(below));
}

const sizeOf = ({ shape }: Value): number => shape.reduce((product, extent) => product * extent, 1);

/** Every parameter that the values reach, by name. */
export function parametersOf(values: readonly Value[]): Map<string, Value> {
  const inputs = topologicalOrder(values).flatMap((operation: Operation) => operation.inputs);
  return new Map(inputs.flatMap((input) => (input.kind === 'parameter' ? [[input.name, input] as const] : [])));
}

/** The same random numbers for all; `overrides` replaces some. */
export function setParameters(
  executors: readonly Executor[],
  values: readonly Value[],
  overrides: Readonly<Record<string, Float32Array>> = {},
): string[] {
  const parameters = [...parametersOf(values)];
  parameters.forEach(([name, value], index) => {
    const data = overrides[name] ?? randomNumbers(sizeOf(value), 1000 + index, 0.7);
    for (const executor of executors) {
      executor.setParameter(name, { shape: value.shape, data });
    }
  });
  return parameters.map(([name]) => name);
}

const norm = (numbers: Float32Array) => Math.sqrt(numbers.reduce((sum, value) => sum + value * value, 0));

/** ‖x − y‖ / max(‖y‖, floor) */
export function distance(x: Float32Array, y: Float32Array, floor = 1e-12): number {
  if (x.length !== y.length) return Number.NaN;
  return norm(x.map((value, index) => value - (y[index] as number))) / Math.max(norm(y), floor);
}

export interface Case extends Variant {
  readonly terms: readonly Term[];
  /** Values compared beside the terms. */
  readonly values?: readonly Value[];
  readonly feeds?: FeedData;
  readonly parameters?: Readonly<Record<string, Float32Array>>;
  readonly frozen?: readonly string[];
  readonly threshold?: number;
  readonly seed?: number;
}

/** Gradients this much below the largest are rounding noise: a key's bias has no true gradient. */
const NOISE = 1e-2;

/** Distances of all values and gradients between the two executors, by name. */
export async function distances(o: Case): Promise<Record<string, number>> {
  const executors = await createExecutors(o);
  const outputs = [...(o.values ?? []), ...o.terms.map(({ value }) => value)];
  const names = setParameters(Object.values(executors), outputs, o.parameters);
  const inputs: StepInputs = { feeds: o.feeds ?? {}, threshold: o.threshold ?? 1, seed: o.seed ?? 5 };
  const trainable = new Set(names.filter((name) => !o.frozen?.includes(name)));
  const found: Record<string, number> = {};
  const ours = await executors.plan.evaluate(outputs, inputs);
  const theirs = await executors.reference.evaluate(outputs, inputs);
  outputs.forEach((_, index) => {
    found[`value ${index}`] = distance(ours[index] as Float32Array, theirs[index] as Float32Array);
  });
  for (const executor of [executors.plan, executors.reference]) {
    await executor.accumulate({ terms: o.terms, inputs, trainable, share: 0.5 });
  }
  const expected = new Map<string, Float32Array>();
  for (const name of trainable) {
    const gradient = await executors.reference.readGradient(name).catch(() => null);
    if (gradient) expected.set(name, gradient);
  }
  const largest = Math.max(...[...expected.values()].map(norm));
  for (const [name, gradient] of expected) {
    found[name] = distance(await executors.plan.readGradient(name), gradient, NOISE * largest);
  }
  disposeAll(executors);
  return found;
}

/** The largest distance; NaN if any is. */
export const worst = (found: Readonly<Record<string, number>>): number => Math.max(...Object.values(found));

/** A scalar that depends on every entry of a matrix, and what to feed it. */
export function lossOf(value: Value): { readonly term: Term; readonly feeds: FeedData } {
  const [rows = 0, columns = 0] = value.shape;
  const term = { name: 'loss', value: crossEntropy(value, feed('labels', [rows])), weight: 1.5 };
  return { term, feeds: { labels: randomIntegers(rows, columns, 3) } };
}
