// UDA's operations of a plan against their definition in plain tfjs ops: value and gradients.
import { describe, expect, it } from 'vitest';
import {
  annealedCrossEntropy,
  annealedShare,
  confidentShare,
  consistency,
  feed,
  meanTokens,
  sliceRows,
} from '../../../src/engine/gpu/graph.ts';
import { affine, caseOf, feedsOf, rows } from './cases.ts';
import { distances, randomIntegers, randomNumbers, worst } from './compare.ts';

const LIMIT = 2e-5;

describe('rows for a head', () => {
  it.each([
    [3, 5, 6],
    [2, 4, 8],
  ])('are means over the tokens of %i texts of %i tokens, %i wide', async (batch, tokens, hidden) => {
    const lengths = randomIntegers(batch, tokens, 8);
    const attentionMask = Int32Array.from({ length: batch * tokens }, (_, i) =>
      i % tokens <= lengths[Math.floor(i / tokens)]! ? 1 : 0,
    );
    const y = meanTokens(rows(batch * tokens, hidden), feed('attentionMask', [batch, tokens]));
    const feeds = { ...feedsOf(batch * tokens), attentionMask };
    expect(worst(await distances(caseOf(y, { feeds })))).toBeLessThan(LIMIT);
  });

  it.each([
    [0, 4],
    [3, 6],
  ])('are a slice from %i of %i rows, the others without a gradient', async (from, count) => {
    const y = sliceRows(rows(9, 6), from, count);
    expect(worst(await distances(caseOf(y, { feeds: feedsOf(9) })))).toBeLessThan(LIMIT);
  });
});

describe('annealed cross-entropy', () => {
  it.each([0.2, 0.5, 1])('over more rows than a workgroup has threads follows the reference at η = %f', async (eta) => {
    const logits = affine(rows(70, 8), 3, 'a');
    const inputs = { logits, labels: feed('labels', [70]), threshold: feed('eta', [1], 'float32') };
    const feeds = { ...feedsOf(70), labels: randomIntegers(70, 3, 4), eta: Float32Array.of(eta) };
    const terms = [
      { name: 'supervised', value: annealedCrossEntropy(inputs), weight: 1.5 },
      { name: 'share', value: annealedShare(inputs), weight: 0 },
    ];
    expect(worst(await distances({ terms, feeds }))).toBeLessThan(LIMIT);
  });
});

describe('consistency', () => {
  it.each([
    [1, -1],
    [0.4, 0.45],
  ])('at temperature %f and threshold %f follows the reference', async (temperature, confidenceThreshold) => {
    const logits = affine(rows(70, 8), 3, 'a');
    const target = affine(feed('original', [70, 8], 'float32'), 3, 'b');
    const feeds = { ...feedsOf(70), original: randomNumbers(70 * 8, 21) };
    const terms = [
      { name: 'consistency', value: consistency(logits, target, { temperature, confidenceThreshold }), weight: 2 },
      { name: 'share', value: confidentShare(target, confidenceThreshold), weight: 0 },
    ];
    const found = await distances({ terms, feeds });
    expect(found).not.toHaveProperty('b.weight');
    expect(worst(found)).toBeLessThan(LIMIT);
  });
});
