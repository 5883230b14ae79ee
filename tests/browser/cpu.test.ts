// The wasm kernels in a browser: on shared memory, with helpers and relaxed SIMD.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CpuKernels, openCpuKernels } from '../../src/engine/cpu/open.ts';
import { parityCases, parityError, randomNumbers } from '../engine/cpu/parity.ts';

const opened: CpuKernels[] = [];

async function open(threads: number): Promise<CpuKernels> {
  const load = async (file: string) => (await fetch(`/wasm/${file}`)).arrayBuffer();
  const kernels = await openCpuKernels({ threads, load });
  if (!kernels) throw new Error('wasm kernels: expected SIMD in Chromium, found none');
  opened.push(kernels);
  return kernels;
}

beforeAll(async () => {
  setWasmPaths('/wasm/');
  await tf.setBackend('wasm');
});

afterAll(() => {
  for (const kernels of opened) kernels.dispose();
});

describe('on three threads', () => {
  let cpu: CpuKernels;
  beforeAll(async () => {
    cpu = await open(3);
  });

  it('has helpers and fused multiply-add', () => {
    expect(cpu.threads).toBe(3);
    expect(cpu.isRelaxed).toBe(true);
  });

  it.each(parityCases.map((each) => [each.name, each] as const))('agrees with the reference: %s', async (_, each) => {
    expect(await parityError(cpu.kernels.operations, each)).toBeLessThan(3e-6);
  });
});

it('computes the same bits on one thread and on four', async () => {
  const numbers = [];
  for (const threads of [1, 4]) numbers.push(await layer((await open(threads)).kernels));
  expect(numbers[0]).toEqual(numbers[1]);
});

/** Attention, a linear map and a norm, there and back; every number they give. */
async function layer({ operations, optimizer }: CpuKernels['kernels']): Promise<number[]> {
  const [B, T, N, D] = [8, 24, 4, 16];
  const rows = (seed: number, columns = N * D) => tf.tensor(randomNumbers(B * T * columns, seed), [B * T, columns]);
  const scalars = { threshold: 1, seed: 3 };
  const common = { scalars, hostFeed: () => new Int32Array(0), wanted: [true, true, true, false] };

  const heads = { heads: N, dropout: 0.1, site: 1 };
  const inputs = [rows(1), rows(2), rows(3), tf.ones([B, T], 'int32')];
  const attended = operations.attention.forward(inputs, heads, scalars);
  const dAttended = operations.attention.backward({
    ...common,
    ...attended,
    inputs,
    gradient: rows(4),
    attributes: heads,
  });

  const gelu = { activation: 'gelu' } as const;
  const maps = [attended.value, tf.tensor(randomNumbers(200 * N * D, 5), [200, N * D]), tf.ones([200])];
  const mapped = operations.linear.forward(maps, gelu, scalars);
  const dMapped = operations.linear.backward({
    ...common,
    ...mapped,
    inputs: maps,
    gradient: rows(6, 200),
    attributes: gelu,
  });

  const epsilon = { epsilon: 1e-12 };
  const norms = [mapped.value, tf.ones([200]), tf.ones([200])];
  const normed = operations.layerNorm.forward(norms, epsilon, scalars);
  const dNormed = operations.layerNorm.backward({
    ...common,
    ...normed,
    inputs: norms,
    gradient: rows(7, 200),
    attributes: epsilon,
  });

  const gradients = [...dAttended, ...dMapped, ...dNormed].filter((gradient) => gradient !== null);
  const norm = optimizer.globalNorm(gradients);
  const results = [attended.value, mapped.value, normed.value, norm, ...gradients];
  return (await Promise.all(results.map(async (result) => [...(await result.data())]))).flat();
}
