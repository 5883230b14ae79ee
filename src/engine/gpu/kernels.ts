// What an executor computes with: the reference here, or faster kernels that are tested against it.
import * as tf from '@tensorflow/tfjs-core';
import { type BinaryMethod, binaryMask, cutMask, globalCuts } from '../pruning/masks.ts';
import type { Cut } from '../pruning/select.ts';
import { adamWUpdate, globalNorm } from './adamw.ts';
import { MemoryMeter } from './memory-meter.ts';
import { referenceKernels } from './reference/index.ts';

export interface Kernels {
  readonly operations: typeof referenceKernels;
  readonly masks: MaskMaker;
  readonly optimizer: Optimizer;
  /** Counts tensors and what the kernels hold beside them: packed operands, scratch of threads. */
  readonly memory: MemoryMeter;
  /** Forgets what ran before: its peak, and the room that its larger matrices needed. */
  restart(): void;
}

/** pruning/masks.ts on tensors. */
export interface MaskMaker {
  globalCuts(sources: readonly tf.Tensor[], isAbsolute: boolean, fraction: number): Promise<readonly Cut[]>;
  cutMask(method: 'magnitude' | 'topK', source: tf.Tensor, cut: Cut): Promise<tf.Tensor>;
  binaryMask(method: BinaryMethod, source: tf.Tensor, threshold: number): Promise<tf.Tensor>;
}

export interface Optimizer {
  /** Takes the state over: the next one may stand in the same tensors. */
  readonly adamWUpdate: typeof adamWUpdate;
  readonly globalNorm: typeof globalNorm;
}

/** Decides on the host. */
const hostMasks: MaskMaker = {
  async globalCuts(sources, isAbsolute, fraction) {
    return globalCuts(await Promise.all(sources.map(numbersOf)), isAbsolute, fraction);
  },
  async cutMask(method, source, cut) {
    return tf.tensor(cutMask(method, await numbersOf(source), cut), source.shape);
  },
  async binaryMask(method, source, threshold) {
    return tf.tensor(binaryMask(method, await numbersOf(source), threshold), source.shape);
  },
};

const numbersOf = async (tensor: tf.Tensor): Promise<Float32Array> => (await tensor.data()) as Float32Array;

const plainMemory = new MemoryMeter(() => 0);

export const plainKernels: Kernels = {
  operations: referenceKernels,
  masks: hostMasks,
  optimizer: { adamWUpdate, globalNorm },
  memory: plainMemory,
  restart: () => plainMemory.restart(),
};
