// Activations stored as halves, against the f32 reference: every operation, then training and what it saves.
//
// The bound. A stored half is off by at most 2⁻¹⁰ of itself (WGSL lets a conversion round either way; to nearest it is
// 2⁻¹¹), sums are in f32. A value or gradient that `stores` such matrices go into is then off by stores · 2⁻¹⁰ of its
// norm if every error had the same sign and none shrank on the way.
import { describe, expect, it } from 'vitest';
import {
  distillation,
  dropout,
  embedding,
  feed,
  firstToken,
  layerNorm,
  mask,
  parameter,
  spanRows,
  type Value,
} from '../../../src/engine/gpu/graph.ts';
import { createPlanExecutor } from '../../../src/engine/gpu/plan/plan-executor.ts';
import { parseConfig } from '../../../src/engine/model/config.ts';
import { createProgram } from '../../../src/engine/train/program.ts';
import { affine, attentionOver, caseOf, feedsOf, rows } from './cases.ts';
import {
  type Case,
  distances,
  gpuErrors,
  openDevice,
  randomIntegers,
  randomNumbers,
  setParameters,
  worst,
} from './compare.ts';

const ROUNDING = 2 ** -10;
/** What f32 differs by at most; more than this shows that halves were stored. */
const F32 = 2e-5;

/** A linear map to logits on top, so that the value itself is stored as halves. */
const underHead = (value: Value, o: Omit<Case, 'terms'>): Case => caseOf(affine(value, 5, 'head'), o);

async function expectWithin(stores: number, o: Case): Promise<void> {
  const found = await distances({ ...o, precision: 'f16' });
  delete found['k.bias']; // shifts all logits of a query alike: its true gradient is zero
  expect(worst(found)).toBeLessThan(stores * ROUNDING);
  expect(worst(found)).toBeGreaterThan(F32);
}

describe('halves stay within their rounding in', () => {
  it.each(['none', 'gelu', 'gelu_new', 'relu', 'tanh'] as const)('linear with %s', async (activation) => {
    const y = affine(rows(7, 10), 6, 'a', activation);
    await expectWithin(3, underHead(y, { feeds: feedsOf(7) })); // input, pre-activation, y
  });

  it('masked linear', async () => {
    const by = mask(parameter('a.scores', [6, 10]), { method: 'topK', row: null, site: 1003 }, null);
    const y = affine(rows(9, 10), 6, 'a', 'gelu', by);
    await expectWithin(3, underHead(y, { feeds: feedsOf(9), threshold: 0.4 }));
  });

  it.each([
    [2, 8, 2, 8, 0],
    [3, 5, 2, 4, 0.3],
    [1, 13, 3, 12, 0.3],
  ])(
    'attention of %i texts of %i tokens in %i heads of %i, %f dropped',
    async (batch, tokens, heads, size, dropout) => {
      const { value, feeds } = attentionOver({ batch, tokens, heads, size, dropout });
      await expectWithin(6, underHead(value, { feeds })); // input, q, k, v, probabilities, context
    },
  );

  it.each([
    [7, 10],
    [130, 33],
  ])('layerNorm of [%i, %i] with a residual', async (count, columns) => {
    const [gamma, beta] = [parameter('gamma', [columns]), parameter('beta', [columns])];
    const y = layerNorm({ x: rows(count, columns, 'a'), gamma, beta, residual: rows(count, columns, 'b') }, 1e-12);
    const feeds = { ...feedsOf(count, 'a'), 'b.x': randomNumbers(3 * count, 18) };
    await expectWithin(4, underHead(y, { feeds })); // x, residual, normalised, y
  });

  it('dropout', async () => {
    await expectWithin(2, underHead(dropout(rows(11, 9), 0.4, 3), { feeds: feedsOf(11) }));
  });

  it('embedding', async () => {
    const [ids, types] = [feed('inputIds', [3, 7]), feed('tokenTypeIds', [3, 7])];
    const [word, position, type] = [
      parameter('word', [13, 10]),
      parameter('position', [9, 10]),
      parameter('type', [2, 10]),
    ];
    const feeds = { inputIds: randomIntegers(21, 13, 4), tokenTypeIds: randomIntegers(21, 2, 5) };
    await expectWithin(1, underHead(embedding({ ids, types, word, position, type }, 0), { feeds }));
  });

  it('first tokens', async () => {
    await expectWithin(2, underHead(firstToken(rows(12, 6), 4), { feeds: feedsOf(12) }));
  });

  it('logits of spans', async () => {
    await expectWithin(1, caseOf(spanRows(affine(rows(15, 8), 2, 'a'), 5), { feeds: feedsOf(15) }));
  });

  it('distillation beside cross-entropy', async () => {
    const logits = affine(rows(6, 8), 5, 'a');
    const made = caseOf(logits, { feeds: { ...feedsOf(6), teacher: randomNumbers(30, 9, 3) } });
    const value = distillation(logits, feed('teacher', [6, 5], 'float32'), 2);
    await expectWithin(1, { ...made, terms: [...made.terms, { name: 'distillation', value, weight: 0.9 }] });
  });

  it('tiles in shared memory', { timeout: 240_000 }, async () => {
    const y = affine(rows(35, 37), 38, 'a', 'gelu');
    await expectWithin(3, underHead(y, { feeds: feedsOf(35), isSoftware: false }));
  });
});

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

