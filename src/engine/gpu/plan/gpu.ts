// What plans are made on: a device (`device-gpu.ts`), or a ledger that only counts what a device would hold
// (`ledger.ts`), so that a run's memory is known before it begins.
import type { MemoryUse } from '../executor.ts';
import type { MemoryKind } from '../holdings.ts';
import type { Command } from './shader.ts';
import type { View } from './storage.ts';
import type { Tier } from './tier.ts';

export interface Region {
  readonly buffer: GPUBuffer;
  /** In words. */
  readonly offset: number;
  readonly words: number;
}

export interface Dispatch {
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number];
}

/** Binds commands to their buffers, once these are known. */
export type Binder = (bufferOf: (view: View) => GPUBuffer) => Dispatch[];

export interface Gpu {
  readonly tier: Tier;
  readonly memory: MemoryUse;
  /** A zeroed buffer of so many words. Throws `out-of-memory` where a device's limits forbid one so large. */
  createBuffer(label: string, words: number, kind?: MemoryKind): GPUBuffer;
  destroyBuffer(buffer: GPUBuffer | null): void;
  /** Queued before what is submitted later; `offset` counts words. */
  write(
    buffer: GPUBuffer,
    offset: number,
    data: ArrayBuffer | Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>,
  ): void;
  /** Copies a whole buffer to the beginning of another. */
  copy(from: GPUBuffer, to: GPUBuffer): void;
  /** The numbers of several regions, in one copy and one wait. */
  read(regions: readonly Region[]): Promise<Float32Array[]>;
  /** Compiles what the commands run. */
  prepare(commands: readonly Command[]): Promise<Binder>;
}
