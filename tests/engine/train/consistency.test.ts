// UDA's step in the trainer: its losses are those of its parts, its target learns nothing, and it composes.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Executor, Term } from '../../../src/engine/gpu/executor.ts';
import type { Batch } from '../../../src/engine/text/types.ts';
import { feedsOf, type TrainingBatch } from '../../../src/engine/train/feeds.ts';
import type { Program } from '../../../src/engine/train/program.ts';
import { train } from '../../../src/engine/train/trainer.ts';
import { checkpoint, jobOf, lossesOf, randomBatch } from './job.ts';

beforeAll(() => tf.setBackend('cpu'));

const consistency = {
  temperature: 1,
  confidenceThreshold: -1,
  coefficient: 1,
  annealing: 'none',
  classes: 3,
} as const;

function pairedBatch(seed: number, labelled = 2, pairs = 3): TrainingBatch {
  const unlabelled = (batch: Batch) => ({ ...batch, labels: new Int32Array(batch.batchSize).fill(-1) });
  return {
    ...randomBatch(labelled, seed),
    pairs: {
      original: unlabelled(randomBatch(pairs, 100 + seed)),
      augmented: unlabelled(randomBatch(pairs, 200 + seed)),
    },
  };
}

const updates = (count: number) => Array.from({ length: count }, (_, index) => [pairedBatch(index)]);

const trainable = new Set(checkpoint.tensors.keys());

async function gradientsOf(executor: Executor, passes: readonly { terms: readonly Term[]; feeds: object }[]) {
  for (const { terms, feeds } of passes) {
    const inputs = { feeds: feeds as ReturnType<typeof feedsOf>, threshold: 1, seed: 3 };
    await executor.accumulate({ terms, inputs, trainable, share: 1 });
  }
  const gradients = new Map<string, Float32Array>();
  for (const name of trainable) {
    const gradient = await executor.readGradient(name).catch(() => null);
    if (gradient) gradients.set(name, gradient);
  }
  return gradients;
}

async function logitsOf(executor: Executor, program: Program, batch: Batch): Promise<Float32Array> {
  const [logits] = await executor.evaluate([program.logits(batch)], { feeds: feedsOf(batch), threshold: 1, seed: 0 });
  return logits!;
}

