// The l0 gate and the score penalty of gpu/reference/mask.ts on kernels.
import * as tf from '@tensorflow/tfjs-core';
import { streamKey } from '../../gpu/random-bits.ts';
import { inputAt, type ReferenceKernel } from '../../gpu/reference/kernel.ts';
import { mask as reference } from '../../gpu/reference/mask.ts';
import type { Cpu } from '../cpu.ts';
import { ELEMENTS } from './tiles.ts';

/** dσ/dS times the stretch: 1.2 · 3/2 for the sampled gate, whose temperature is ⅔, and 1.2 for the other. */
const SAMPLED_SLOPE = 1.8;
const SLOPE = 1.2;

export function gateKernel(cpu: Cpu): ReferenceKernel<'mask'> {
  const { addressOf, output } = cpu.heap;
  return {
    forward(inputs, { method, site }, { seed }) {
      const scores = inputAt(inputs, 0);
      const [value, gate] = [output(scores.shape), output(scores.shape)];
      const isSampled = method === 'l0_sampled' ? 1 : 0;
      const values = [...[value, gate, scores].map(addressOf), scores.size, isSampled, streamKey(seed, site)];
      cpu.run('gateTile', tilesOf(scores), values);
      return { value, saved: [gate] };
    },

    backward(args) {
      const { gradient, saved, attributes } = args;
      if (attributes.method !== 'l0' && attributes.method !== 'l0_sampled') return reference.backward(args);
      const dScores = output(gradient.shape);
      const slope = attributes.method === 'l0_sampled' ? SAMPLED_SLOPE : SLOPE;
      const addresses = [dScores, gradient, inputAt(saved, 0)].map(addressOf);
      cpu.run('gateGradientTile', tilesOf(gradient), [...addresses, gradient.size, slope]);
      return [dScores, null];
    },
  };
}

export function penaltyKernel(cpu: Cpu): ReferenceKernel<'penalty'> {
  const { addressOf, memory, output } = cpu.heap;
  const meanSigmoid = (scores: tf.Tensor, shift: number): number => {
    const sums = cpu.room(8 * tilesOf(scores));
    cpu.run('sigmoidSumTile', tilesOf(scores), [sums, addressOf(scores), scores.size, shift]);
    const total = new Float64Array(memory.buffer, sums, tilesOf(scores)).reduce((sum, part) => sum + part, 0);
    return total / scores.size;
  };
  return {
    forward(inputs, { shift }) {
      const means = inputs.map((scores) => meanSigmoid(scores, shift));
      return { value: tf.scalar(means.reduce((sum, mean) => sum + mean, 0) / inputs.length), saved: [] };
    },

    backward({ gradient, inputs, attributes: { shift } }) {
      return inputs.map((scores) => {
        const dScores = output(scores.shape);
        const share = 1 / (inputs.length * scores.size);
        const addresses = [dScores, scores, gradient].map(addressOf);
        cpu.run('sigmoidSlopeTile', tilesOf(scores), [...addresses, scores.size, shift, share]);
        return dScores;
      });
    },
  };
}

const tilesOf = ({ size }: tf.Tensor): number => Math.ceil(size / ELEMENTS);
