// Counter-based noise inside the graph: a number is a function of (seed, site, index), so backward and every backend
// replay the same draw without storing it. 32-bit integers throughout, which WGSL can follow bit for bit.
import { mixBits } from '../random.ts';

/** The stream of one place in the model in one step. */
export function streamKey(seed: number, site: number): number {
  return mixBits(mixBits(seed) ^ Math.imul(site + 1, 0x9e3779b9));
}

/** Uniform in [0, 1) with 24 bits, which float32 holds exactly. */
export function uniformAt(key: number, index: number): number {
  return (mixBits(key ^ mixBits(index)) >>> 8) / 0x1000000;
}
