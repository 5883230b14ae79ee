// Every operation of a plan against its definition in plain tfjs ops: value and gradients, at sizes that are no
// multiples of four.
import { describe, expect, it } from 'vitest';
import {
  distillation,
  dropout,
  embedding,
  feed,
  firstToken,
  layerNorm,
  type MaskMethod,
  mask,
  parameter,
  penalty,
  spanRows,
  type Value,
} from '../../../src/engine/gpu/graph.ts';
import { affine, attentionOver, caseOf, feedsOf, rows } from './cases.ts';
import { type Case, distances, randomIntegers, randomNumbers, type Variant, worst } from './compare.ts';

const LIMIT = 2e-5;

describe('linear', () => {
  it.each(['none', 'gelu', 'gelu_new', 'relu', 'tanh'] as const)(
    'with %s follows the reference',
    async (activation) => {
      const y = affine(affine(rows(7, 10), 6, 'a', activation), 5, 'b');
      expect(worst(await distances(caseOf(y, { feeds: feedsOf(7) })))).toBeLessThan(LIMIT);
    },
  );

  it.each([
    [16, 32, 24],
    [9, 8, 16],
    [64, 20, 2],
    [3, 5, 3],
  ])('of [%i, %i] rows to %i columns follows the reference', async (count, inner, columns) => {
    const y = affine(rows(count, inner), columns, 'a');
    expect(worst(await distances(caseOf(y, { feeds: feedsOf(count) })))).toBeLessThan(LIMIT);
  });

  it('adds the gradients of maps that read an activation together', async () => {
    const x = affine(rows(6, 8), 8, 'x', 'gelu');
    const y = layerNorm(
      {
        x: affine(x, 8, 'a'),
        gamma: parameter('gamma', [8]),
        beta: parameter('beta', [8]),
        residual: affine(x, 8, 'b'),
      },
      1e-5,
    );
    expect(worst(await distances(caseOf(y, { feeds: feedsOf(6) })))).toBeLessThan(LIMIT);
  });

  it('trains biases of frozen weights', async () => {
    const y = affine(rows(6, 8), 7, 'a');
    const found = await distances(caseOf(y, { feeds: feedsOf(6), frozen: ['a.weight'] }));
    expect(found['a.weight']).toBeUndefined();
    expect(worst(found)).toBeLessThan(LIMIT);
  });
});

describe('masked linear', () => {
  const methods: readonly (readonly [MaskMethod, number])[] = [
    ['magnitude', 0.4],
    ['topK', 0.4],
    ['threshold', 0.1],
    ['sigmoied_threshold', 0.52],
    ['l0', 1],
    ['l0_sampled', 1],
  ];

  it.each(methods)(
    'with %s at %f follows the reference in value, weight and score gradients',
    async (method, threshold) => {
      const [count, inner, columns] = [9, 10, 6];
      const source = parameter(method === 'magnitude' ? 'a.weight' : 'a.scores', [columns, inner]);
      const by = mask(source, { method, row: null, site: 1003 }, null);
      const y = affine(rows(count, inner), columns, 'a', 'gelu', by);
      const found = await distances(caseOf(y, { feeds: feedsOf(count), values: [by], threshold }));
      expect(found).toHaveProperty('a.weight');
      expect(Object.keys(found).includes('a.scores')).toBe(method !== 'magnitude');
      expect(worst(found)).toBeLessThan(LIMIT);
    },
  );

  it('trains scores of frozen weights', async () => {
    const by = mask(parameter('a.scores', [6, 8]), { method: 'topK', row: null, site: 1003 }, null);
    const y = affine(rows(5, 8), 6, 'a', 'none', by);
    const found = await distances(caseOf(y, { feeds: feedsOf(5), threshold: 0.5, frozen: ['a.weight'] }));
    expect(found).toHaveProperty('a.scores');
    expect(worst(found)).toBeLessThan(LIMIT);
  });

  it('adds the gradient of a penalty on the scores', async () => {
    const scores = [parameter('a.scores', [6, 9]), parameter('other.scores', [5, 70])];
    const by = mask(scores[0] as Value, { method: 'sigmoied_threshold', row: null, site: 1003 }, null);
    const made = caseOf(affine(rows(5, 9), 6, 'a', 'none', by), { feeds: feedsOf(5), threshold: 0.5 });
    const terms = [...made.terms, { name: 'penalty', value: penalty(scores, -0.3), weight: 40 }];
    expect(worst(await distances({ ...made, terms }))).toBeLessThan(LIMIT);
  });
});

