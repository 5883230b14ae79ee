// Which storage shares which buffer: the largest first, each into the smallest buffer that is large enough and free
// for its lifetime ("greedy by size for shared objects", Pisarchyk & Lee 2020, "Efficient Memory Management for Deep
// Neural Net Inference"). A shape that is smaller in everything then fits into what a larger one has left.
import type { Storage } from './storage.ts';

export interface Need {
  readonly storage: Storage;
  readonly bytes: number;
  /** The first and the last command that names the storage. */
  readonly first: number;
  readonly last: number;
}

export interface Slot {
  readonly bytes: number;
  /** Null where it is still to be created. */
  readonly buffer: GPUBuffer | null;
  readonly needs: Need[];
}

/** The slots that are used, those of `buffers` and new ones. */
export function place(needs: readonly Need[], buffers: Iterable<GPUBuffer>): Slot[] {
  const slots: Slot[] = Array.from(buffers, (buffer) => ({ bytes: buffer.size, buffer, needs: [] }));
  slots.sort((a, b) => a.bytes - b.bytes);
  for (const need of [...needs].sort((a, b) => b.bytes - a.bytes || a.first - b.first)) {
    const at = firstLargeEnough(slots, need.bytes);
    const free = slots.slice(at).find((slot) => isFree(slot, need));
    if (free) free.needs.push(need);
    else slots.splice(at, 0, { bytes: need.bytes, buffer: null, needs: [need] });
  }
  return slots.filter((slot) => slot.needs.length > 0);
}

function firstLargeEnough(slots: readonly Slot[], bytes: number): number {
  let [low, high] = [0, slots.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((slots[middle] as Slot).bytes < bytes) low = middle + 1;
    else high = middle;
  }
  return low;
}

const isFree = ({ needs }: Slot, { first, last }: Need): boolean =>
  needs.every((other) => other.last < first || other.first > last);
