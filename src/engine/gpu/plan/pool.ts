// Buffers for activations, lent to one plan after another: plans never run at once, so they may share them all.
import type { Gpu } from './gpu.ts';
import type { Command } from './shader.ts';
import { Storage } from './storage.ts';

/** A buffer may be this much larger than what is asked for. */
const SLACK = 2;

export class BufferPool {
  private readonly buffers = new Set<GPUBuffer>();

  constructor(private readonly gpu: Gpu) {}

  /** A buffer per storage that commands name; storage whose lifetimes do not meet shares. `kept` lives to the end. */
  assign(commands: readonly Command[], kept: ReadonlySet<Storage>): Map<Storage, GPUBuffer> {
    const { births, deaths } = lifetimes(commands, kept);
    const free = new Set(this.buffers);
    const assigned = new Map<Storage, GPUBuffer>();
    commands.forEach((_, index) => {
      for (const storage of births.get(index) ?? []) {
        const buffer = takeFitting(free, storage.words * 4) ?? this.create(storage);
        assigned.set(storage, buffer);
      }
      for (const storage of deaths.get(index) ?? []) free.add(assigned.get(storage) as GPUBuffer);
    });
    return assigned;
  }

  /** Destroys what no plan uses any more. */
  trim(used: ReadonlySet<GPUBuffer>): void {
    for (const buffer of this.buffers) {
      if (used.has(buffer)) continue;
      this.buffers.delete(buffer);
      this.gpu.destroyBuffer(buffer);
    }
  }

  private create({ label, words }: Storage): GPUBuffer {
    const buffer = this.gpu.createBuffer(label, words);
    this.buffers.add(buffer);
    return buffer;
  }
}

/** The smallest buffer that is large enough, if it is not far too large. */
function takeFitting(free: Set<GPUBuffer>, bytes: number): GPUBuffer | null {
  let best: GPUBuffer | null = null;
  for (const buffer of free) {
    if (buffer.size >= bytes && buffer.size <= SLACK * bytes && (!best || buffer.size < best.size)) best = buffer;
  }
  if (best) free.delete(best);
  return best;
}

type Schedule = Map<number, Storage[]>;

function lifetimes(commands: readonly Command[], kept: ReadonlySet<Storage>): { births: Schedule; deaths: Schedule } {
  const first = new Map<Storage, number>();
  const last = new Map<Storage, number>();
  commands.forEach(({ bindings }, index) => {
    for (const { view } of bindings) {
      if (!(view.home instanceof Storage)) continue;
      if (!first.has(view.home)) first.set(view.home, index);
      last.set(view.home, kept.has(view.home) ? commands.length : index);
    }
  });
  return { births: byIndex(first), deaths: byIndex(last) };
}

function byIndex(indices: ReadonlyMap<Storage, number>): Schedule {
  const schedule: Schedule = new Map();
  for (const [storage, index] of indices) schedule.set(index, [...(schedule.get(index) ?? []), storage]);
  return schedule;
}
