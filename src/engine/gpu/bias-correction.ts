import type { UpdateSettings } from './executor.ts';

/** Factors 1/(1 − β₁ᵗ) on the learning rate and 1/√(1 − β₂ᵗ) on √v; both 1 where moments are used as they are. */
export function biasCorrection({ beta1, beta2, step, correctsBias = true }: UpdateSettings): {
  readonly first: number;
  readonly second: number;
} {
  if (!correctsBias) return { first: 1, second: 1 };
  return { first: 1 / (1 - beta1 ** step), second: 1 / Math.sqrt(1 - beta2 ** step) };
}
