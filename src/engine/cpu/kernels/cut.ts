// pruning/select.ts on tensors in wasm memory: the same cut-offs by radix selection, eleven bits at a time.
import type * as tf from '@tensorflow/tfjs-core';
import { type Cut, KEEP_ALL, KEEP_NONE } from '../../pruning/select.ts';
import type { Cpu } from '../cpu.ts';
import { keyOfBits, numberOfKey } from './order-key.ts';

/** Elements of one tile, and bins of its histogram (assembly/select.ts). */
export const SELECT_ELEMENTS = 65536;
const BINS = 2048;
const DIGITS = [
  { shift: 21, width: 11 },
  { shift: 10, width: 11 },
  { shift: 0, width: 10 },
] as const;

/** ANDed to a float's bits before it is ranked. */
export const signBits = (isAbsolute: boolean): number => (isAbsolute ? 0x7fffffff : -1);

export interface Ranking {
  readonly sources: readonly tf.Tensor[];
  readonly isAbsolute: boolean;
}

/** Cut-offs that keep the `keep` largest numbers of all sources together; of equal ones, the first. */
export function cutTop(cpu: Cpu, ranking: Ranking, keep: number): Cut[] {
  const total = ranking.sources.reduce((sum, { size }) => sum + size, 0);
  if (keep >= total) return ranking.sources.map(() => KEEP_ALL);
  if (keep <= 0) return ranking.sources.map(() => KEEP_NONE);
  let left = keep;
  let prefix = 0;
  let counts: Uint32Array[][] = [];
  for (const digit of DIGITS) {
    counts = histograms(cpu, ranking, { ...digit, prefix });
    const bin = descend(counts.flat(), left);
    left = bin.left;
    prefix = (prefix * 2 ** digit.width + bin.index) >>> 0;
  }
  const ties = counts.map((tiles) => tiles.map((bins) => bins[prefix % 2 ** DIGITS[2].width] as number));
  return tieBounds(cpu, ranking, { key: prefix, ties, left });
}

interface Digit {
  readonly shift: number;
  readonly width: number;
  /** The key's bits above this digit. */
  readonly prefix: number;
}

/** Counts per source, tile and bin. */
function histograms(cpu: Cpu, { sources, isAbsolute }: Ranking, { shift, width, prefix }: Digit): Uint32Array[][] {
  const tilesOf = ({ size }: tf.Tensor) => Math.ceil(size / SELECT_ELEMENTS);
  const room = cpu.room(4 * BINS * sources.reduce((sum, source) => sum + tilesOf(source), 0));
  let used = 0;
  return sources.map((source) => {
    const tiles = tilesOf(source);
    const counts = room + 4 * BINS * used;
    used += tiles;
    const values = [counts, cpu.heap.addressOf(source), source.size, signBits(isAbsolute), shift, width, prefix];
    cpu.run('histogramTile', tiles, values);
    return Array.from(
      { length: tiles },
      (_, tile) => new Uint32Array(cpu.heap.memory.buffer, counts + 4 * BINS * tile, 2 ** width),
    );
  });
}

/** The bin of the `keep`-th largest digit, and how many of that bin are still to be kept. */
function descend(counts: readonly Uint32Array[], keep: number): { index: number; left: number } {
  const totals = new Uint32Array(BINS);
  for (const bins of counts) {
    for (let bin = 0; bin < bins.length; bin++) totals[bin] = (totals[bin] as number) + (bins[bin] as number);
  }
  let left = keep;
  let index = BINS - 1;
  while ((totals[index] as number) < left) left -= totals[index--] as number;
  return { index, left };
}

interface Ties {
  readonly key: number;
  /** Numbers equal to the cut, per source and tile. */
  readonly ties: readonly (readonly number[])[];
  /** Places left for them. */
  readonly left: number;
}

function tieBounds(cpu: Cpu, { sources, isAbsolute }: Ranking, { key, ties, left }: Ties): Cut[] {
  const value = numberOfKey(key);
  let places = left;
  return sources.map((source, index) => {
    let tiesBelow = 0;
    for (const [tile, count] of (ties[index] ?? []).entries()) {
      if (places === 0) break;
      const first = tile * SELECT_ELEMENTS;
      tiesBelow =
        count <= places
          ? Math.min(first + SELECT_ELEMENTS, source.size)
          : afterTie(cpu, source, { first, sign: signBits(isAbsolute), key, places });
      places -= Math.min(count, places);
    }
    return { value, tiesBelow };
  });
}

/** The index after the `places`-th number with this key, from `first` on. */
function afterTie(
  cpu: Cpu,
  source: tf.Tensor,
  { first, sign, key, places }: { first: number; sign: number; key: number; places: number },
): number {
  const bits = new Int32Array(cpu.heap.memory.buffer, cpu.heap.addressOf(source), source.size);
  let left = places;
  let index = first;
  for (; left > 0; index++) if (keyOfBits((bits[index] as number) & sign) === key) left--;
  return index;
}
