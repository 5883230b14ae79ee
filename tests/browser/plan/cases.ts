// Small graphs around one operation, whose every input carries a gradient.
import type { FeedData } from '../../../src/engine/gpu/executor.ts';
import { type Activation, attention, feed, linear, parameter, type Value } from '../../../src/engine/gpu/graph.ts';
import { type Case, lossOf, randomIntegers, randomNumbers } from './compare.ts';

/** Rows of activations that carry a gradient: a parameter sent through a linear map. */
export function rows(count: number, columns: number, name = 'input'): Value {
  const x = feed(`${name}.x`, [count, 3], 'float32');
  return linear({ x, weight: parameter(`${name}.weight`, [columns, 3]), bias: parameter(`${name}.bias`, [columns]) });
}

export const feedsOf = (count: number, name = 'input') => ({ [`${name}.x`]: randomNumbers(3 * count, 17) });

export function caseOf(value: Value, o: Omit<Case, 'terms'>): Case {
  const { term, feeds } = lossOf(value);
  return { ...o, terms: [term], values: [value, ...(o.values ?? [])], feeds: { ...feeds, ...o.feeds } };
}

export const affine = (x: Value, columns: number, name: string, activation: Activation = 'none', by?: Value): Value => {
  const weight = parameter(`${name}.weight`, [columns, x.shape[1] ?? 0]);
  const bias = parameter(`${name}.bias`, [columns]);
  return linear({ x, weight, bias, ...(by ? { mask: by } : {}) }, activation);
};

/** Attention of texts of random lengths, over rows that carry a gradient. */
export function attentionOver(o: {
  readonly batch: number;
  readonly tokens: number;
  readonly heads: number;
  readonly size: number;
  readonly dropout: number;
}): { readonly value: Value; readonly feeds: FeedData } {
  const count = o.batch * o.tokens;
  const x = rows(count, o.heads * o.size);
  const map = (name: string) => affine(x, o.heads * o.size, name);
  const attentionMask = feed('attentionMask', [o.batch, o.tokens]);
  const value = attention(
    { query: map('q'), key: map('k'), value: map('v'), attentionMask },
    { heads: o.heads, dropout: o.dropout, site: 2 },
  );
  const lengths = randomIntegers(o.batch, o.tokens, 8);
  const padding = Int32Array.from({ length: count }, (_, i) =>
    i % o.tokens <= (lengths[Math.floor(i / o.tokens)] ?? 0) ? 1 : 0,
  );
  return { value, feeds: { ...feedsOf(count), attentionMask: padding } };
}
