// The counter-based noise of gpu/random-bits.ts, bit for bit, four indices at a time.

// @ts-ignore: decorator
@inline
function mixBits4(value: v128): v128 {
  let x = i32x4.mul(v128.xor(value, i32x4.shr_u(value, 16)), i32x4.splat(0x7feb352d));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** The 24-bit draws of indices index … index + 3. */
// @ts-ignore: decorator
@inline
function draw4(key: i32, index: i32): v128 {
  const indices = i32x4.add(i32x4.splat(index), i32x4(0, 1, 2, 3));
  return i32x4.shr_u(mixBits4(v128.xor(i32x4.splat(key), mixBits4(indices))), 8);
}

/** Uniform in [0, 1). */
// @ts-ignore: decorator
@inline
export function uniform4(key: i32, index: i32): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(draw4(key, index)), f32x4.splat(1 / 16777216.0));
}

/**
 * What inverted dropout multiplies the values index … index + 3 with: 0 or `factor`.
 * `cut` is the rate times 2²⁴, rounded up: a 24-bit draw below it is dropped.
 */
// @ts-ignore: decorator
@inline
export function dropoutFactor4(key: i32, index: i32, cut: i32, factor: f32): v128 {
  return v128.and(i32x4.ge_s(draw4(key, index), i32x4.splat(cut)), f32x4.splat(factor));
}
