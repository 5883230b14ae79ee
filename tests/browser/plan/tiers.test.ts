// Every tier against the reference: each kind of product with its masks and epilogues, every reduction of rows. Software
// adapters compile barriers slowly, so few graphs have to do.
import { describe, expect, it } from 'vitest';
import { layerNorm, mask, parameter } from '../../../src/engine/gpu/graph.ts';
import { affine, attentionOver, caseOf, feedsOf, rows } from './cases.ts';
import { distances, randomNumbers, worst } from './compare.ts';
import { TIERS, type TierName } from './tiers.ts';

const LIMIT = 2e-5;

/** Software adapters' own tier runs in `operations.test.ts`. */
const names = (Object.keys(TIERS) as TierName[]).filter((name) => name !== 'register');

describe.each(names)('the %s tier', { timeout: 240_000 }, (name) => {
  const tier = TIERS[name];

  it.each(['topK', 'l0'] as const)('follows the reference in linear maps masked by %s', async (method) => {
    const by = mask(parameter('a.scores', [38, 37]), { method, row: null, site: 1003 }, null);
    const y = affine(affine(rows(35, 37), 38, 'a', 'gelu', by), 5, 'b');
    const found = await distances(caseOf(y, { tier, feeds: feedsOf(35), threshold: method === 'topK' ? 0.5 : 1 }));
    expect(worst(found)).toBeLessThan(LIMIT);
  });

  it('follows the reference in large tiles', async () => {
    const y = affine(rows(700, 40), 600, 'a');
    expect(worst(await distances(caseOf(y, { tier, feeds: feedsOf(700) })))).toBeLessThan(LIMIT);
  });

  it('trains biases of frozen weights', async () => {
    const found = await distances(
      caseOf(affine(rows(6, 8), 7, 'a'), { tier, feeds: feedsOf(6), frozen: ['a.weight'] }),
    );
    expect(found).toHaveProperty('a.bias');
    expect(worst(found)).toBeLessThan(LIMIT);
  });

  it('follows the reference in attention, with dropout', async () => {
    const { value, feeds } = attentionOver({ batch: 2, tokens: 7, heads: 2, size: 4, dropout: 0.3 });
    expect(worst(await distances(caseOf(value, { tier, feeds })))).toBeLessThan(LIMIT);
  });

  it('follows the reference in layerNorm with a residual', async () => {
    const [gamma, beta] = [parameter('gamma', [33]), parameter('beta', [33])];
    const y = layerNorm({ x: rows(70, 33, 'a'), gamma, beta, residual: rows(70, 33, 'b') }, 1e-12);
    const feeds = { ...feedsOf(70, 'a'), 'b.x': randomNumbers(210, 18) };
    expect(worst(await distances(caseOf(y, { tier, feeds })))).toBeLessThan(LIMIT);
  });
});
