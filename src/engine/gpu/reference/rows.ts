// From activations to the rows that a head or a loss reads.
import * as tf from '@tensorflow/tfjs-core';
import { inputAt, type ReferenceKernel } from './kernel.ts';

export const firstToken: ReferenceKernel<'firstToken'> = {
  forward(inputs, { tokens }) {
    const x = inputAt(inputs, 0);
    const [rows = 0, hidden = 0] = x.shape;
    const value = tf.tidy(() => {
      const texts = tf.slice(tf.reshape(x, [rows / tokens, tokens, hidden]), [0, 0, 0], [-1, 1, -1]);
      return tf.reshape(texts, [rows / tokens, hidden]);
    });
    return { value, saved: [] };
  },
  backward({ gradient, attributes: { tokens } }) {
    const [batch = 0, hidden = 0] = gradient.shape;
    const dx = tf.tidy(() => {
      const first = tf.reshape(gradient, [batch, 1, hidden]);
      const padded = tf.pad(first, [
        [0, 0],
        [0, tokens - 1],
        [0, 0],
      ]);
      return tf.reshape(padded, [batch * tokens, hidden]);
    });
    return [dx];
  },
};

export const meanTokens: ReferenceKernel<'meanTokens'> = {
  forward(inputs) {
    const [x, attentionMask] = [inputAt(inputs, 0), inputAt(inputs, 1)];
    const [batch = 0, tokens = 0] = attentionMask.shape;
    const hidden = x.shape[1] ?? 0;
    return tf.tidy(() => {
      const mask = tf.cast(attentionMask, 'float32');
      const shares = tf.div(mask, tf.sum(mask, 1, true)); // [B, T], 1/count or 0
      const weighted = tf.mul(tf.reshape(x, [batch, tokens, hidden]), tf.reshape(shares, [batch, tokens, 1]));
      return { value: tf.sum(weighted, 1), saved: [shares] };
    });
  },
  backward({ gradient, saved }) {
    const shares = inputAt(saved, 0);
    const [batch = 0, tokens = 0] = shares.shape;
    const hidden = gradient.shape[1] ?? 0;
    const dx = tf.tidy(() => {
      const perToken = tf.mul(tf.reshape(gradient, [batch, 1, hidden]), tf.reshape(shares, [batch, tokens, 1]));
      return tf.reshape(perToken, [batch * tokens, hidden]);
    });
    return [dx, null];
  },
};

export const sliceRows: ReferenceKernel<'sliceRows'> = {
  forward(inputs, { from, count }) {
    return { value: tf.slice(inputAt(inputs, 0), [from, 0], [count, -1]), saved: [] };
  },
  backward({ gradient, inputs, attributes: { from, count } }) {
    const [rows = 0] = inputAt(inputs, 0).shape;
    const padding: [number, number][] = [
      [from, rows - from - count],
      [0, 0],
    ];
    return [tf.pad(gradient, padding)];
  },
};

export const gatherRows: ReferenceKernel<'gatherRows'> = {
  forward(inputs) {
    return { value: tf.gather(inputAt(inputs, 0), inputAt(inputs, 1)), saved: [] };
  },
  backward({ gradient, inputs }) {
    const [x, places] = [inputAt(inputs, 0), inputAt(inputs, 1)];
    const dx = tf.tidy(() => tf.scatterND(tf.expandDims(places, 1), gradient, [...x.shape]));
    return [dx, null];
  },
};

export const spanRows: ReferenceKernel<'spanRows'> = {
  forward(inputs, { tokens }) {
    const logits = inputAt(inputs, 0);
    const batch = (logits.shape[0] ?? 0) / tokens;
    // [B·T, 2] → [2, B·T] → [2B, T]
    const value = tf.tidy(() => tf.reshape(tf.transpose(logits), [2 * batch, tokens]));
    return { value, saved: [] };
  },
  backward({ gradient }) {
    const dLogits = tf.tidy(() => tf.transpose(tf.reshape(gradient, [2, gradient.size / 2])));
    return [dLogits];
  },
};
