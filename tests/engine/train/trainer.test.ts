// The trainer on the golden model: what no golden vector says about it.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { scoresName } from '../../../src/engine/pruning/masked-linear.ts';
import type { Batch } from '../../../src/engine/text/types.ts';
import { train } from '../../../src/engine/train/trainer.ts';
import { checkpoint, jobOf, lossesOf, randomBatch, slice } from './job.ts';

const QUERY = 'bert.encoder.layer.0.attention.self.query.weight';
const INTERMEDIATE = 'bert.encoder.layer.0.intermediate.dense.weight';
const WORDS = 'bert.embeddings.word_embeddings.weight';

beforeAll(() => tf.setBackend('cpu'));

const batches = (count: number) => Array.from({ length: count }, (_, index) => [randomBatch(4, index)]);

describe('training', () => {
  it('gives the same curve twice from one seed, dropout and gates included', async () => {
    const options = { updates: batches(4), method: 'l0', dropout: 0.2 } as const;
    const first = await lossesOf(jobOf(options));
    expect(await lossesOf(jobOf(options))).toEqual(first);
    expect(await lossesOf(jobOf({ ...options, seed: 2 }))).not.toEqual(first);
  });

  it('lowers the loss on a batch that it sees again and again', async () => {
    const batch = randomBatch(4, 1);
    const losses = await lossesOf(jobOf({ updates: Array.from({ length: 30 }, () => [batch]), learningRate: 5e-3 }));
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
  });

  it('accumulates micro-batches to the update of the whole batch', async () => {
    const whole = randomBatch(4, 3);
    const inOne = jobOf({ updates: [[whole]] });
    const inTwo = jobOf({ updates: [[slice(whole, 0, 2), slice(whole, 2, 4)]] });
    const [lossOne] = await lossesOf(inOne);
    const [lossTwo] = await lossesOf(inTwo);
    expect(lossTwo).toBeCloseTo(lossOne!, 6);
    const [one, two] = [await inOne.executor.readParameter(QUERY), await inTwo.executor.readParameter(QUERY)];
    expect(Math.max(...one.map((value, index) => Math.abs(value - two[index]!)))).toBeLessThan(1e-4); // < a tenth of a step
  });

  it('holds no more tensors after a step than before it', async () => {
    const job = jobOf({ updates: batches(5), method: 'topK', dropout: 0.1, freezeEmbeddings: false });
    const counts: number[] = [];
    for await (const _ of train(job)) counts.push(tf.memory().numTensors);
    expect(new Set(counts.slice(1)).size).toBe(1); // the first step makes the moments
    job.executor.dispose();
  });

  it('frees everything on disposal', async () => {
    const before = tf.memory().numTensors;
    const job = jobOf({ updates: batches(2), method: 'topK', isGlobal: true });
    await lossesOf(job);
    job.executor.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves frozen embeddings, and with SMP the masked weights, as they were', async () => {
    const job = jobOf({ updates: batches(3), method: 'topK', freezeWeights: true });
    await lossesOf(job);
    const same = async (name: string) =>
      expect(await job.executor.readParameter(name)).toEqual(checkpoint.tensors.get(name)!.data);
    await same(WORDS);
    await same(QUERY);
    const scores = await job.executor.readParameter(scoresName(QUERY));
    expect(scores.some((score) => score !== 0)).toBe(true);
  });

  it('trains embeddings where they are not frozen, but never the padding row', async () => {
    const job = jobOf({ updates: batches(2), freezeEmbeddings: false });
    await lossesOf(job);
    const before = checkpoint.tensors.get(WORDS)!.data;
    const after = await job.executor.readParameter(WORDS);
    const hidden = checkpoint.config.hiddenSize;
    const decayed = (1 - 1e-3 * 0.01) ** 2; // two updates of decay, no gradient
    for (let index = 0; index < hidden; index++) expect(after[index]).toBeCloseTo(before[index]! * decayed, 7);
    const used = job.updates as readonly (readonly Batch[])[];
    const row = used[0]![0]!.inputIds[0]! * hidden;
    expect(Math.abs(after[row]! - before[row]!)).toBeGreaterThan(1e-4);
  });

  it('moves scores of pruned weights too, straight through the mask', async () => {
    const job = jobOf({ updates: batches(1), method: 'topK' });
    await lossesOf(job);
    const scores = await job.executor.readParameter(scoresName(INTERMEDIATE));
    const pruned = scores.subarray(scores.length / 2); // ties: the later half was cut
    expect(pruned.filter((score) => score !== 0).length).toBeGreaterThan(pruned.length / 2);
  });

  it('stops at a loss that is no number and keeps the weights of the step before', async () => {
    const job = jobOf({ updates: [...batches(2), [randomBatch(4, 9)]] });
    const broken = checkpoint.tensors.get('classifier.bias')!;
    let step = 0;
    const run = (async () => {
      for await (const _ of train(job)) {
        step++;
        if (step === 2)
          job.executor.setParameter('classifier.bias', { ...broken, data: Float32Array.of(Number.NaN, 0, 0) });
      }
    })();
    await expect(run).rejects.toMatchObject({ code: 'nan-loss', message: expect.stringContaining('step 3') });
    expect((await job.executor.readParameter(QUERY)).every(Number.isFinite)).toBe(true);
  });
});
