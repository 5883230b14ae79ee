// Buffers held, by what they are for, and the most that was held at once.
import type { MemoryUse } from '../executor.ts';
import type { BufferKind } from './gpu.ts';

export type BytesByKind = Readonly<Record<BufferKind, number>>;

export class Holdings {
  private readonly kinds = new Map<GPUBuffer, BufferKind>();
  private readonly held: Record<BufferKind, number> = {
    parameters: 0,
    gradients: 0,
    moments: 0,
    masks: 0,
    activations: 0,
    other: 0,
  };
  private bytes = 0;
  private peak = { bytes: 0, byKind: { ...this.held } };

  add(buffer: GPUBuffer, kind: BufferKind): void {
    this.kinds.set(buffer, kind);
    this.held[kind] += buffer.size;
    this.bytes += buffer.size;
    if (this.bytes > this.peak.bytes) this.peak = { bytes: this.bytes, byKind: { ...this.held } };
  }

  /** False where the buffer is not held. */
  remove(buffer: GPUBuffer): boolean {
    const kind = this.kinds.get(buffer);
    if (kind === undefined) return false;
    this.kinds.delete(buffer);
    this.held[kind] -= buffer.size;
    this.bytes -= buffer.size;
    return true;
  }

  get buffers(): readonly GPUBuffer[] {
    return [...this.kinds.keys()];
  }

  get memory(): MemoryUse {
    return { tensors: this.kinds.size, bytes: this.bytes, peakBytes: this.peak.bytes };
  }

  /** What the bytes of the peak were for. */
  get peakByKind(): BytesByKind {
    return this.peak.byKind;
  }
}
