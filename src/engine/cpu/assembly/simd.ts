// Four floats at a time. Every loop over n floats runs in steps of four, the last of them partial: `load4` and
// `store4` are told how many floats are left.

/** a·b + c, rounded once where the machine can. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Address of the float `index` after `base`. */
// @ts-ignore: decorator
@inline
export function at(base: usize, index: i32): usize {
  return base + ((<usize>index) << 2);
}

// @ts-ignore: decorator
@inline
export function load4(address: usize, left: i32): v128 {
  return left >= 4 ? v128.load(address) : loadPart(address, left);
}

// @ts-ignore: decorator
@inline
export function store4(address: usize, left: i32, x: v128): void {
  if (left >= 4) v128.store(address, x);
  else storePart(address, left, x);
}

/** The first `left` of four floats; the others are 0. */
function loadPart(address: usize, left: i32): v128 {
  let x = v128.load32_zero(address);
  if (left > 1) x = v128.load_lane<f32>(address, x, 1, 4);
  if (left > 2) x = v128.load_lane<f32>(address, x, 2, 8);
  return x;
}

function storePart(address: usize, left: i32, x: v128): void {
  v128.store_lane<f32>(address, x, 0);
  if (left > 1) v128.store_lane<f32>(address, x, 1, 4);
  if (left > 2) v128.store_lane<f32>(address, x, 2, 8);
}

/** Sum of the four lanes. */
// @ts-ignore: decorator
@inline
export function sumLanes(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

// @ts-ignore: decorator
@inline
export function maxLanes(x: v128): f32 {
  const pairs = f32x4.max(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return max<f32>(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

/** How many of n things the tile of `size` has that starts at `first`. */
// @ts-ignore: decorator
@inline
export function tileSize(first: i32, size: i32, n: i32): i32 {
  return min<i32>(size, n - first);
}
