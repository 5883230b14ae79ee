// LayerNorm over rows of (x + residual); Ba et al. 2016. Saved: the normalised rows and 1/σ.
import * as tf from '@tensorflow/tfjs-core';
import { inputAt, type ReferenceKernel, tidyGradients } from './kernel.ts';
import { sumRows } from './mat-mul.ts';

export const layerNorm: ReferenceKernel<'layerNorm'> = {
  forward(inputs, { epsilon }) {
    const [x, gamma, beta, residual] = [inputAt(inputs, 0), inputAt(inputs, 1), inputAt(inputs, 2), inputs[3]];
    return tf.tidy(() => {
      const input = residual ? tf.add(x, residual) : x;
      const centred = tf.sub(input, tf.mean(input, 1, true));
      const inverseDeviation = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), epsilon)); // [R, 1]
      const normalised = tf.mul(centred, inverseDeviation);
      return { value: tf.add(tf.mul(normalised, gamma), beta), saved: [normalised, inverseDeviation] };
    });
  },

  backward({ gradient, inputs, saved, wanted }) {
    const gamma = inputAt(inputs, 1);
    const [normalised, inverseDeviation] = [inputAt(saved, 0), inputAt(saved, 1)];
    const hasResidual = inputs.length > 3;
    return tidyGradients(() => {
      const scaled = tf.mul(gradient, gamma);
      const projection = tf.mean(tf.mul(scaled, normalised), 1, true);
      const centred = tf.sub(tf.sub(scaled, tf.mean(scaled, 1, true)), tf.mul(normalised, projection));
      const dx = tf.mul(centred, inverseDeviation);
      return [
        wanted[0] ? dx : null,
        wanted[1] ? sumRows(tf.mul(gradient, normalised)) : null,
        wanted[2] ? sumRows(gradient) : null,
        ...(hasResidual ? [wanted[3] ? dx : null] : []),
      ];
    });
  },
};
