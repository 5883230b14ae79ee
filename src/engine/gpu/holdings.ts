// What is held, by what it is for, and the most that was held at once.
import type { MemoryUse } from './executor.ts';

/** Pruning scores are parameters too. */
export type MemoryKind = 'parameters' | 'gradients' | 'moments' | 'masks' | 'activations' | 'other';

export type BytesByKind = Readonly<Record<MemoryKind, number>>;

/** Of GPU buffers, or of anything else with a size in bytes. */
export class Holdings<T extends { readonly size: number }> {
  private readonly kinds = new Map<T, MemoryKind>();
  private readonly held: Record<MemoryKind, number> = {
    parameters: 0,
    gradients: 0,
    moments: 0,
    masks: 0,
    activations: 0,
    other: 0,
  };
  private bytes = 0;
  private peak = { bytes: 0, byKind: { ...this.held } };

  add(item: T, kind: MemoryKind): void {
    this.kinds.set(item, kind);
    this.held[kind] += item.size;
    this.bytes += item.size;
    if (this.bytes > this.peak.bytes) this.peak = { bytes: this.bytes, byKind: { ...this.held } };
  }

  /** False where it is not held. */
  remove(item: T): boolean {
    const kind = this.kinds.get(item);
    if (kind === undefined) return false;
    this.kinds.delete(item);
    this.held[kind] -= item.size;
    this.bytes -= item.size;
    return true;
  }

  get items(): readonly T[] {
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
