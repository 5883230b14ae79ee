// Masks inside the graph. Binary masks are decided on the host (`pruning/masks.ts`), exactly; their gradient goes
// straight through to the scores. The l0 gate is an ordinary function of the scores (Louizos et al. 2018).
import * as tf from '@tensorflow/tfjs-core';
import { total } from '../adamw.ts';
import { streamKey, uniformAt } from '../random-bits.ts';
import { inputAt, type ReferenceKernel } from './kernel.ts';

/** Temperature and stretch of the hard-concrete gate. */
const BETA = 2 / 3;
const STRETCH = 1.2;
const SHIFT = -0.1;
const NOISE_LOW = 1e-4;
const NOISE_HIGH = 0.9999;

/** l0 only: forward and, for every method, the gradient towards the scores. */
export const mask: ReferenceKernel<'mask'> = {
  forward(inputs, { method, site }, { seed }) {
    const scores = inputAt(inputs, 0);
    return tf.tidy(() => {
      const gate = method === 'l0_sampled' ? sampledGate(scores, seed, site) : tf.sigmoid(scores);
      return { value: tf.clipByValue(stretched(gate), 0, 1), saved: [gate] };
    });
  },

  backward({ gradient, saved, attributes: { method } }) {
    if (method === 'magnitude') return [null, null];
    if (method !== 'l0' && method !== 'l0_sampled') return [gradient, null];
    const gate = inputAt(saved, 0);
    const dScores = tf.tidy(() => {
      const open = stretched(gate);
      const inside = tf.logicalAnd(tf.greaterEqual(open, 0), tf.lessEqual(open, 1));
      const slope = tf.mul(tf.mul(gate, tf.sub(1, gate)), method === 'l0_sampled' ? STRETCH / BETA : STRETCH);
      return tf.mul(gradient, tf.mul(slope, tf.cast(inside, 'float32')));
    });
    return [dScores, null];
  },
};

const stretched = (gate: tf.Tensor): tf.Tensor => tf.add(tf.mul(gate, STRETCH), SHIFT);

/** s = σ((ln u − ln(1 − u) + S)/b) */
function sampledGate(scores: tf.Tensor, seed: number, site: number): tf.Tensor {
  const key = streamKey(seed, site);
  const logistic = new Float32Array(scores.size);
  for (let index = 0; index < logistic.length; index++) {
    const u = NOISE_LOW + (NOISE_HIGH - NOISE_LOW) * uniformAt(key, index);
    logistic[index] = Math.log(u) - Math.log(1 - u);
  }
  return tf.sigmoid(tf.div(tf.add(scores, tf.tensor(logistic, scores.shape)), BETA));
}

/** mean over matrices of mean σ(S − shift) */
export const penalty: ReferenceKernel<'penalty'> = {
  forward(inputs, { shift }) {
    return tf.tidy(() => {
      const means = inputs.map((scores) => tf.mean(tf.sigmoid(tf.sub(scores, shift))));
      return { value: tf.div(total(means), inputs.length), saved: [] };
    });
  },

  backward({ gradient, inputs, attributes: { shift } }) {
    return inputs.map((scores) =>
      tf.tidy(() => {
        const open = tf.sigmoid(tf.sub(scores, shift));
        const slope = tf.mul(open, tf.sub(1, open));
        return tf.mul(slope, tf.div(gradient, inputs.length * scores.size));
      }),
    );
  },
};
