// What repeated measurements say: their mean, and how far single ones lie from it.

export interface Spread {
  readonly mean: number;
  /** Sample standard deviation, over n − 1; null of fewer than two values. */
  readonly deviation: number | null;
}

/** Null of no values. */
export function spreadOf(values: readonly number[]): Spread | null {
  const [first] = values;
  if (first === undefined) return null;
  // Exactly, where a sum would round.
  if (values.every((value) => value === first)) return { mean: first, deviation: values.length > 1 ? 0 : null };
  const mean = sum(values) / values.length;
  return { mean, deviation: Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1)) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
