/** One engine with one model and one batch in place. */
export interface Inference {
  /** Where it computes, in the engine's own words. */
  readonly device: string;
  /** From the batch on the host to its logits [2B, T] on the host: starts, then ends. */
  run(): Promise<Float32Array>;
}

export type InferBackend = 'webgpu' | 'wasm';
