// Contestants that compute the same function from the same start have the same losses, to what rounding leaves.

/** Half a unit of the fourth digit, where that digit weighs least: 9.999. */
const TOLERANCE = 5e-5;

export interface Losses {
  readonly name: string;
  /** Loss before each update, from step 1 on. */
  readonly losses: readonly number[];
}

/** Where a contestant's losses leave those of the first by more than the fourth digit, in words; empty if nowhere. */
export function lossDisagreements(model: string, [reference, ...others]: readonly Losses[]): string[] {
  if (!reference) return [];
  return others.flatMap((other) => {
    const step = other.losses.findIndex((loss, i) => !agrees(loss, reference.losses[i]));
    if (step < 0) return [];
    const [expected, got] = [reference.losses[step], other.losses[step]];
    return [
      `${model}, step ${step + 1}: expected ${other.name}'s loss to be ${reference.name}'s ${expected}, got ${got}`,
    ];
  });
}

/** Negated, so that NaN disagrees. */
const agrees = (a: number, b: number | undefined): boolean =>
  b !== undefined && Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
