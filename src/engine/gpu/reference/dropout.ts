// Inverted dropout (0 or 1/(1 − rate)) from counter-based noise.
import * as tf from '@tensorflow/tfjs-core';
import { streamKey, uniformAt } from '../random-bits.ts';
import { inputAt, type ReferenceKernel } from './kernel.ts';

export const dropout: ReferenceKernel<'dropout'> = {
  forward(inputs, { rate, site }, { seed }) {
    const x = inputAt(inputs, 0);
    const factors = dropoutFactors(x.shape, rate, seed, site);
    return { value: tf.mul(x, factors), saved: [factors] };
  },
  backward({ gradient, saved }) {
    return [tf.mul(gradient, inputAt(saved, 0))];
  },
};

export function dropoutFactors(shape: readonly number[], rate: number, seed: number, site: number): tf.Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const key = streamKey(seed, site);
  const kept = 1 / (1 - rate);
  const factors = new Float32Array(size);
  for (let index = 0; index < size; index++) factors[index] = uniformAt(key, index) < rate ? 0 : kept;
  return tf.tensor(factors, [...shape]);
}