function attentionCase(o: Parameters<typeof attentionOver>[0] & Variant): Case {
  const { value, feeds } = attentionOver(o);
  return caseOf(value, { ...o, feeds });
}

describe('attention', () => {
  it.each([
    [2, 8, 2, 8],
    [3, 5, 2, 4],
    [1, 13, 3, 12],
  ])('of %i texts of %i tokens in %i heads of %i follows the reference', async (batch, tokens, heads, size) => {
    expect(worst(await distances(attentionCase({ batch, tokens, heads, size, dropout: 0 })))).toBeLessThan(LIMIT);
  });

  it('drops the same probabilities as the reference, forward and backward', async () => {
    expect(
      worst(await distances(attentionCase({ batch: 2, tokens: 7, heads: 2, size: 4, dropout: 0.3 }))),
    ).toBeLessThan(LIMIT);
  });

  it('refuses heads that no vector of four divides', async () => {
    await expect(distances(attentionCase({ batch: 1, tokens: 4, heads: 2, size: 5, dropout: 0 }))).rejects.toThrow(
      'expected a head size that is a multiple of 4, got 5',
    );
  });
});

describe('layerNorm', () => {
  it.each([
    [5, 12],
    [7, 10],
    [130, 33],
  ])('of [%i, %i] with a residual follows the reference', async (count, columns) => {
    const y = layerNorm(
      {
        x: rows(count, columns, 'a'),
        gamma: parameter('gamma', [columns]),
        beta: parameter('beta', [columns]),
        residual: rows(count, columns, 'b'),
      },
      1e-12,
    );
    const feeds = { ...feedsOf(count, 'a'), 'b.x': randomNumbers(3 * count, 18) };
    expect(worst(await distances(caseOf(y, { feeds })))).toBeLessThan(LIMIT);
  });
});

describe('dropout', () => {
  it.each([8, 9, 2])('over %i columns draws what the reference draws', async (columns) => {
    const y = dropout(rows(11, columns), 0.4, 3);
    expect(worst(await distances(caseOf(y, { feeds: feedsOf(11), seed: 123456789 })))).toBeLessThan(LIMIT);
  });
});

describe('embedding', () => {
  it.each([
    [true, false],
    [false, true],
  ])(
    'sums segments and leaves out padding (token types: %s, skipped by positions: %s)',
    async (isTyped, skipsPadding) => {
      const [batch, tokens, hidden] = [3, 7, 10];
      const y = embedding(
        {
          ids: feed('inputIds', [batch, tokens]),
          types: feed('tokenTypeIds', [batch, tokens]),
          word: parameter('word', [13, hidden]),
          position: parameter('position', [9, hidden]),
          type: isTyped ? parameter('type', [2, hidden]) : null,
        },
        { padTokenId: 0, skipsPadding },
      );
      const feeds = {
        inputIds: randomIntegers(batch * tokens, 13, 4),
        tokenTypeIds: randomIntegers(batch * tokens, 2, 5),
      };
      expect(worst(await distances(caseOf(y, { feeds })))).toBeLessThan(LIMIT);
    },
  );
});

describe('rows of logits', () => {
  it('takes first tokens and starts and ends of spans', async () => {
    const first = firstToken(rows(12, 6), 4);
    expect(worst(await distances(caseOf(first, { feeds: feedsOf(12) })))).toBeLessThan(LIMIT);
    const spans = spanRows(rows(15, 2), 5);
    expect(worst(await distances(caseOf(spans, { feeds: feedsOf(15) })))).toBeLessThan(LIMIT);
  });

  it('distils beside cross-entropy', async () => {
    const logits = affine(rows(6, 8), 5, 'a');
    const teacher = feed('teacher', [6, 5], 'float32');
    const made = caseOf(logits, { feeds: { ...feedsOf(6), teacher: randomNumbers(30, 9, 3) } });
    const terms = [...made.terms, { name: 'distillation', value: distillation(logits, teacher, 2), weight: 0.9 }];
    expect(worst(await distances({ ...made, terms }))).toBeLessThan(LIMIT);
  });
});
