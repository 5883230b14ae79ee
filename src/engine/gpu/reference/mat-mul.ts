// Products with transposes. tfjs's wasm kernel runs transposed operands 10–20× slower than plain ones, so there the
// operand is transposed first; the GPU backends take the flags.
import * as tf from '@tensorflow/tfjs-core';

export interface Transposes {
  readonly a?: boolean;
  readonly b?: boolean;
}

/** op(a) op(b) for matrices or batches of them ([…, M, K] and […, K, N] after transposing). */
export function matMul(a: tf.Tensor, b: tf.Tensor, transposes: Transposes = {}): tf.Tensor {
  const { a: transposeA = false, b: transposeB = false } = transposes;
  if (tf.getBackend() !== 'wasm') return tf.matMul(a, b, transposeA, transposeB);
  return tf.tidy(() => tf.matMul(transposeA ? swapLast(a) : a, transposeB ? swapLast(b) : b));
}

/** Column sums of [R, C] as [C]; a product with ones is several times faster than a reduction over rows. */
export function sumRows(x: tf.Tensor): tf.Tensor {
  const [rows = 0, columns = 0] = x.shape;
  return tf.tidy(() => tf.reshape(tf.matMul(tf.ones([1, rows]), x), [columns]));
}

function swapLast(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, axis) => axis);
  const last = axes.length - 1;
  return tf.transpose(x, [...axes.slice(0, -2), last, last - 1]);
}
