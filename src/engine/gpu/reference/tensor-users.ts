// Who holds a tensor, so that several can without a copy of it: tfjs's clone copies every number on WebAssembly.
import type * as tf from '@tensorflow/tfjs-core';

export class TensorUsers {
  private readonly counts = new Map<tf.Tensor, number>();

  hold(tensor: tf.Tensor): void {
    this.counts.set(tensor, (this.counts.get(tensor) ?? 0) + 1);
  }

  /** Frees the tensor if nobody else holds it. */
  drop(tensor: tf.Tensor): void {
    const left = (this.counts.get(tensor) ?? 1) - 1;
    if (left > 0) {
      this.counts.set(tensor, left);
      return;
    }
    this.counts.delete(tensor);
    tensor.dispose();
  }
}
