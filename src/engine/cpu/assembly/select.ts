// The exact top-v cut-off of pruning/select.ts: radix selection on order-preserving keys, eleven bits at a time,
// with one histogram per tile so that tiles never wait for each other.
import { at, load4, store4 } from './simd';

/** Elements of one tile. */
const ELEMENTS: i32 = 65536;
const BINS: i32 = 2048;

/** Maps a float's bits to an unsigned integer with the order of the floats; −0 counts as 0. */
// @ts-ignore: decorator
@inline
function orderKey(bits: i32): u32 {
  if (bits == i32.MIN_VALUE) bits = 0;
  return bits < 0 ? ~bits : bits | i32.MIN_VALUE;
}

/**
 * counts[tile·2048 + d]: how many keys whose bits above `shift + width` equal `prefix` have d as their next digit.
 * `sign` is ANDed to the float's bits: 0x7fffffff ranks by magnitude.
 */
export function histogramTile(
  tile: i32, scratch: usize, counts: usize, x: usize, n: i32, sign: i32, shift: i32, width: i32, prefix: u32,
): void {
  const own = at(counts, tile * BINS);
  memory.fill(own, 0, BINS << 2);
  const last = min(tile * ELEMENTS + ELEMENTS, n);
  const digits: u32 = (1 << width) - 1;
  const above = shift + width;
  for (let i = tile * ELEMENTS; i < last; i++) {
    const key = orderKey(load<i32>(at(x, i)) & sign);
    if (above < 32 && key >> above != prefix) continue;
    const bin = at(own, (key >> shift) & digits);
    store<i32>(bin, load<i32>(bin) + 1);
  }
}

/** out = 1 where x > cut, or x = cut at an index below `tiesBelow`; else 0. kept[tile] counts the ones. */
export function maskTile(
  tile: i32, scratch: usize, out: usize, kept: usize, x: usize, n: i32, sign: i32, cut: f32, tiesBelow: i32,
): void {
  const last = min(tile * ELEMENTS + ELEMENTS, n);
  let count = i32x4.splat(0);
  for (let i = tile * ELEMENTS; i < last; i += 4) {
    const left = last - i;
    const numbers = v128.and(load4(at(x, i), left), i32x4.splat(sign));
    const early = i32x4.lt_s(i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3)), i32x4.splat(tiesBelow));
    const ties = v128.and(f32x4.eq(numbers, f32x4.splat(cut)), early);
    const inside = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left));
    const bits = v128.and(v128.or(f32x4.gt(numbers, f32x4.splat(cut)), ties), inside);
    count = i32x4.sub(count, bits);
    store4(at(out, i), left, v128.and(bits, f32x4.splat(1)));
  }
  const pairs = i32x4.add(count, v128.shuffle<i32>(count, count, 2, 3, 0, 1));
  store<i32>(at(kept, tile), i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1));
}
