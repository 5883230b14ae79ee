// UDA's losses on hand-worked numbers, and what their gradients leave alone.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  annealedCrossEntropy,
  annealedShare,
  confidentShare,
  consistency,
  feed,
  linear,
  parameter,
  stopGradient,
  type Value,
} from '../../../src/engine/gpu/graph.ts';
import { createReferenceExecutor } from '../../../src/engine/gpu/reference-executor.ts';

beforeAll(() => tf.setBackend('cpu'));

const ln = (probabilities: readonly (readonly number[])[]) => Float32Array.from(probabilities.flat(), Math.log);

async function evaluate(value: Value, feeds: Record<string, Float32Array | Int32Array>): Promise<number> {
  const executor = createReferenceExecutor('wasm');
  const [found] = await executor.evaluate([value], { feeds, threshold: 1, seed: 0 });
  executor.dispose();
  return found![0]!;
}

describe('annealed cross-entropy', () => {
  // Own-label probabilities 0.9, 0.6, 0.2 (of label 1): at η = 0.75 the first is left out.
  const inputs = {
    logits: feed('logits', [3, 2], 'float32'),
    labels: feed('labels', [3]),
    threshold: feed('threshold', [1], 'float32'),
  };
  const feeds = {
    logits: ln([
      [0.9, 0.1],
      [0.6, 0.4],
      [0.8, 0.2],
    ]),
    labels: Int32Array.of(0, 0, 1),
  };
  const at = (threshold: number) => ({ ...feeds, threshold: Float32Array.of(threshold) });

  it('averages over the examples whose own label is no surer than η', async () => {
    const expected = -(Math.log(0.6) + Math.log(0.2)) / 2;
    expect(await evaluate(annealedCrossEntropy(inputs), at(0.75))).toBeCloseTo(expected, 6);
    expect(await evaluate(annealedShare(inputs), at(0.75))).toBeCloseTo(2 / 3, 6);
  });

  it('looks at the own label, not at the surest one: a sure mistake counts', async () => {
    expect(await evaluate(annealedCrossEntropy(inputs), at(0.3))).toBeCloseTo(-Math.log(0.2), 6);
  });

  it('is 0 where every example is too sure, and the plain mean at η = 1', async () => {
    expect(await evaluate(annealedCrossEntropy(inputs), at(0.1))).toBeCloseTo(0, 9);
    const mean = -(Math.log(0.9) + Math.log(0.6) + Math.log(0.2)) / 3;
    expect(await evaluate(annealedCrossEntropy(inputs), at(1))).toBeCloseTo(mean, 6);
  });
});

describe('consistency', () => {
  const pairs = [feed('logits', [2, 2], 'float32'), feed('target', [2, 2], 'float32')] as const;
  const feeds = {
    logits: ln([
      [0.5, 0.5],
      [0.5, 0.5],
    ]),
    target: ln([
      [0.8, 0.2],
      [0.6, 0.4],
    ]),
  };
  /** KL of [p, 1 − p] from [½, ½]. */
  const fromHalf = (p: number) => p * Math.log(2 * p) + (1 - p) * Math.log(2 * (1 - p));
  const off = { temperature: 1, confidenceThreshold: -1 };

  it('is the mean KL from the target to the augmented side', async () => {
    const expected = (fromHalf(0.8) + fromHalf(0.6)) / 2;
    expect(await evaluate(consistency(...pairs, off), feeds)).toBeCloseTo(expected, 6);
  });

  it('drops unsure pairs from the sum but not from the mean, by the untempered probability', async () => {
    // At T = ½ the second target would be [9/13, 4/13], above 0.65; untempered it is 0.6, below.
    const sharpened = 0.64 / (0.64 + 0.04);
    const value = consistency(...pairs, { temperature: 0.5, confidenceThreshold: 0.65 });
    expect(await evaluate(value, feeds)).toBeCloseTo(fromHalf(sharpened) / 2, 6);
    expect(await evaluate(confidentShare(pairs[1], 0.65), feeds)).toBe(0.5);
    expect(await evaluate(confidentShare(pairs[1], -1), feeds)).toBe(1);
  });

  it('tempers the target alone', async () => {
    const swapped = { logits: feeds.target, target: feeds.logits };
    const value = (temperature: number) => consistency(...pairs, { temperature, confidenceThreshold: -1 });
    // A target of even odds is the same at every temperature, and so must be the other side.
    expect(await evaluate(value(0.4), swapped)).toBeCloseTo(await evaluate(value(1), swapped), 7);
  });
});

describe('a stopped gradient', () => {
  const affine = (x: Value, name: string) =>
    linear({ x, weight: parameter(`${name}.weight`, [3, 2]), bias: parameter(`${name}.bias`, [3]) }, 'tanh');
  const x = feed('x', [2, 2], 'float32');
  const feeds = { x: Float32Array.of(0.3, -0.4, 0.9, 0.1) };

  async function gradientNames(value: Value): Promise<string[]> {
    const executor = createReferenceExecutor('wasm');
    const names = ['student.weight', 'student.bias', 'target.weight', 'target.bias'];
    for (const [index, name] of names.entries()) {
      const shape = name.endsWith('weight') ? [3, 2] : [3];
      const data = Float32Array.from({ length: shape[0]! * (shape[1] ?? 1) }, (_, i) => Math.sin(index + i));
      executor.setParameter(name, { shape, data });
    }
    const terms = [{ name: 'loss', value, weight: 1 }];
    const inputs = { feeds, threshold: 1, seed: 0 };
    await executor.accumulate({ terms, inputs, trainable: new Set(names), share: 1 });
    const found = await Promise.all(
      names.map(async (name) => ((await executor.readGradient(name).catch(() => null)) ? [name] : [])),
    );
    executor.dispose();
    return found.flat();
  }

  it('keeps the target out of the gradient', async () => {
    const value = consistency(affine(x, 'student'), affine(x, 'target'), { temperature: 1, confidenceThreshold: -1 });
    expect(await gradientNames(value)).toEqual(['student.weight', 'student.bias']);
  });

  it('gives no gradient at all to what is only watched', async () => {
    expect(await gradientNames(confidentShare(affine(x, 'student'), 0.5))).toEqual([]);
    expect(await gradientNames(confidentShare(stopGradient(affine(x, 'student')), 0.5))).toEqual([]);
  });
});
