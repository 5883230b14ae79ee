// exp, erf and the exact GELU on four floats; relative errors below 2e-7 with fused multiply-add.
import { madd } from './simd';

/** e^x: 2^n · e^r with |r| ≤ ½ ln 2 (Cephes' polynomial); 0 below −87.3. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const lowest = f32x4.splat(-87.3365);
  const tooLow = f32x4.lt(x, lowest);
  const clamped = f32x4.max(f32x4.min(x, f32x4.splat(88.3)), lowest);
  // Adding 1.5·2²³ rounds to an integer, which then stands in the low bits.
  const shifted = madd(clamped, f32x4.splat(1.44269504088896341), f32x4.splat(12582912));
  const n = f32x4.sub(shifted, f32x4.splat(12582912));
  let r = madd(n, f32x4.splat(-0.693359375), clamped); // ln 2 in two parts
  r = madd(n, f32x4.splat(2.12194440e-4), r);
  let p = f32x4.splat(1.9875691500e-4);
  p = madd(p, r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), f32x4.splat(1));
  const power = i32x4.add(i32x4.shl(shifted, 23), f32x4.splat(1));
  return v128.andnot(f32x4.mul(p, power), tooLow);
}

/** erf: an odd polynomial near 0, 1 − e^{q(|x|)} farther out (coefficients by N. Juffa). */
// @ts-ignore: decorator
@inline
export function erf4(x: v128): v128 {
  const s = f32x4.mul(x, x);
  let near = f32x4.splat(-5.96761703e-4);
  near = madd(near, s, f32x4.splat(4.99119423e-3));
  near = madd(near, s, f32x4.splat(-2.67681349e-2));
  near = madd(near, s, f32x4.splat(1.12819925e-1));
  near = madd(near, s, f32x4.splat(-3.76125336e-1));
  near = madd(near, s, f32x4.splat(1.28379166e-1));
  near = madd(near, x, x);

  const t = f32x4.min(f32x4.abs(x), f32x4.splat(4)); // erf(4) is 1 in single precision
  const tt = f32x4.mul(t, t);
  let far = madd(f32x4.splat(-1.72853470e-5), t, f32x4.splat(3.83197126e-4));
  far = madd(far, tt, madd(f32x4.splat(-3.88396438e-3), t, f32x4.splat(2.42546219e-2)));
  far = madd(far, t, f32x4.splat(-1.06777877e-1));
  far = madd(far, t, f32x4.splat(-6.34846687e-1));
  far = madd(far, t, f32x4.splat(-1.28717512e-1));
  far = madd(far, t, f32x4.neg(t));
  far = f32x4.sub(f32x4.splat(1), exp4(far));
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.bitselect(v128.or(far, sign), near, f32x4.gt(t, f32x4.splat(0.927734375)));
}

/** Φ(x), the share of a standard normal below x. */
// @ts-ignore: decorator
@inline
function normalCdf4(x: v128): v128 {
  const half = f32x4.splat(0.5);
  return madd(erf4(f32x4.mul(x, f32x4.splat(0.70710678118654752))), half, half);
}

/** xΦ(x) */
// @ts-ignore: decorator
@inline
export function gelu4(x: v128): v128 {
  return f32x4.mul(x, normalCdf4(x));
}

/** Φ(x) + xφ(x) */
// @ts-ignore: decorator
@inline
export function geluSlope4(x: v128): v128 {
  const density = f32x4.mul(exp4(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))), f32x4.splat(0.3989422804014327));
  return madd(x, density, normalCdf4(x));
}

/** σ(x) */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}
