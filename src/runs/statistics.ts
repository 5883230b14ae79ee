// What repeated measurements say: their mean, and how far single ones lie from it.

export interface Spread {
  readonly mean: number;
  /** Sample standard deviation, over n − 1; null of fewer than two values. */
  readonly deviation: number | null;
}

/** Null of no values. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const mean = sum(values) / values.length;
  if (values.length === 1) return { mean, deviation: null };
  return { mean, deviation: Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1)) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
