// AdamW (Loshchilov & Hutter 2019) with PyTorch's order of operations: decay first, then the corrected step.
import * as tf from '@tensorflow/tfjs-core';
import { biasCorrection } from './bias-correction.ts';
import type { ParameterGroup, UpdateSettings } from './executor.ts';

export interface Moments {
  readonly first: tf.Tensor;
  readonly second: tf.Tensor;
}

export interface ParameterState extends Moments {
  readonly value: tf.Tensor;
}

/** One parameter's next value and moments, in place of those given; `clip` is a scalar that scales the gradient. */
export function adamWUpdate(o: {
  readonly state: ParameterState;
  readonly gradient: tf.Tensor;
  readonly clip: tf.Tensor;
  readonly group: ParameterGroup;
  readonly settings: UpdateSettings;
}): ParameterState {
  const { state, group, settings } = o;
  const { beta1, beta2, epsilon } = settings;
  const corrections = biasCorrection(settings);
  const stepSize = group.learningRate * corrections.first;
  const [value, first, second] = tf.tidy(() => {
    const gradient = tf.mul(o.gradient, o.clip);
    const first = tf.add(tf.mul(state.first, beta1), tf.mul(gradient, 1 - beta1));
    const second = tf.add(tf.mul(state.second, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const decayed =
      group.weightDecay === 0 ? state.value : tf.mul(state.value, 1 - group.learningRate * group.weightDecay);
    const deviation = tf.add(tf.mul(tf.sqrt(second), corrections.second), epsilon);
    return [tf.sub(decayed, tf.mul(tf.div(first, deviation), stepSize)), first, second];
  }) as [tf.Tensor, tf.Tensor, tf.Tensor];
  tf.dispose([state.value, state.first, state.second]);
  return { value, first, second };
}

/** ‖all gradients together‖ as a scalar tensor. */
export function globalNorm(gradients: readonly tf.Tensor[]): tf.Tensor {
  return tf.tidy(() => {
    if (gradients.length === 0) return tf.scalar(0);
    return tf.sqrt(total(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
  });
}

/** Sum of scalars two at a time: `addN` binds every operand at once, more than a GPU stage may. */
export function total(scalars: readonly tf.Tensor[]): tf.Tensor {
  return scalars.reduce((sum, scalar) => tf.add(sum, scalar));
}
