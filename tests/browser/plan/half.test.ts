// Activations and weights stored as halves, against the f32 reference.
//
// The bound. A stored half is off by at most 2⁻¹⁰ of itself (WGSL lets a conversion round either way; to nearest it is
// 2⁻¹¹), so a stored matrix is off by at most 2⁻¹⁰ of its norm; sums are in f32. The errors of different matrices are
// independent, so their squares add: a value or gradient that `stores` of them go into is off by √stores · 2⁻¹⁰.
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
import { affine, attentionOver, caseOf, feedsOf, rows } from './cases.ts';
import { type Case, distances, randomIntegers, randomNumbers, worst } from './compare.ts';
import { TIERS } from './tiers.ts';

const ROUNDING = 2 ** -10;
/** What f32 differs by at most; more than this shows that halves were stored. */
const F32 = 2e-5;

/** A linear map to logits on top, so that the value itself is stored as halves. */
const underHead = (value: Value, o: Omit<Case, 'terms'>): Case => caseOf(affine(value, 5, 'head'), o);

async function expectWithin(stores: number, o: Case): Promise<void> {
  const found = await distances({ ...o, precision: 'f16' });
  delete found['k.bias']; // shifts all logits of a query alike: its true gradient is zero
  expect(worst(found)).toBeLessThan(Math.sqrt(stores) * ROUNDING);
  expect(worst(found)).toBeGreaterThan(F32);
}

describe('halves stay within their rounding in', () => {
  it.each(['none', 'gelu', 'gelu_new', 'relu', 'tanh'] as const)('linear with %s', async (activation) => {
    const y = affine(rows(7, 10), 6, 'a', activation);
    await expectWithin(6, underHead(y, { feeds: feedsOf(7) })); // input, pre-activation, y and three weights
  });

  it('masked linear', async () => {
    const by = mask(parameter('a.scores', [6, 10]), { method: 'topK', row: null, site: 1003 }, null);
    const y = affine(rows(9, 10), 6, 'a', 'gelu', by);
    await expectWithin(6, underHead(y, { feeds: feedsOf(9), threshold: 0.4 }));
  });

  it.each([
    [2, 8, 2, 8, 0],
    [3, 5, 2, 4, 0.3],
    [1, 13, 3, 12, 0.3],
  ])(
    'attention of %i texts of %i tokens in %i heads of %i, %f dropped',
    async (batch, tokens, heads, size, dropout) => {
      const { value, feeds } = attentionOver({ batch, tokens, heads, size, dropout });
      await expectWithin(11, underHead(value, { feeds })); // input, q, k, v, probabilities, context and five weights
    },
  );

  it.each([
    [7, 10],
    [130, 33],
  ])('layerNorm of [%i, %i] with a residual', async (count, columns) => {
    const [gamma, beta] = [parameter('gamma', [columns]), parameter('beta', [columns])];
    const y = layerNorm({ x: rows(count, columns, 'a'), gamma, beta, residual: rows(count, columns, 'b') }, 1e-12);
    const feeds = { ...feedsOf(count, 'a'), 'b.x': randomNumbers(3 * count, 18) };
    await expectWithin(7, underHead(y, { feeds })); // x, residual, normalised, y and three weights
  });

  it('dropout', async () => {
    await expectWithin(4, underHead(dropout(rows(11, 9), 0.4, 3), { feeds: feedsOf(11) }));
  });

  it('embedding', async () => {
    const [ids, types] = [feed('inputIds', [3, 7]), feed('tokenTypeIds', [3, 7])];
    const [word, position, type] = [
      parameter('word', [13, 10]),
      parameter('position', [9, 10]),
      parameter('type', [2, 10]),
    ];
    const feeds = { inputIds: randomIntegers(21, 13, 4), tokenTypeIds: randomIntegers(21, 2, 5) };
    await expectWithin(
      2,
      underHead(embedding({ ids, types, word, position, type }, { padTokenId: 0, skipsPadding: false }), { feeds }),
    );
  });

  it('first tokens', async () => {
    await expectWithin(4, underHead(firstToken(rows(12, 6), 4), { feeds: feedsOf(12) }));
  });

  it('logits of spans', async () => {
    await expectWithin(3, caseOf(spanRows(affine(rows(15, 8), 2, 'a'), 5), { feeds: feedsOf(15) }));
  });

  it('distillation beside cross-entropy', async () => {
    const logits = affine(rows(6, 8), 5, 'a');
    const made = caseOf(logits, { feeds: { ...feedsOf(6), teacher: randomNumbers(30, 9, 3) } });
    const value = distillation(logits, feed('teacher', [6, 5], 'float32'), 2);
    await expectWithin(3, { ...made, terms: [...made.terms, { name: 'distillation', value, weight: 0.9 }] });
  });

  it('tiles in shared memory', { timeout: 240_000 }, async () => {
    const y = affine(rows(35, 37), 38, 'a', 'gelu');
    await expectWithin(6, underHead(y, { feeds: feedsOf(35), tier: TIERS.shared }));
  });
});
