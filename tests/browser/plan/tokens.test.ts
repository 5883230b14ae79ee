// What masked language modelling adds to a plan, against the definition in plain tfjs ops: value and gradients.
import { describe, expect, it } from 'vitest';
import { embedding, feed, gatherRows, linear, parameter, tokenCrossEntropy } from '../../../src/engine/gpu/graph.ts';
import { affine, caseOf, feedsOf, rows } from './cases.ts';
import { distances, randomIntegers, randomNumbers, worst } from './compare.ts';

const LIMIT = 2e-5;

describe('gathered rows', () => {
  it('follow the reference; what is not gathered gets no gradient', async () => {
    const y = gatherRows(rows(12, 6), feed('places', [4]));
    const feeds = { ...feedsOf(12), places: Int32Array.of(7, 0, 11, 3) };
    expect(worst(await distances(caseOf(y, { feeds })))).toBeLessThan(LIMIT);
  });
});

describe('token cross-entropy', () => {
  it.each([
    [9, 150],
    [70, 7],
  ])('of %i rows over %i tokens follows the reference, some rows left out', async (count, tokens) => {
    const logits = affine(rows(count, 8), tokens, 'a');
    const labels = randomIntegers(count, tokens, 4).map((label, row) => (row % 3 === 1 ? -1 : label));
    const terms = [{ name: 'task', value: tokenCrossEntropy(logits, feed('labels', [count])), weight: 1.5 }];
    expect(worst(await distances({ terms, feeds: { ...feedsOf(count), labels } }))).toBeLessThan(LIMIT);
  });

  it('is 0 where no row counts', async () => {
    const terms = [{ name: 'task', value: tokenCrossEntropy(rows(3, 9), feed('labels', [3])), weight: 1 }];
    const found = await distances({ terms, feeds: { ...feedsOf(3), labels: new Int32Array(3).fill(-1) } });
    expect(found['value 0']).toBe(0);
  });
});

describe('a tied decoder', () => {
  it('adds its gradient to that of the embedding, micro-batch by micro-batch', async () => {
    const [batch, tokens, hidden, vocabulary] = [2, 5, 8, 22];
    const word = parameter('word', [vocabulary, hidden]);
    const x = embedding(
      {
        ids: feed('ids', [batch, tokens]),
        types: feed('types', [batch, tokens]),
        word,
        position: parameter('position', [7, hidden]),
        type: null,
      },
      { padTokenId: 0, skipsPadding: false },
    );
    const logits = linear({ x: affine(x, hidden, 'a', 'gelu'), weight: word, bias: parameter('bias', [vocabulary]) });
    const feeds = {
      ids: randomIntegers(batch * tokens, vocabulary, 4),
      types: new Int32Array(batch * tokens),
      labels: randomIntegers(batch * tokens, vocabulary, 5),
    };
    const terms = [{ name: 'task', value: tokenCrossEntropy(logits, feed('labels', [batch * tokens])), weight: 1 }];
    const found = await distances({ terms, feeds, parameters: { word: randomNumbers(vocabulary * hidden, 6) } });
    expect(found).toHaveProperty('word');
    expect(worst(found)).toBeLessThan(LIMIT);
  });
});
