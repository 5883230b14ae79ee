// Bytes that tfjs's tensors and kernels of our own hold. tfjs tells only what is held now, so whoever allocates notes it
// while everything is still there.
import * as tf from '@tensorflow/tfjs-core';
import type { MemoryUse } from './executor.ts';

export class MemoryMeter {
  private peakBytes = 0;

  constructor(private readonly bytesBesideTensors: () => number) {}

  get use(): MemoryUse {
    this.note();
    return { tensors: tf.memory().numTensors, bytes: this.bytes, peakBytes: this.peakBytes };
  }

  /** Forgets the peak of what ran before. */
  restart(): void {
    this.peakBytes = 0;
  }

  note(): void {
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
  }

  private get bytes(): number {
    return tf.memory().numBytes + this.bytesBesideTensors();
  }
}
