// Training with activations and weights stored as halves: its losses, its bytes, and the halves of weights.
import { describe, expect, it } from 'vitest';
import type { Executor, FeedData } from '../../../src/engine/gpu/executor.ts';
import type { Value } from '../../../src/engine/gpu/graph.ts';
import { createPlanExecutor } from '../../../src/engine/gpu/plan/plan-executor.ts';
import { SOFTWARE_TIER } from '../../../src/engine/gpu/plan/tier.ts';
import { parseConfig } from '../../../src/engine/model/config.ts';
import { createProgram, type ProgramOptions } from '../../../src/engine/train/program.ts';
import { gpuErrors, openDevice, parametersOf, randomIntegers, setParameters } from './compare.ts';

const TINY = {
  model_type: 'bert',
  vocab_size: 31,
  hidden_size: 32,
  num_attention_heads: 2,
  intermediate_size: 128,
  max_position_embeddings: 32,
  type_vocab_size: 2,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
  layer_norm_eps: 1e-12,
  pad_token_id: 0,
};
const TOKENS = 32;

interface Session {
  readonly executor: Executor;
  readonly names: readonly string[];
  readonly feeds: FeedData;
  readonly logits: Value;
  /** One step; resolves to its loss. */
  step(number: number): Promise<number>;
}

interface SessionOptions {
  readonly layers?: number;
  readonly texts?: number;
  readonly pruning?: ProgramOptions['pruning'];
}

async function openSession(precision: 'f32' | 'f16', o: SessionOptions = {}): Promise<Session> {
  const { layers = 2, texts = 8, pruning = null } = o;
  const executor = createPlanExecutor({ device: await openDevice(), tier: SOFTWARE_TIER, precision });
  const config = parseConfig(JSON.stringify({ ...TINY, num_hidden_layers: layers }));
  const task = 'text-classification';
  const program = createProgram({ config, task, labels: 3, pruning, samplesGates: true, temperature: null });
  const shape = { batchSize: texts, tokens: TOKENS };
  const terms = [{ name: 'task', value: program.training(shape).task, weight: 1 }];
  const names = setParameters(
    [executor],
    terms.map(({ value }) => value),
  );
  const feeds = feedsOfTexts(texts);
  const groups = [{ names, learningRate: 5e-4, weightDecay: 0.01 }];
  const step = async (number: number) => {
    const inputs = { feeds, threshold: 0.7, seed: number };
    await executor.accumulate({ terms, inputs, trainable: new Set(names), share: 1 });
    await executor.update({ groups, step: number, beta1: 0.9, beta2: 0.999, epsilon: 1e-6, maxGradNorm: 1 });
    return (await executor.readReport()).terms.task ?? Number.NaN;
  };
  return { executor, names, feeds, logits: program.logits(shape), step };
}

function feedsOfTexts(texts: number): FeedData {
  const count = texts * TOKENS;
  return {
    inputIds: randomIntegers(count, 31, 1),
    attentionMask: Int32Array.from({ length: count }, (_, i) => (i % TOKENS < 27 ? 1 : 0)),
    tokenTypeIds: randomIntegers(count, 2, 2),
    labels: randomIntegers(texts, 3, 3),
  };
}

function close({ executor }: Session): void {
  executor.dispose();
  expect(gpuErrors).toEqual([]);
}

async function logitsOf({ executor, feeds, logits }: Session): Promise<Float32Array | undefined> {
  const [values] = await executor.evaluate([logits], { feeds, threshold: 0.7, seed: 0 });
  return values;
}

async function lossesOf(precision: 'f32' | 'f16', steps: number): Promise<number[]> {
  const session = await openSession(precision);
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) losses.push(await session.step(step));
  close(session);
  return losses;
}

describe('training with halves', () => {
  it('reaches the loss of f32 within 1 % in 30 steps', async () => {
    const [exact, half] = [await lossesOf('f32', 30), await lossesOf('f16', 30)];
    expect(exact[29]).toBeLessThan(0.7 * (exact[0] ?? 0));
    expect(half).not.toEqual(exact);
    expect(Math.abs((half[29] ?? Number.NaN) / (exact[29] ?? Number.NaN) - 1)).toBeLessThan(0.01);
  });

  it('takes about half the bytes per text', async () => {
    const bytesOf = async (precision: 'f32' | 'f16', texts: number) => {
      const session = await openSession(precision, { layers: 8, texts });
      await session.step(1);
      const { bytes } = session.executor.memory();
      close(session);
      return bytes;
    };
    const halves = (await bytesOf('f16', 16)) - (await bytesOf('f16', 8));
    const floats = (await bytesOf('f32', 16)) - (await bytesOf('f32', 8));
    // In [T, H] matrices a layer keeps 18 (q, k, v, 2 of probabilities, context, 2 · 2 of LayerNorms, 2 · 4 of the
    // feed-forward part); gradients of one layer, 8, stay f32: (8 · 18 / 2 + 8) / (8 · 18) = 0.56.
    expect(halves / floats).toBeLessThan(0.57);
  });

  const methods: readonly ProgramOptions['pruning'][] = [
    null,
    { method: 'topK', isGlobal: false, regularization: null },
    { method: 'l0', isGlobal: false, regularization: null },
  ];
  it.each(methods)('keeps the halves of weights with their masters (%o)', async (pruning) => {
    const [trained, copy] = [await openSession('f16', { pruning }), await openSession('f16', { pruning })];
    const before = await logitsOf(copy);
    for (let step = 1; step <= 3; step++) await trained.step(step); // AdamW rounds
    for (const [name, { shape }] of parametersOf([trained.logits])) {
      copy.executor.setParameter(name, { shape, data: await trained.executor.readParameter(name) }); // the host rounds
    }
    const [moved, set] = [await logitsOf(trained), await logitsOf(copy)];
    expect(moved).toEqual(set);
    expect(moved).not.toEqual(before);
    for (const session of [trained, copy]) close(session);
  });
});
