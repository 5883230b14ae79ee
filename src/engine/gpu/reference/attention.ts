// Scaled dot-product attention per head with a padding mask; dropout acts on the probabilities, as in BERT.
import * as tf from '@tensorflow/tfjs-core';
import { dropoutFactors } from './dropout.ts';
import { inputAt, type ReferenceKernel, tidyGradients } from './kernel.ts';
import { matMul } from './mat-mul.ts';

/** Added to the logits of padding; far below any real logit, yet finite. */
const PADDING_LOGIT = -1e9;

export const attention: ReferenceKernel<'attention'> = {
  forward(inputs, { heads, dropout, site }, { seed }) {
    const padding = inputAt(inputs, 3);
    return tf.tidy(() => {
      const [q, k, v] = [0, 1, 2].map((index) => splitHeads(inputAt(inputs, index), padding, heads)) as Three;
      const scale = 1 / Math.sqrt(q.shape[3] ?? 1);
      const logits = tf.add(tf.mul(matMul(q, k, { b: true }), scale), paddingLogits(padding)); // [B,N,T,T]
      const probabilities = tf.softmax(logits);
      const factors = dropout > 0 ? [dropoutFactors(probabilities.shape, dropout, seed, site)] : [];
      const dropped = factors[0] ? tf.mul(probabilities, factors[0]) : probabilities;
      return { value: mergeHeads(matMul(dropped, v)), saved: [probabilities, ...factors] };
    });
  },

  backward({ gradient, inputs, saved, attributes }) {
    const padding = inputAt(inputs, 3);
    const [probabilities, factors] = [inputAt(saved, 0), saved[1]];
    return tidyGradients(() => {
      const split = (x: tf.Tensor) => splitHeads(x, padding, attributes.heads);
      const [q, k, v] = [0, 1, 2].map((index) => split(inputAt(inputs, index))) as Three;
      const dContext = split(gradient);
      const dropped = factors ? tf.mul(probabilities, factors) : probabilities;
      const dV = matMul(dropped, dContext, { a: true });
      const dDropped = matMul(dContext, v, { b: true });
      const dP = factors ? tf.mul(dDropped, factors) : dDropped;
      // Softmax: dL = P∘(dP − Σ dP∘P)
      const weighted = tf.mul(dP, probabilities);
      const dLogits = tf.sub(weighted, tf.mul(probabilities, tf.sum(weighted, 3, true)));
      const scaled = tf.mul(dLogits, 1 / Math.sqrt(q.shape[3] ?? 1));
      const dQ = matMul(scaled, k);
      const dK = matMul(scaled, q, { a: true });
      return [mergeHeads(dQ), mergeHeads(dK), mergeHeads(dV), null];
    });
  },
};

type Three = [tf.Tensor, tf.Tensor, tf.Tensor];

/** [B·T, N·D] → [B, N, T, D] */
function splitHeads(x: tf.Tensor, padding: tf.Tensor, heads: number): tf.Tensor {
  const [batch = 0, tokens = 0] = padding.shape;
  const hidden = x.shape[1] ?? 0;
  return tf.transpose(tf.reshape(x, [batch, tokens, heads, hidden / heads]), [0, 2, 1, 3]);
}

/** [B, N, T, D] → [B·T, N·D] */
function mergeHeads(x: tf.Tensor): tf.Tensor {
  const [batch = 0, heads = 0, tokens = 0, size = 0] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch * tokens, heads * size]);
}

/** [B, T] of 1 (text) and 0 (padding) → [B, 1, 1, T] of 0 and a very negative number. */
function paddingLogits(padding: tf.Tensor): tf.Tensor {
  const [batch = 0, tokens = 0] = padding.shape;
  const missing = tf.sub(1, tf.cast(padding, 'float32'));
  return tf.reshape(tf.mul(missing, PADDING_LOGIT), [batch, 1, 1, tokens]);
}
