// Scores to be cut off, and the mask that a sort gives them.
import { createRandom } from '../../src/engine/random.ts';

/** `fine` are nearly all different; of `coarse` there are some dozens of values, so that most equal the cut-off. */
export type ScoreKind = 'fine' | 'coarse';

export const KEEP_FRACTION = 0.15;

/** Columns of the matrix that scores stand in. */
export const COLUMNS = 64;

export function drawScores(n: number, kind: ScoreKind): Float32Array {
  const random = createRandom(n);
  const fine = () => (2 * random.float() - 1) ** 3; // cubed, so that exponents vary
  const draw = kind === 'fine' ? fine : () => Math.round(16 * fine()) / 16;
  return Float32Array.from({ length: n }, draw);
}

/** 1 for the `keep` largest scores, equal ones from the lowest place on. */
export function sortedMask(scores: Float32Array, keep: number): Float32Array {
  const cutOff = sortedCutOff(scores, keep);
  let ties = keep;
  for (const score of scores) if (score > cutOff) ties--;
  return scores.map((score) => (score > cutOff || (score === cutOff && ties-- > 0) ? 1 : 0));
}

/** The smallest score of the `keep` ≥ 1 largest. */
export function sortedCutOff(scores: Float32Array, keep: number): number {
  return Float32Array.from(scores).sort()[scores.length - keep]!;
}
