// The two losses of UDA (Xie et al., arXiv 1904.12848) as in the authors' code, and what share of the rows each counts.
import * as tf from '@tensorflow/tfjs-core';
import { inputAt, type ReferenceKernel } from './kernel.ts';
import { logSoftmax } from './losses.ts';

export const annealedCrossEntropy: ReferenceKernel<'annealedCrossEntropy'> = {
  forward(inputs) {
    return tf.tidy(() => {
      const { chosen, own, counts } = annealed(inputs);
      const weights = tf.div(counts, tf.maximum(tf.sum(counts), 1)); // [R]
      return { value: tf.neg(tf.sum(tf.mul(weights, own))), saved: [chosen, weights] };
    });
  },
  backward({ gradient, inputs, saved }) {
    const [chosen, weights] = [inputAt(saved, 0), inputAt(saved, 1)];
    const dLogits = tf.tidy(() => {
      const difference = tf.sub(tf.softmax(inputAt(inputs, 0)), chosen);
      return tf.mul(difference, tf.mul(tf.expandDims(weights, 1), gradient));
    });
    return [dLogits, null, null];
  },
};

export const annealedShare: ReferenceKernel<'annealedShare'> = {
  forward(inputs) {
    return { value: tf.tidy(() => tf.mean(annealed(inputs).counts)), saved: [] };
  },
  backward: () => [null, null, null],
};

/** Labels one-hot [R,K], ln of the own label's probability [R], and 1 where that is at most η [R]. */
function annealed(inputs: readonly tf.Tensor[]) {
  const [logits, labels, threshold] = [inputAt(inputs, 0), inputAt(inputs, 1), inputAt(inputs, 2)];
  const chosen = tf.cast(tf.oneHot(tf.cast(labels, 'int32'), logits.shape[1] ?? 0), 'float32');
  const own = tf.sum(tf.mul(logSoftmax(logits), chosen), 1);
  // Not "at most η": a NaN must count, or a broken run would look like one that has learnt everything.
  const counts = tf.sub(1, tf.cast(tf.greater(tf.exp(own), threshold), 'float32'));
  return { chosen, own, counts };
}

export const consistency: ReferenceKernel<'consistency'> = {
  forward(inputs, attributes) {
    const [logits, target] = [inputAt(inputs, 0), inputAt(inputs, 1)];
    return tf.tidy(() => {
      const targetLog = logSoftmax(tf.div(target, attributes.temperature));
      const divergences = tf.sum(tf.mul(tf.exp(targetLog), tf.sub(targetLog, logSoftmax(logits))), 1);
      return { value: tf.mean(tf.mul(kept(target, attributes), divergences)), saved: [] };
    });
  },
  backward({ gradient, inputs, attributes }) {
    const [logits, target] = [inputAt(inputs, 0), inputAt(inputs, 1)];
    // d/dl mean keep·KL(t ‖ softmax l) = keep·(softmax l − t)/R
    const dLogits = tf.tidy(() => {
      const difference = tf.sub(tf.softmax(logits), tf.softmax(tf.div(target, attributes.temperature)));
      const scale = tf.mul(tf.expandDims(kept(target, attributes), 1), tf.div(gradient, logits.shape[0] ?? 1));
      return tf.mul(difference, scale);
    });
    return [dLogits, null];
  },
};

export const confidentShare: ReferenceKernel<'confidentShare'> = {
  forward(inputs, attributes) {
    return { value: tf.tidy(() => tf.mean(kept(inputAt(inputs, 0), attributes))), saved: [] };
  },
  backward: () => [null],
};

/** 1 where the most likely class, untempered, exceeds the threshold: [R]. */
function kept(target: tf.Tensor, { confidenceThreshold }: { readonly confidenceThreshold: number }): tf.Tensor {
  return tf.cast(tf.greater(tf.max(tf.softmax(target), 1), confidenceThreshold), 'float32');
}