interface Training {
  readonly losses: readonly number[];
  readonly bytes: number;
}

/** Losses of so many steps on one batch, and what the executor then holds. */
async function train(
  precision: 'f32' | 'f16',
  o: { readonly layers: number; readonly texts: number; readonly steps: number },
): Promise<Training> {
  const { layers, texts, steps } = o;
  const executor = createPlanExecutor({ device: await openDevice(), isSoftware: true, precision });
  const config = parseConfig(JSON.stringify({ ...TINY, num_hidden_layers: layers }));
  const task = 'text-classification';
  const program = createProgram({ config, task, labels: 3, pruning: null, samplesGates: true, temperature: null });
  const terms = [{ name: 'task', value: program.training({ batchSize: texts, tokens: TOKENS }).task, weight: 1 }];
  const names = setParameters([executor], [terms[0]!.value]);
  const count = texts * TOKENS;
  const feeds = {
    inputIds: randomIntegers(count, 31, 1),
    attentionMask: Int32Array.from({ length: count }, (_, i) => (i % TOKENS < 27 ? 1 : 0)),
    tokenTypeIds: randomIntegers(count, 2, 2),
    labels: randomIntegers(texts, 3, 3),
  };
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const inputs = { feeds, threshold: 1, seed: step };
    await executor.accumulate({ terms, inputs, trainable: new Set(names), share: 1 });
    const groups = [{ names, learningRate: 5e-4, weightDecay: 0.01 }];
    await executor.update({ groups, step, beta1: 0.9, beta2: 0.999, epsilon: 1e-6, maxGradNorm: 1 });
    losses.push((await executor.readReport()).terms.task ?? Number.NaN);
  }
  const { bytes } = executor.memory();
  executor.dispose();
  expect(gpuErrors).toEqual([]);
  return { losses, bytes };
}

describe('training with halves', () => {
  it('reaches the loss of f32 within 1 % in 30 steps', async () => {
    const o = { layers: 2, texts: 8, steps: 30 };
    const [exact, half] = [(await train('f32', o)).losses, (await train('f16', o)).losses];
    expect(exact[29]).toBeLessThan(0.7 * (exact[0] ?? 0));
    expect(half).not.toEqual(exact);
    expect(Math.abs((half[29] ?? Number.NaN) / (exact[29] ?? Number.NaN) - 1)).toBeLessThan(0.01);
  });

  it('takes about half the bytes per text', async () => {
    const bytesPerText = async (precision: 'f32' | 'f16') => {
      const [few, many] = [
        await train(precision, { layers: 8, texts: 8, steps: 1 }),
        await train(precision, { layers: 8, texts: 16, steps: 1 }),
      ];
      return many.bytes - few.bytes;
    };
    // In [T, H] matrices a layer keeps 18 (q, k, v, 2 of probabilities, context, 2 · 2 of LayerNorms, 2 · 4 of the
    // feed-forward part); gradients of one layer, 8, stay f32: (8 · 18 / 2 + 8) / (8 · 18) = 0.56.
    expect((await bytesPerText('f16')) / (await bytesPerText('f32'))).toBeLessThan(0.57);
  });
});
