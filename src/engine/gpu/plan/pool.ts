// Buffers for activations, lent to one plan after another: plans never run at once, so they may share them all.
import type { Gpu } from './gpu.ts';
import { type Need, place, type Slot } from './placement.ts';
import type { Command } from './shader.ts';
import { Storage } from './storage.ts';

export interface PoolOptions {
  readonly gpu: Gpu;
  /** What the pool may hold, unless one plan alone takes more. */
  readonly budgetBytes: number;
  /** Gives up the plan that has not run for longest and trims the pool; false where there is none. */
  readonly evict: () => boolean;
}

/** How much more than its largest plan the pool may hold, so that plans of like size stay side by side. */
const HEADROOM = 1.25;

export class BufferPool {
  /** How many plans use each buffer. */
  private readonly users = new Map<GPUBuffer, number>();
  private bytes = 0;

  constructor(private readonly options: PoolOptions) {}

  /** A buffer per storage that commands name; storage whose lifetimes do not meet shares. `kept` lives to the end. */
  lend(commands: readonly Command[], kept: ReadonlySet<Storage>): Map<Storage, GPUBuffer> {
    const needs = needsOf(commands, kept);
    const alone = newBytesOf(place(needs, []));
    const limit = Math.max(this.options.budgetBytes, HEADROOM * alone);
    let slots = place(needs, this.users.keys());
    while (newBytesOf(slots) > 0 && this.bytes + newBytesOf(slots) > limit && this.options.evict()) {
      slots = place(needs, this.users.keys());
    }
    return new Map(slots.flatMap((slot) => this.take(slot)));
  }

  /** Takes back what one plan was lent. */
  release(lent: ReadonlyMap<Storage, GPUBuffer>): void {
    for (const buffer of new Set(lent.values())) this.users.set(buffer, (this.users.get(buffer) ?? 0) - 1);
  }

  /** Destroys what no plan uses any more. */
  trim(): void {
    for (const [buffer, users] of this.users) {
      if (users > 0) continue;
      this.users.delete(buffer);
      this.bytes -= buffer.size;
      this.options.gpu.destroyBuffer(buffer);
    }
  }

  private take({ buffer: known, bytes, needs }: Slot): [Storage, GPUBuffer][] {
    const buffer = known ?? this.create(needs[0]?.storage.label ?? 'activations', bytes);
    this.users.set(buffer, (this.users.get(buffer) ?? 0) + 1);
    return needs.map(({ storage }) => [storage, buffer]);
  }

  private create(label: string, bytes: number): GPUBuffer {
    const buffer = this.options.gpu.createBuffer(label, bytes / 4, 'activations');
    this.bytes += buffer.size;
    return buffer;
  }
}

const newBytesOf = (slots: readonly Slot[]): number =>
  slots.reduce((sum, { buffer, bytes }) => sum + (buffer ? 0 : bytes), 0);

/** Every storage that commands name, with the first and last command that does. */
function needsOf(commands: readonly Command[], kept: ReadonlySet<Storage>): Need[] {
  const needs = new Map<Storage, { storage: Storage; bytes: number; first: number; last: number }>();
  commands.forEach(({ bindings }, index) => {
    for (const { view } of bindings) {
      if (!(view.home instanceof Storage)) continue;
      const storage = view.home;
      const last = kept.has(storage) ? commands.length : index;
      const known = needs.get(storage);
      if (known) known.last = last;
      else needs.set(storage, { storage, bytes: Math.max(16, storage.words * 4), first: index, last });
    }
  });
  return [...needs.values()];
}
