// What runs a graph. The trainer, evaluation and the golden check speak to this; how a step is carried out
// (op by op, or as one plan) is the executor's business.
import type { Value } from './graph.ts';

export type FeedData = Readonly<Record<string, Int32Array | Float32Array>>;

export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Adam's running means of a parameter's gradient and of its square, shaped as the parameter. */
export interface HostMoments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** What a forward pass needs beside parameters. */
export interface StepInputs {
  readonly feeds: FeedData;
  /** Kept fraction (magnitude, topK) or score cut-off (threshold methods). */
  readonly threshold: number;
  /** Draws dropout and l0 noise. */
  readonly seed: number;
  /** Global cut-offs are kept while this stays the same. Local ones follow their scores at once. */
  readonly cutVersion?: number;
}

/** One named part of the loss. */
export interface Term {
  readonly name: string;
  readonly value: Value;
  readonly weight: number;
}

/** Parameters that share a learning rate and a decay. */
export interface ParameterGroup {
  readonly names: readonly string[];
  readonly learningRate: number;
  readonly weightDecay: number;
}

export interface UpdateSettings {
  readonly groups: readonly ParameterGroup[];
  /** Number of this update, from 1: Adam's bias correction. */
  readonly step: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Off in the BERT authors' Adam, whose early updates are up to six times larger for it. */
  readonly correctsBias?: boolean;
  /** Clip by the global norm; 0 turns it off. */
  readonly maxGradNorm: number;
}

export interface StepReport {
  /** Value of each term before its weight, averaged over the micro-batches of the update. */
  readonly terms: Readonly<Record<string, number>>;
  readonly gradientNorm: number;
}

export interface MemoryUse {
  /** Tensors, or buffers on the GPU. */
  readonly tensors: number;
  readonly bytes: number;
  /** The most that was held at once so far. */
  readonly peakBytes: number;
}

export interface Executor {
  readonly backend: 'webgpu' | 'wasm';
  /** Adds a parameter or overwrites its values. */
  setParameter(name: string, tensor: HostTensor): void;
  readParameter(name: string): Promise<Float32Array>;
  hasParameter(name: string): boolean;
  /** Null of a parameter that no update has changed. */
  readMoments(name: string): Promise<HostMoments | null>;
  /** What the next update goes on from; the parameter is set before. */
  setMoments(name: string, moments: HostMoments): void;

  evaluate(values: readonly Value[], inputs: StepInputs): Promise<Float32Array[]>;

  /** Adds `share` times the gradient of Σ weight·term to the trainable parameters' gradients. */
  accumulate(o: {
    readonly terms: readonly Term[];
    readonly inputs: StepInputs;
    readonly trainable: ReadonlySet<string>;
    readonly share: number;
  }): Promise<void>;
  readGradient(name: string): Promise<Float32Array>;
  /**
   * One AdamW update with the gathered gradients, which are then forgotten.
   * Where a term or the gradient norm is not finite, parameters and moments stay as they were.
   */
  update(settings: UpdateSettings): Promise<void>;
  /** What the last update saw; the one read-back of a step. */
  readReport(): Promise<StepReport>;

  memory(): MemoryUse;
  dispose(): void;
}
