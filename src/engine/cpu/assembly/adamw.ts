// AdamW in place, and the sum of squares that its clipping needs.
import { at, load4, madd, store4 } from './simd';

/** Elements of one tile. */
const ELEMENTS: i32 = 16384;

/** As gpu/adamw.ts; `decay` is 1 − rate·weight decay, `secondScale` 1/√(1 − β₂ᵗ). `clip` points to the factor. */
export function adamWTile(
  tile: i32, scratch: usize,
  value: usize, first: usize, second: usize, gradient: usize, clip: usize, n: i32,
  beta1: f32, rest1: f32, beta2: f32, rest2: f32, stepSize: f32, secondScale: f32, epsilon: f32, decay: f32,
): void {
  const factor = f32x4.splat(load<f32>(clip));
  const last = min(tile * ELEMENTS + ELEMENTS, n);
  for (let i = tile * ELEMENTS; i < last; i += 4) {
    const left = last - i;
    const g = f32x4.mul(load4(at(gradient, i), left), factor);
    const m = madd(load4(at(first, i), left), f32x4.splat(beta1), f32x4.mul(g, f32x4.splat(rest1)));
    const squares = f32x4.mul(f32x4.mul(g, g), f32x4.splat(rest2));
    const v = madd(load4(at(second, i), left), f32x4.splat(beta2), squares);
    const deviation = madd(f32x4.sqrt(v), f32x4.splat(secondScale), f32x4.splat(epsilon));
    const step = f32x4.mul(f32x4.div(m, deviation), f32x4.splat(stepSize));
    store4(at(first, i), left, m);
    store4(at(second, i), left, v);
    store4(at(value, i), left, f32x4.sub(f32x4.mul(load4(at(value, i), left), f32x4.splat(decay)), step));
  }
}

/** out[tile] = Σ x² of the tile, in double precision. */
export function sumOfSquaresTile(tile: i32, scratch: usize, out: usize, x: usize, n: i32): void {
  const last = min(tile * ELEMENTS + ELEMENTS, n);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let i = tile * ELEMENTS; i < last; i += 4) {
    const terms = load4(at(x, i), last - i);
    const a = f64x2.promote_low_f32x4(terms);
    const b = f64x2.promote_low_f32x4(v128.shuffle<f32>(terms, terms, 2, 3, 0, 1));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const sum = f64x2.add(low, high);
  store<f64>(out + ((<usize>tile) << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
}
