// What a reference kernel is: an operation's forward and backward in plain tfjs ops. These definitions run on any
// backend and are what every faster kernel is tested against. Kernels borrow their inputs; the caller owns results.
import * as tf from '@tensorflow/tfjs-core';
import type { OpAttributes, OpName } from '../graph.ts';

/** Values of this step that are not tensors. */
export interface StepScalars {
  /** Kept fraction or score cut-off, as the method takes it. */
  readonly threshold: number;
  /** Draws dropout and l0 noise; the same seed replays the same draw. */
  readonly seed: number;
}

export interface ForwardResult {
  readonly value: tf.Tensor;
  /** What backward needs beside inputs and value. */
  readonly saved: readonly tf.Tensor[];
}

export interface BackwardArguments<O extends OpName> {
  readonly gradient: tf.Tensor;
  readonly inputs: readonly tf.Tensor[];
  readonly value: tf.Tensor;
  readonly saved: readonly tf.Tensor[];
  readonly attributes: OpAttributes[O];
  /** Which inputs want a gradient. */
  readonly wanted: readonly boolean[];
  readonly scalars: StepScalars;
  /** The numbers of an integer feed, which the host knows without a read-back. */
  readonly hostFeed: (input: tf.Tensor) => Int32Array;
}

export interface ReferenceKernel<O extends OpName> {
  forward(inputs: readonly tf.Tensor[], attributes: OpAttributes[O], scalars: StepScalars): ForwardResult;
  /** One gradient per input, null where unwanted or none exists; inputs may share one, or get the incoming one. */
  backward(args: BackwardArguments<O>): Gradients;
}

/** Input `index` of an operation; its absence is a mistake of the graph's builder. */
export function inputAt(inputs: readonly tf.Tensor[], index: number): tf.Tensor {
  const tensor = inputs[index];
  if (!tensor) throw new Error(`kernel: expected input ${index}, got ${inputs.length} inputs`);
  return tensor;
}

export type Gradients = (tf.Tensor | null)[];

/** `tf.tidy` for a backward pass, whose results may have gaps. */
export function tidyGradients(compute: () => Gradients): Gradients {
  return tf.tidy(compute as () => tf.TensorContainer) as Gradients;
}
