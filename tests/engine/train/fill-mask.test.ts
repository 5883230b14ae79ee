// Masked language modelling in the trainer.
import '@tensorflow/tfjs-backend-cpu';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createReferenceExecutor } from '../../../src/engine/gpu/reference-executor.ts';
import { loadCheckpoint } from '../../../src/engine/model/checkpoint.ts';
import { parseConfig } from '../../../src/engine/model/config.ts';
import { maskBatch } from '../../../src/engine/text/masking.ts';
import { scoreWords } from '../../../src/engine/train/evaluate.ts';
import { feedsOf } from '../../../src/engine/train/feeds.ts';
import { parameterGroups } from '../../../src/engine/train/parameter-groups.ts';
import { createProgram } from '../../../src/engine/train/program.ts';
import { train } from '../../../src/engine/train/trainer.ts';

beforeAll(() => tf.setBackend('cpu'));

const model = join(import.meta.dirname, '../../fixtures/qa-tiny/model');
const WORDS = 'bert.embeddings.word_embeddings.weight';
const checkpoint = loadCheckpoint({
  config: parseConfig(readFileSync(join(model, 'config.json'), 'utf8')),
  files: [new Uint8Array(readFileSync(join(model, 'model.safetensors')))],
  fileName: 'model.safetensors',
  task: 'fill-mask',
  labels: 0,
  layers: 1,
  seed: 5,
});
const config = { ...checkpoint.config, hiddenDropout: 0, attentionDropout: 0 };
const program = createProgram({
  config,
  task: 'fill-mask',
  labels: 0,
  pruning: null,
  samplesGates: true,
  temperature: null,
});

/** Texts that count up, so that a neighbour tells what is hidden. */
const feature = (from: number, words: number) => ({
  exampleIndex: from,
  label: null,
  inputIds: [1, ...Array.from({ length: words }, (_, i) => 5 + ((from + i) % 20)), 2],
  tokenTypeIds: new Array<number>(words + 2).fill(0),
});
const masking = { probability: 0.15, maskId: 3, vocabularySize: config.vocabularySize };
const batchOf = (seed: number) =>
  maskBatch([feature(seed, 12), feature(3 * seed, 9)], { ...masking, seed }, { padId: 0, maxSeqLength: 16 });

function started() {
  const executor = createReferenceExecutor('wasm');
  for (const [name, tensor] of checkpoint.tensors) executor.setParameter(name, tensor);
  return executor;
}

describe('a model to fill in words', () => {
  it('starts with a new head, its LayerNorm the identity, and without a pooler', () => {
    expect(checkpoint.newKeys).toEqual([
      'cls.predictions.transform.dense.weight',
      'cls.predictions.transform.dense.bias',
      'cls.predictions.transform.LayerNorm.weight',
      'cls.predictions.transform.LayerNorm.bias',
      'cls.predictions.bias',
    ]);
    expect(new Set(checkpoint.tensors.get('cls.predictions.transform.LayerNorm.weight')!.data)).toEqual(new Set([1]));
    expect([...checkpoint.tensors.keys()].some((name) => name.includes('pooler'))).toBe(false);
  });

  it('is no better than chance before it has learnt, and learns', async () => {
    const executor = started();
    const batches = Array.from({ length: 120 }, (_, step) => batchOf(step));
    const features = Array.from({ length: 20 }, (_, index) => feature(index, 9 + (index % 4)));
    const score = () =>
      scoreWords({
        ...{ executor, program, features, batchSize: 8, maxSeqLength: 16, padTokenId: 0, threshold: 1 },
        masking: { ...masking, seed: 7 },
      });
    const before = await score();
    expect(before.loss).toBeGreaterThan(Math.log(config.vocabularySize) - 0.5);
    expect(before.perplexity).toBeCloseTo(Math.exp(before.loss!), 6);
    const steps = train({
      executor,
      program,
      groups: parameterGroups({
        config,
        parameters: [...checkpoint.tensors.keys()],
        maskedWeights: [],
        learning: { learningRate: 3e-3, weightDecay: 0, freezeEmbeddings: false, freezeWeights: false },
        scores: null,
      }),
      rate: { type: 'constant_with_warmup', warmupSteps: 0, totalSteps: batches.length },
      adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, maxGradNorm: 1 },
      pruning: null,
      distillation: null,
      seed: 1,
      updates: batches.map((batch) => [batch]),
      reportsAt: (step) => step === batches.length,
    });
    for await (const _ of steps);
    const after = await score();
    expect(after.loss).toBeLessThan(before.loss! - 1);
    const words = await executor.readParameter(WORDS);
    expect(words).not.toEqual(checkpoint.tensors.get(WORDS)!.data); // the decoder is the embeddings
    executor.dispose();
  }, 120_000);

  it('counts only what is asked for', async () => {
    const executor = started();
    const batch = batchOf(4);
    const { places, labels } = batch.masked;
    const lossOf = async (masked: typeof batch.masked) => {
      const value = program.wordLoss({ batchSize: 2, tokens: 16, masked: masked.places.length });
      const inputs = { feeds: feedsOf({ ...batch, masked }), threshold: 1, seed: 0 };
      return (await executor.evaluate([value], inputs))[0]![0]!;
    };
    const asked = labels.filter((label) => label >= 0);
    expect(asked.length).toBeLessThan(labels.length);
    const compact = { places: places.filter((_, i) => labels[i]! >= 0), labels: asked };
    expect(await lossOf(compact)).toBeCloseTo(await lossOf(batch.masked), 6);
    executor.dispose();
  });
});
