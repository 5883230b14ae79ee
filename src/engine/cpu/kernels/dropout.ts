// gpu/reference/dropout.ts on kernels: the noise is drawn again in backward, so nothing is saved.
import type * as tf from '@tensorflow/tfjs-core';
import { streamKey } from '../../gpu/random-bits.ts';
import { inputAt, type ReferenceKernel } from '../../gpu/reference/kernel.ts';
import type { Cpu } from '../cpu.ts';
import { ELEMENTS } from './tiles.ts';

export function dropoutKernel(cpu: Cpu): ReferenceKernel<'dropout'> {
  const drop = (x: tf.Tensor, noise: readonly number[]): tf.Tensor => {
    const out = cpu.heap.output(x.shape);
    const addresses = [out, x].map(cpu.heap.addressOf);
    cpu.run('dropoutTile', Math.ceil(x.size / ELEMENTS), [...addresses, x.size, ...noise]);
    return out;
  };
  return {
    forward: (inputs, { rate, site }, { seed }) => ({
      value: drop(inputAt(inputs, 0), noiseArguments(rate, seed, site)),
      saved: [],
    }),
    backward: ({ gradient, attributes: { rate, site }, scalars: { seed } }) => [
      drop(gradient, noiseArguments(rate, seed, site)),
    ],
  };
}

/** Stream, cut-off for 24-bit draws, and what survivors are multiplied with; a cut-off of 0 means no dropout. */
export function noiseArguments(rate: number, seed: number, site: number): [number, number, number] {
  return [streamKey(seed, site), Math.ceil(rate * 2 ** 24), 1 / (1 - rate)];
}