describe('a step with pairs', () => {
  it.each(['cls', 'mean'] as const)(
    'has the gradient of a fixed teacher: its target learns nothing (%s)',
    async (pooling) => {
      const batch = pairedBatch(1);
      const { original, augmented } = batch.pairs!;
      const paired = jobOf({ updates: [[batch]], consistency, pooling });
      const graph = paired.program.training({ batchSize: 2, tokens: 8, pairs: 3 });
      const found = await gradientsOf(paired.executor, [
        {
          terms: [
            { name: 'supervised', value: graph.task, weight: 1 },
            { name: 'consistency', value: graph.consistency!.loss, weight: 1 },
          ],
          feeds: { ...feedsOf(batch), annealingThreshold: Float32Array.of(1) },
        },
      ]);

      // Distillation at T = 1 from the original texts' logits is the same loss with a target that is plainly data.
      const { labelled, taught } = { labelled: jobOf({ updates: [], pooling }), taught: distilling(pooling) };
      const teacherLogits = await logitsOf(labelled.executor, labelled.program, original);
      const task = labelled.program.training({ batchSize: 2, tokens: 8 }).task;
      const distillation = taught.training({ batchSize: 3, tokens: 8 }).distillation!;
      const { pairs: _, ...alone } = batch;
      const expected = await gradientsOf(labelled.executor, [
        { terms: [{ name: 'task', value: task, weight: 1 }], feeds: feedsOf(alone) },
        { terms: [{ name: 'd', value: distillation, weight: 1 }], feeds: { ...feedsOf(augmented), teacherLogits } },
      ]);
      expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [name, gradient] of expected) {
        const largest = Math.max(...gradient.map((value, index) => Math.abs(value - found.get(name)![index]!)));
        expect(largest, name).toBeLessThan(1e-6);
      }
    },
  );

  it('reports both losses and what share of texts and pairs counted', async () => {
    const job = jobOf({ updates: updates(1), consistency: { ...consistency, confidenceThreshold: 0.99 } });
    for await (const { report, annealingThreshold, examples } of train(job)) {
      const { supervised, consistency: unsupervised, labelledShare, pairShare } = report!.terms;
      expect(report!.loss).toBeCloseTo(supervised! + unsupervised!, 6);
      expect([labelledShare, pairShare, unsupervised]).toEqual([1, 0, 0]); // nothing is 99 % sure in an untrained head
      expect([annealingThreshold, examples]).toEqual([1, 2 + 2 * 3]);
    }
  });

  it('anneals: η rises from 1/K, and at first leaves out what is surer than chance', async () => {
    const job = jobOf({ updates: updates(4), consistency: { ...consistency, annealing: 'linear' } });
    const thresholds: (number | null)[] = [];
    for await (const { annealingThreshold } of train(job)) thresholds.push(annealingThreshold);
    const third = 1 / 3;
    [third, third + 1 / 6, third + 1 / 3, third + 1 / 2].forEach((eta, index) => {
      expect(thresholds[index]).toBeCloseTo(eta, 12);
    });
  });

  it('weighs the consistency loss by its coefficient', async () => {
    const [once] = await lossesOf(jobOf({ updates: updates(1), consistency }));
    const [thrice] = await lossesOf(jobOf({ updates: updates(1), consistency: { ...consistency, coefficient: 3 } }));
    const job = jobOf({ updates: updates(1), consistency });
    for await (const { report } of train(job)) expect(thrice! - once!).toBeCloseTo(2 * report!.terms.consistency!, 6);
  });

  it('never reads the labels of unlabelled texts', async () => {
    const poisoned = updates(3).map(([batch]) => {
      const { original, augmented } = batch!.pairs!;
      const poison = (rows: Batch): Batch => ({ ...rows, labels: new Int32Array(rows.batchSize).fill(99) });
      return [{ ...batch!, pairs: { original: poison(original), augmented: poison(augmented) } }];
    });
    const losses = await lossesOf(jobOf({ updates: updates(3), consistency, dropout: 0.1 }));
    expect(await lossesOf(jobOf({ updates: poisoned, consistency, dropout: 0.1 }))).toEqual(losses);
  });

  it('draws dropout on the target too, of its own', async () => {
    // The same texts on both sides: without dropout nothing differs.
    const batch = pairedBatch(1);
    const same = { ...batch, pairs: { original: batch.pairs!.original, augmented: batch.pairs!.original } };
    const lossAt = async (dropout: number) => {
      const job = jobOf({ updates: [[same]], consistency, dropout });
      for await (const { report } of train(job)) return report!.terms.consistency!;
      return Number.NaN;
    };
    expect(await lossAt(0)).toBeCloseTo(0, 7);
    expect(await lossAt(0.3)).toBeGreaterThan(1e-6);
  });

  it('composes with masks, a penalty, micro-batches and layers that are computed again', async () => {
    const options = {
      updates: Array.from({ length: 3 }, (_, index) => [pairedBatch(index), pairedBatch(10 + index)]),
      consistency: { ...consistency, annealing: 'exp', temperature: 0.8, confidenceThreshold: 0.34 },
      method: 'sigmoied_threshold',
      regularization: 'l1',
      dropout: 0.1,
      pooling: 'mean',
    } as const;
    const losses = await lossesOf(jobOf(options));
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(await lossesOf(jobOf({ ...options, recomputesLayers: true }))).toEqual(losses);
  });

  it('holds no more tensors after a step than before it, and frees the target pass early', async () => {
    const job = jobOf({ updates: updates(4), consistency, dropout: 0.1, method: 'topK', freezeEmbeddings: false });
    const counts: number[] = [];
    for await (const _ of train(job)) counts.push(tf.memory().numTensors);
    expect(new Set(counts.slice(1)).size).toBe(1);
    job.executor.dispose();
    // Sixty originals beside 120 texts that train cost less at the peak than thirty more that train.
    const peak = async (batch: TrainingBatch) => {
      const one = jobOf({ updates: [[batch]], consistency: batch.pairs ? consistency : null });
      for await (const _ of train(one));
      const { peakBytes } = one.executor.memory();
      one.executor.dispose();
      return peakBytes;
    };
    expect(await peak(pairedBatch(1, 60, 60))).toBeLessThan(await peak(randomBatch(150, 1)));
  });
});

function distilling(pooling: 'cls' | 'mean'): Program {
  return jobOf({ updates: [], pooling, temperature: 1 }).program;
}
