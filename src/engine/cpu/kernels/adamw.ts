// gpu/adamw.ts on kernels, in place.
import * as tf from '@tensorflow/tfjs-core';
import { biasCorrection } from '../../gpu/bias-correction.ts';
import type { Optimizer } from '../../gpu/kernels.ts';
import type { Cpu } from '../cpu.ts';
import { ELEMENTS } from './tiles.ts';

export function optimizerKernels(cpu: Cpu): Optimizer {
  const { addressOf, memory } = cpu.heap;
  return {
    adamWUpdate({ state, gradient, clip, group, settings }) {
      const { beta1, beta2, epsilon } = settings;
      const corrections = biasCorrection(settings);
      const addresses = [state.value, state.first, state.second, gradient, clip].map(addressOf);
      const stepSize = group.learningRate * corrections.first;
      const decay = 1 - group.learningRate * group.weightDecay;
      const rates = [beta1, 1 - beta1, beta2, 1 - beta2, stepSize, corrections.second, epsilon, decay];
      cpu.run('adamWTile', Math.ceil(gradient.size / ELEMENTS), [...addresses, gradient.size, ...rates]);
      return state;
    },

    /** Summed in double precision, tile by tile. */
    globalNorm(gradients) {
      const total = gradients.reduce((sum, gradient) => {
        const tiles = Math.ceil(gradient.size / ELEMENTS);
        const partial = cpu.room(8 * tiles);
        cpu.run('sumOfSquaresTile', tiles, [partial, addressOf(gradient), gradient.size]);
        return new Float64Array(memory.buffer, partial, tiles).reduce((tileSum, x) => tileSum + x, sum);
      }, 0);
      return tf.scalar(Math.sqrt(total));
    },
  };
}
