// Masks as a run leaves them: packed bits, and what they count to.
import type { Executor } from '../engine/gpu/executor.ts';
import type { Program } from '../engine/train/program.ts';

export interface FinalMasks {
  readonly bits: ReadonlyMap<string, Uint8Array>;
  /** l0's real-valued masks; null where masks are binary. */
  readonly gates: ReadonlyMap<string, Float32Array> | null;
  /** Per matrix, in the matrices' order; the whole matrix for a dense model. */
  readonly kept: readonly number[];
}

export async function readMasks(
  executor: Executor,
  program: Program,
  threshold: number,
  isReal: boolean,
): Promise<FinalMasks> {
  const { matrices, masks } = program;
  if (masks.length === 0) {
    return { bits: new Map(), gates: null, kept: matrices.map(({ rows, columns }) => rows * columns) };
  }
  const values = await executor.evaluate(masks, { feeds: {}, threshold, seed: 0 });
  const named = matrices.map(({ name }, index) => [name, values[index] ?? new Float32Array()] as const);
  return {
    bits: new Map(named.map(([name, mask]) => [name, packBits(mask)])),
    gates: isReal ? new Map(named) : null,
    kept: named.map(([, mask]) => countPositive(mask)),
  };
}

/** Least significant bit first; 1 where the mask is above 0. */
function packBits(mask: Float32Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(mask.length / 8));
  for (let index = 0; index < mask.length; index++) {
    if ((mask[index] as number) > 0) bits[index >> 3] = (bits[index >> 3] as number) | (1 << (index & 7));
  }
  return bits;
}

function countPositive(mask: Float32Array): number {
  let count = 0;
  for (let index = 0; index < mask.length; index++) if ((mask[index] as number) > 0) count++;
  return count;
}
