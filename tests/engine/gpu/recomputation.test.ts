// Gradient checkpointing op by op: the same numbers from less memory.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkpoint, feed, linear, parameter, segmentsOf, topologicalOrder } from '../../../src/engine/gpu/graph.ts';
import { createReferenceExecutor } from '../../../src/engine/gpu/reference-executor.ts';
import type { ProgramOptions } from '../../../src/engine/train/program.ts';
import { trainingRun, trainOnce } from './training-run.ts';

beforeAll(() => tf.setBackend('cpu'));

const affine = (x: Parameters<typeof checkpoint>[0], name: string) =>
  linear({ x, weight: parameter(`${name}.weight`, [4, 4]), bias: parameter(`${name}.bias`, [4]) });

describe('segments', () => {
  it('begin at the checkpoints', () => {
    const first = affine(feed('x', [2, 4], 'float32'), 'first');
    const second = affine(checkpoint(first), 'second');
    const names = segmentsOf(topologicalOrder([second])).map((segment) => segment.map(({ op }) => op));
    expect(names).toEqual([['linear'], ['checkpoint', 'linear']]);
  });

  it('may not read past a checkpoint', () => {
    const first = affine(feed('x', [2, 4], 'float32'), 'first');
    const second = affine(checkpoint(first), 'second');
    const third = affine(checkpoint(second), 'third');
    const skip = linear({ x: third, weight: first, bias: parameter('bias', [2]) });
    expect(() => segmentsOf(topologicalOrder([skip]))).toThrow('expected to read past no checkpoint');
  });
});

const METHODS: readonly ProgramOptions['pruning'][] = [
  null,
  { method: 'topK', isGlobal: true, regularization: 'l1' },
  { method: 'l0', isGlobal: false, regularization: 'l0' },
];

describe('a pass that computes layers again', () => {
  it.each(METHODS)('gives the same losses and gradients, bit for bit (%o)', async (pruning) => {
    const results = [];
    for (const recomputesLayers of [false, true]) {
      const run = trainingRun({ pruning, recomputesLayers, layers: 3 });
      const executor = createReferenceExecutor('wasm');
      const before = tf.memory().numTensors;
      run.setParameters(executor);
      results.push(await trainOnce(executor, run));
      executor.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
    expect(results[1]).toEqual(results[0]);
  });

  it('keeps one hidden state per layer', async () => {
    const peak = async (layers: number, batchSize: number, recomputesLayers: boolean) => {
      const run = trainingRun({ pruning: null, recomputesLayers, layers, batchSize });
      const executor = createReferenceExecutor('wasm');
      run.setParameters(executor);
      await trainOnce(executor, run);
      const { peakBytes } = executor.memory();
      executor.dispose();
      return peakBytes;
    };
    // What a layer adds for a text: parameters cancel out.
    const perLayer = async (recomputes: boolean) =>
      (await peak(4, 80, recomputes)) -
      (await peak(3, 80, recomputes)) -
      ((await peak(4, 64, recomputes)) - (await peak(3, 64, recomputes)));
    const hiddenState = 16 * 7 * 24 * 4; // 16 more texts of 7 tokens, 24 wide
    expect(await perLayer(true)).toBe(hiddenState);
    expect(await perLayer(false)).toBeGreaterThan(10 * hiddenState);
  });
});
