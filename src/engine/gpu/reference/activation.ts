// Activations and their derivatives at the pre-activation h.
import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../graph.ts';

const INVERSE_SQRT_2 = Math.SQRT1_2;
const INVERSE_SQRT_2PI = 1 / Math.sqrt(2 * Math.PI);
/** √(2/π) and the cubic coefficient of the tanh approximation (`gelu_new`). */
const TANH_SCALE = Math.sqrt(2 / Math.PI);
const TANH_CUBIC = 0.044715;

export function activate(h: tf.Tensor, activation: Activation): tf.Tensor {
  switch (activation) {
    case 'none':
      return h;
    case 'relu':
      return tf.relu(h);
    case 'tanh':
      return tf.tanh(h);
    case 'gelu':
      return tf.tidy(() => tf.mul(h, normalCdf(h)));
    case 'gelu_new':
      return tf.tidy(() => tf.mul(tf.mul(h, 0.5), tf.add(tf.tanh(tanhArgument(h)), 1)));
    default:
      return activation satisfies never;
  }
}

/** dy ∘ f′(h); y = f(h) saves work where the derivative is a function of it. */
export function activationGradient(dy: tf.Tensor, h: tf.Tensor, y: tf.Tensor, activation: Activation): tf.Tensor {
  switch (activation) {
    case 'none':
      return dy;
    case 'relu':
      return tf.tidy(() => tf.mul(dy, tf.step(h)));
    case 'tanh':
      return tf.tidy(() => tf.mul(dy, tf.sub(1, tf.square(y))));
    case 'gelu':
      // d/dh hΦ(h) = Φ(h) + hφ(h)
      return tf.tidy(() => {
        const density = tf.mul(tf.exp(tf.mul(tf.square(h), -0.5)), INVERSE_SQRT_2PI);
        return tf.mul(dy, tf.add(normalCdf(h), tf.mul(h, density)));
      });
    case 'gelu_new':
      return tf.tidy(() => {
        const t = tf.tanh(tanhArgument(h));
        const slope = tf.mul(tf.add(tf.mul(tf.square(h), 3 * TANH_CUBIC), 1), TANH_SCALE);
        const inner = tf.mul(tf.mul(h, tf.sub(1, tf.square(t))), slope);
        return tf.mul(dy, tf.mul(tf.add(tf.add(t, 1), inner), 0.5));
      });
    default:
      return activation satisfies never;
  }
}

/** Φ(h) = ½(1 + erf(h/√2)), the exact GELU's gate. */
function normalCdf(h: tf.Tensor): tf.Tensor {
  return tf.mul(tf.add(tf.erf(tf.mul(h, INVERSE_SQRT_2)), 1), 0.5);
}

function tanhArgument(h: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(h, tf.add(tf.mul(tf.square(h), TANH_CUBIC), 1)), TANH_SCALE);
}
