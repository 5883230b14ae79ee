// The exact top-v cut-off: which ⌊v·n⌋ of n numbers are the largest, ties decided by the lower index.
// Radix selection on order-preserving integer keys, so the work is linear in n.

/** Keep x > value, and of x = value those at an index below `tiesBelow`. */
export interface Cut {
  readonly value: number;
  readonly tiesBelow: number;
}

export const KEEP_ALL: Cut = { value: Number.NEGATIVE_INFINITY, tiesBelow: 0 };
export const KEEP_NONE: Cut = { value: Number.POSITIVE_INFINITY, tiesBelow: 0 };

/** Maps a float's bits to an unsigned integer with the order of the floats; −0 counts as 0, as `>` does. */
function orderKey(bits: number): number {
  if (bits === -0x80000000) return 0x80000000;
  return bits < 0 ? ~bits >>> 0 : (bits | 0x80000000) >>> 0;
}

const DIGIT_BITS = 16;
const BUCKETS = 1 << DIGIT_BITS;

/**
 * Cut-offs that keep the `keep` largest numbers of all arrays taken together, one cut per array.
 * Equal numbers are kept from the first array and the lowest index on. NaN is not allowed.
 */
export function cutTop(arrays: readonly Float32Array[], keep: number): Cut[] {
  const total = arrays.reduce((sum, array) => sum + array.length, 0);
  if (keep >= total) return arrays.map(() => KEEP_ALL);
  if (keep <= 0) return arrays.map(() => KEEP_NONE);
  const keys = arrays.map((array) => new Int32Array(array.buffer, array.byteOffset, array.length));
  const high = descend(keys, keep, (key) => key >>> DIGIT_BITS);
  const low = descend(keys, high.left, (key) => (key >>> DIGIT_BITS === high.bucket ? key & (BUCKETS - 1) : -1));
  return tieBounds(arrays, keys, ((high.bucket << DIGIT_BITS) | low.bucket) >>> 0, low.left);
}

/** The bucket of the `keep`-th largest digit, and how many of that bucket are still to be kept. */
function descend(keys: readonly Int32Array[], keep: number, digitOf: (key: number) => number) {
  const counts = new Uint32Array(BUCKETS);
  for (const array of keys) {
    for (let index = 0; index < array.length; index++) {
      const digit = digitOf(orderKey(array[index] as number));
      if (digit >= 0) counts[digit] = (counts[digit] as number) + 1;
    }
  }
  let left = keep;
  let bucket = BUCKETS - 1;
  while ((counts[bucket] as number) < left) left -= counts[bucket--] as number;
  return { bucket, left };
}

/** Spends the `ties` places left among numbers equal to the cut, in index order over all arrays. */
function tieBounds(arrays: readonly Float32Array[], keys: readonly Int32Array[], cutKey: number, ties: number): Cut[] {
  let left = ties;
  let value = 0;
  const bounds = keys.map((array, which) => {
    let bound = 0;
    for (let index = 0; index < array.length && left > 0; index++) {
      if (orderKey(array[index] as number) !== cutKey) continue;
      value = arrays[which]?.[index] as number;
      bound = index + 1;
      left--;
    }
    return bound;
  });
  return bounds.map((tiesBelow) => ({ value, tiesBelow }));
}

/** The mask of a cut as 0 and 1. */
export function maskOf(values: Float32Array, cut: Cut): Float32Array {
  const mask = new Float32Array(values.length);
  const { value, tiesBelow } = cut;
  for (let index = 0; index < values.length; index++) {
    const x = values[index] as number;
    mask[index] = x > value || (x === value && index < tiesBelow) ? 1 : 0;
  }
  return mask;
}
