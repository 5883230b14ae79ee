// A GPU that is not there: it counts buffers instead of creating them and runs nothing.
import type { MemoryUse } from '../executor.ts';
import { type BytesByKind, Holdings, type MemoryKind } from '../holdings.ts';
import type { Binder, Gpu } from './gpu.ts';
import type { Tier } from './tier.ts';

export class Ledger implements Gpu {
  /** Bytes of the largest buffer so far. */
  largestBytes = 0;
  private readonly holdings = new Holdings<GPUBuffer>();

  constructor(readonly tier: Tier) {}

  get memory(): MemoryUse {
    return this.holdings.memory;
  }

  get peakByKind(): BytesByKind {
    return this.holdings.peakByKind;
  }

  createBuffer(label: string, words: number, kind: MemoryKind = 'other'): GPUBuffer {
    const size = Math.max(16, words * 4);
    const buffer = { label, size } as GPUBuffer;
    this.holdings.add(buffer, kind);
    this.largestBytes = Math.max(this.largestBytes, size);
    return buffer;
  }

  destroyBuffer(buffer: GPUBuffer | null): void {
    if (buffer) this.holdings.remove(buffer);
  }

  write(): void {
    // a ledger holds no numbers
  }

  copy(): void {
    // nor can it copy any
  }

  async read(): Promise<never> {
    throw new Error('ledger: expected nothing to be read, as nothing is computed');
  }

  async prepare(): Promise<Binder> {
    return () => [];
  }
}
