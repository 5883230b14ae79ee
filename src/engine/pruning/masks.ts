// The masks of SPEC §1 on plain arrays: the definition, and what the op-by-op engine runs.
// `threshold` is a kept fraction for magnitude and topK, a score cut-off for the threshold methods.
import type { MaskMethod } from '../gpu/graph.ts';
import { type Cut, cutTop, maskOf } from './select.ts';

export type BinaryMethod = Exclude<MaskMethod, 'l0' | 'l0_sampled'>;

export const isBinary = (method: MaskMethod): method is BinaryMethod => method !== 'l0' && method !== 'l0_sampled';

/** Both threshold methods leave at least this many weights of a matrix of `size`. */
export const fewestKept = (size: number): number => Math.floor(0.005 * size) + 1;

/** ⌊v·n⌋, the number of weights that a kept fraction stands for. */
export const keptOf = (fraction: number, size: number): number => Math.floor(fraction * size);

/** 0/1 mask of one matrix from its scores (or weights, for magnitude). */
export function binaryMask(method: BinaryMethod, source: Float32Array, threshold: number): Float32Array {
  switch (method) {
    case 'magnitude':
      return topMask(source.map(Math.abs), keptOf(threshold, source.length));
    case 'topK':
      return topMask(source, keptOf(threshold, source.length));
    case 'threshold':
      return aboveOrFloor(
        source,
        source.map((score) => (score > threshold ? 1 : 0)),
      );
    case 'sigmoied_threshold':
      return aboveOrFloor(
        source,
        source.map((score) => (isAboveSigmoid(score, threshold) ? 1 : 0)),
      );
    default:
      return method satisfies never;
  }
}

/** One cut per matrix such that together they keep ⌊v·n⌋ of all n weights. */
export function globalCuts(sources: readonly Float32Array[], isAbsolute: boolean, fraction: number): Cut[] {
  const ranked = isAbsolute ? sources.map((source) => source.map(Math.abs)) : sources;
  const total = sources.reduce((sum, source) => sum + source.length, 0);
  return cutTop(ranked, keptOf(fraction, total));
}

/** The mask that a global cut gives one matrix. */
export function cutMask(method: 'magnitude' | 'topK', source: Float32Array, cut: Cut): Float32Array {
  return maskOf(method === 'magnitude' ? source.map(Math.abs) : source, cut);
}

function topMask(values: Float32Array, keep: number): Float32Array {
  const [cut] = cutTop([values], keep);
  if (!cut) throw new Error('topMask: expected one cut for one array');
  return maskOf(values, cut);
}

function aboveOrFloor(scores: Float32Array, above: Float32Array): Float32Array {
  const fewest = fewestKept(scores.length);
  let kept = 0;
  for (const bit of above) kept += bit;
  return kept >= fewest ? above : topMask(scores, Math.min(fewest, scores.length));
}

/** σ(score) > cut-off, σ in single precision, as the scores are: 0.5 is then met exactly where PyTorch meets it. */
export function isAboveSigmoid(score: number, threshold: number): boolean {
  return Math.fround(1 / (1 + Math.exp(-score))) > threshold;
}
