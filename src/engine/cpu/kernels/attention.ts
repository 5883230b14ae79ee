// gpu/reference/attention.ts on kernels, one tile per head and text, with no transposes between. Saved: probabilities
// before dropout, in rows of T rounded up to a multiple of four.
import type * as tf from '@tensorflow/tfjs-core';
import { inputAt, type ReferenceKernel } from '../../gpu/reference/kernel.ts';
import { type Cpu, PRODUCT_SCRATCH } from '../cpu.ts';
import { noiseArguments } from './dropout.ts';

export function attentionKernel(cpu: Cpu): ReferenceKernel<'attention'> {
  const { addressOf, output } = cpu.heap;
  return {
    forward(inputs, { heads, dropout, site }, { seed }) {
      const [query, key, value, padding] = [0, 1, 2, 3].map((index) => inputAt(inputs, index)) as FourTensors;
      const [batch = 0, tokens = 0] = padding.shape;
      const size = (query.shape[1] ?? 0) / heads;
      const span = upTo(4, tokens);
      const [context, probabilities] = [output(query.shape), output([batch * heads, tokens, span])];
      const addresses = [context, probabilities, query, key, value, padding].map(addressOf);
      const values = [...addresses, heads, tokens, size, ...noiseArguments(dropout, seed, site)];
      cpu.run('attentionTile', batch * heads, values, scratchOf({ tokens, size }, span * (tokens + 1)));
      return { value: context, saved: [probabilities] };
    },

    backward({ gradient, inputs, saved, attributes: { heads, dropout, site }, scalars: { seed } }) {
      const [query, key, value, padding] = [0, 1, 2, 3].map((index) => inputAt(inputs, index)) as FourTensors;
      const [batch = 0, tokens = 0] = padding.shape;
      const size = (query.shape[1] ?? 0) / heads;
      const [dQuery, dKey, dValue] = [output(query.shape), output(key.shape), output(value.shape)];
      const addresses = [dQuery, dKey, dValue, gradient, inputAt(saved, 0), query, key, value].map(addressOf);
      const values = [...addresses, heads, tokens, size, ...noiseArguments(dropout, seed, site)];
      cpu.run('attentionGradientTile', batch * heads, values, attentionScratch({ tokens, size }));
      return [dQuery, dKey, dValue, null];
    },
  };
}

type FourTensors = [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];

const upTo = (step: number, n: number): number => Math.ceil(n / step) * step;

interface HeadShape {
  readonly tokens: number;
  readonly size: number;
}

/** Floats per thread: a product's, a packed operand, and `more` (assembly/attention.ts). */
function scratchOf({ tokens, size }: HeadShape, more: number): number {
  return PRODUCT_SCRATCH + Math.max(upTo(8, tokens) * size, upTo(8, size) * tokens) + more;
}

/** Floats per thread that the gradient takes, which needs most. */
export const attentionScratch = (shape: HeadShape): number =>
  scratchOf(shape, 2 * upTo(4, shape.tokens) * shape.tokens);

/** Floats of the probabilities saved. */
export const probabilityElements = (o: { batch: number; heads: number; tokens: number }): number =>
  o.batch * o.heads * o.tokens * upTo(4, o.tokens);
