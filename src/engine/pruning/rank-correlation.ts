// Spearman's rank correlation of long arrays: ranks by a radix sort, so that a million weights take a few passes.

/**
 * Ranks of the values from 1 up, equal values sharing the mean of theirs; −0 equals 0. [n] → [n].
 * Values that are not numbers rank last.
 */
export function ranks(values: Float32Array): Float32Array {
  const keys = sortableKeys(values);
  const order = radixOrder(keys);
  const result = new Float32Array(values.length);
  for (let from = 0; from < order.length; ) {
    const key = keys[order[from] as number];
    let to = from + 1;
    while (to < order.length && keys[order[to] as number] === key) to++;
    for (let at = from; at < to; at++) result[order[at] as number] = (from + 1 + to) / 2;
    from = to;
  }
  return result;
}

/** Pearson's correlation of two arrays of the same length; NaN where either does not vary. */
export function correlation(a: Float32Array, b: Float32Array): number {
  const n = a.length;
  let [meanA, meanB] = [0, 0];
  for (let i = 0; i < n; i++) {
    meanA += a[i] as number;
    meanB += b[i] as number;
  }
  meanA /= n;
  meanB /= n;
  let [covariance, varianceA, varianceB] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [x, y] = [(a[i] as number) - meanA, (b[i] as number) - meanB];
    covariance += x * y;
    varianceA += x * x;
    varianceB += y * y;
  }
  return covariance / Math.sqrt(varianceA * varianceB);
}

/** Spearman's ρ: how far the larger values of one are the larger of the other, in [−1, 1]. */
export const rankCorrelation = (a: Float32Array, b: Float32Array): number => correlation(ranks(a), ranks(b));

const SIGN = 0x8000_0000;

/** Unsigned integers in the order of the floats. */
function sortableKeys(values: Float32Array): Uint32Array {
  const keys = new Uint32Array(values.length);
  const bits = new Uint32Array(Float32Array.from(values, (value) => value + 0).buffer); // −0 + 0 is 0
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i] as number;
    keys[i] = word & SIGN ? ~word : word | SIGN;
  }
  return keys;
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** Indices in rising order of their keys; equal keys stay in order. */
function radixOrder(keys: Uint32Array): Uint32Array {
  let order = Uint32Array.from(keys, (_, index) => index);
  let next = new Uint32Array(keys.length);
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const starts = new Uint32Array(DIGITS + 1);
    const digitOf = (index: number) => ((keys[index] as number) >>> shift) & (DIGITS - 1);
    for (const index of order) starts[digitOf(index) + 1] = (starts[digitOf(index) + 1] as number) + 1;
    for (let digit = 0; digit < DIGITS; digit++) {
      starts[digit + 1] = (starts[digit + 1] as number) + (starts[digit] as number);
    }
    for (const index of order) {
      const digit = digitOf(index);
      const place = starts[digit] as number;
      next[place] = index;
      starts[digit] = place + 1;
    }
    [order, next] = [next, order];
  }
  return order;
}
