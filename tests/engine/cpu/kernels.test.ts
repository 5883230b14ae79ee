import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CpuKernels } from '../../../src/engine/cpu/open.ts';
import { plainKernels } from '../../../src/engine/gpu/kernels.ts';
import { binaryMask, cutMask, globalCuts } from '../../../src/engine/pruning/masks.ts';
import { parityCases, parityError, randomNumbers, relativeError } from './parity.ts';
import { startKernels } from './start.ts';

let cpu: CpuKernels;
beforeAll(async () => {
  cpu = await startKernels();
}, 60_000);

// The widest case draws millions of numbers, which takes a busy machine seconds.
describe('a wasm kernel computes what its reference defines:', { timeout: 60_000 }, () => {
  it.each(parityCases.map((each) => [each.name, each] as const))('%s', async (_, parityCase) => {
    expect(await parityError(cpu.kernels.operations, parityCase)).toBeLessThan(3e-6);
  });
});

it('computes the exact GELU to single precision', async () => {
  const step = 1 / 256;
  const x = Float32Array.from({ length: 16 / step + 1 }, (_, i) => i * step - 8);
  const inputs = [tf.tensor(x, [x.length, 1]), tf.ones([1, 1]), tf.zeros([1])];
  const { value, saved } = cpu.kernels.operations.linear.forward(
    inputs,
    { activation: 'gelu' },
    { threshold: 1, seed: 0 },
  );
  const y = await value.data();
  // Φ by Simpson's rule from −8 on, where it is 6e-16.
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let cdf = 0;
  let worst = 0;
  for (const [i, to] of x.entries()) {
    if (i > 0) cdf += (step / 6) * (density(to - step) + 4 * density(to - step / 2) + density(to));
    worst = Math.max(worst, Math.abs(y[i]! - to * cdf) / Math.max(1, Math.abs(to)));
  }
  expect(worst).toBeLessThan(2e-7);
  tf.dispose([...inputs, value, ...saved]);
});

it('refuses a token id that the table does not have', () => {
  const inputs = [tf.tensor([[0, 7]], [1, 2], 'int32'), tf.ones([7, 2]), tf.ones([2, 2])];
  const { embedding } = cpu.kernels.operations;
  expect(() => embedding.forward(inputs, { padTokenId: 0, skipsPadding: false }, { threshold: 1, seed: 0 })).toThrow(
    'below 7, got 7',
  );
  tf.dispose(inputs);
});

const float = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, -1, 0.5, 1e-40, -1e-40),
);
const scores = fc.array(float, { minLength: 1, maxLength: 300 }).map((values) => Float32Array.from(values));

describe('masks made in wasm have the bits of pruning/masks.ts', { timeout: 60_000 }, () => {
  const methods = ['magnitude', 'topK', 'threshold', 'sigmoied_threshold'] as const;

  it.each(methods)('%s', async (method) => {
    await fc.assert(
      fc.asyncProperty(scores, fc.double({ min: 0, max: 1, noNaN: true }), async (values, threshold) => {
        const source = tf.tensor(values);
        const mask = await cpu.kernels.masks.binaryMask(method, source, threshold);
        expect(await mask.data()).toEqual(binaryMask(method, values, threshold));
        tf.dispose([source, mask]);
      }),
    );
  });

  it('over several tiles, with ties across their borders', async () => {
    const values = randomNumbers(200_000, 5).map((x) => Math.round(x * 20) / 20);
    const source = tf.tensor(values);
    for (const fraction of [0.03, 0.4, 0.77]) {
      const mask = await cpu.kernels.masks.binaryMask('topK', source, fraction);
      const [bits, expected] = [await mask.data(), binaryMask('topK', values, fraction)];
      expect(expected.filter((bit, index) => bits[index] !== bit)).toHaveLength(0);
      mask.dispose();
    }
    source.dispose();
  });

  it('with one cut over several matrices', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(scores, { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom('magnitude' as const, 'topK' as const),
        async (arrays, fraction, method) => {
          const isAbsolute = method === 'magnitude';
          const expected = globalCuts(arrays, isAbsolute, fraction);
          const sources = arrays.map((values) => tf.tensor(values));
          const cuts = await cpu.kernels.masks.globalCuts(sources, isAbsolute, fraction);
          for (const [index, source] of sources.entries()) {
            const mask = await cpu.kernels.masks.cutMask(method, source, cuts[index]!);
            expect(await mask.data()).toEqual(cutMask(method, arrays[index]!, expected[index]!));
            mask.dispose();
          }
          tf.dispose(sources);
        },
      ),
    );
  });
});

describe('AdamW in wasm', () => {
  const adam = { groups: [], step: 3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, maxGradNorm: 1 };
  const group = { names: [], learningRate: 1e-2, weightDecay: 0.1 };

  it.each([
    [5, true],
    [5, false],
    [40_003, true],
  ])('moves %i parameters and their moments as the reference does (bias corrected: %s)', async (size, correctsBias) => {
    const settings = { ...adam, correctsBias };
    const update = async ({ optimizer }: typeof plainKernels) => {
      const state = {
        value: tf.tensor(randomNumbers(size, 1)),
        first: tf.tensor(randomNumbers(size, 2)),
        second: tf.tensor(randomNumbers(size, 3).map(Math.abs)),
      };
      const [gradient, clip] = [tf.tensor(randomNumbers(size, 4)), tf.scalar(0.3)];
      const { value, first, second } = optimizer.adamWUpdate({ state, gradient, clip, group, settings });
      const numbers = await Promise.all([value, first, second].map(async (x) => Float32Array.from(await x.data())));
      tf.dispose([value, first, second, gradient, clip]);
      return numbers;
    };
    const [fast, reference] = [await update(cpu.kernels), await update(plainKernels)];
    const errors = fast.map((numbers, index) => relativeError(numbers, reference[index]!));
    expect(Math.max(...errors)).toBeLessThan(1e-6);
  });

  it('sums squares over all gradients', async () => {
    const gradients = [tf.tensor(Float32Array.of(3, 0, 0, 0, 0)), tf.fill([40_000], 0.02)];
    const norm = cpu.kernels.optimizer.globalNorm(gradients);
    expect((await norm.data())[0]).toBeCloseTo(5, 5); // √(9 + 40,000 · 0.0004)
    tf.dispose([norm, ...gradients]);
  });
});
