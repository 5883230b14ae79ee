// Losses over rows of logits.
import * as tf from '@tensorflow/tfjs-core';
import { inputAt, type ReferenceKernel } from './kernel.ts';

export const crossEntropy: ReferenceKernel<'crossEntropy'> = {
  forward(inputs) {
    const [logits, labels] = [inputAt(inputs, 0), inputAt(inputs, 1)];
    return tf.tidy(() => {
      const [rows = 0, columns = 0] = logits.shape;
      const chosen = tf.oneHot(tf.cast(labels, 'int32'), columns);
      const value = tf.mul(tf.sum(tf.mul(logSoftmax(logits), chosen)), -1 / rows);
      return { value, saved: [tf.cast(chosen, 'float32')] };
    });
  },
  backward({ gradient, inputs, saved }) {
    const logits = inputAt(inputs, 0);
    const dLogits = tf.tidy(() => {
      const difference = tf.sub(tf.softmax(logits), inputAt(saved, 0));
      return tf.mul(difference, tf.div(gradient, logits.shape[0] ?? 1));
    });
    return [dLogits, null];
  },
};

export const tokenCrossEntropy: ReferenceKernel<'tokenCrossEntropy'> = {
  forward(inputs) {
    const [logits, labels] = [inputAt(inputs, 0), inputAt(inputs, 1)];
    return tf.tidy(() => {
      const counts = tf.cast(tf.greaterEqual(labels, 0), 'float32');
      const weights = tf.div(counts, tf.maximum(tf.sum(counts), 1)); // [M]
      const own = tf.reshape(tf.gather(tf.reshape(logits, [-1]), placesOf(logits, labels)), [-1]);
      const top = tf.max(logits, 1);
      const sums = tf.sum(tf.exp(tf.sub(logits, tf.expandDims(top, 1))), 1);
      const losses = tf.sub(tf.add(tf.log(sums), top), own);
      return { value: tf.sum(tf.mul(weights, losses)), saved: [weights] };
    });
  },
  backward({ gradient, inputs, saved }) {
    const [logits, labels, weights] = [inputAt(inputs, 0), inputAt(inputs, 1), inputAt(saved, 0)];
    const dLogits = tf.tidy(() => {
      const scale = tf.expandDims(tf.mul(weights, gradient), 1); // [M, 1]
      const own = tf.scatterND(tf.expandDims(placesOf(logits, labels), 1), tf.reshape(scale, [-1]), [logits.size]);
      return tf.sub(tf.mul(tf.softmax(logits), scale), tf.reshape(own, logits.shape));
    });
    return [dLogits, null];
  },
};

/** Where each row's own logit stands in the flat logits; a row that does not count points at its first. */
function placesOf(logits: tf.Tensor, labels: tf.Tensor): tf.Tensor1D {
  const [rows = 0, columns = 0] = logits.shape;
  const starts = tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(columns, 'int32'));
  return tf.add(starts, tf.maximum(labels, tf.scalar(0, 'int32')));
}

export const distillation: ReferenceKernel<'distillation'> = {
  forward(inputs, { temperature }) {
    const [student, teacher] = [inputAt(inputs, 0), inputAt(inputs, 1)];
    return tf.tidy(() => {
      const teacherLog = logSoftmax(tf.div(teacher, temperature));
      const studentLog = logSoftmax(tf.div(student, temperature));
      const divergence = tf.sum(tf.mul(tf.exp(teacherLog), tf.sub(teacherLog, studentLog)));
      return { value: tf.mul(divergence, temperature ** 2 / (student.shape[0] ?? 1)), saved: [] };
    });
  },
  backward({ gradient, inputs, attributes: { temperature } }) {
    const [student, teacher] = [inputAt(inputs, 0), inputAt(inputs, 1)];
    // d/ds T² KL = T (softmax(s/T) − softmax(t/T))
    const dStudent = tf.tidy(() => {
      const difference = tf.sub(tf.softmax(tf.div(student, temperature)), tf.softmax(tf.div(teacher, temperature)));
      return tf.mul(difference, tf.mul(gradient, temperature / (student.shape[0] ?? 1)));
    });
    return [dStudent, null];
  },
};

/** ln softmax over the last axis of [R, C]. */
export function logSoftmax(logits: tf.Tensor): tf.Tensor {
  const shifted = tf.sub(logits, tf.max(logits, 1, true));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 1, true)));
}
