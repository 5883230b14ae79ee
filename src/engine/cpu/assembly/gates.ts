// The l0 gate and the score penalty of gpu/reference/mask.ts.
import { exp4, sigmoid4 } from './math';
import { uniform4 } from './noise';
import { at, load4, madd, store4 } from './simd';

/** Elements of one tile. */
const ELEMENTS: i32 = 16384;
/** Stretch of the gate, and where its noise ends. */
const STRETCH: f32 = 1.2;
const SHIFT: f32 = -0.1;
const NOISE_LOW: f32 = 1e-4;
const NOISE_SPAN: f32 = 0.9998;

/** gate = σ(S), or the sampled gate; out = the gate, stretched and clipped to 0 … 1. */
export function gateTile(
  tile: i32, scratch: usize, out: usize, gate: usize, scores: usize, n: i32, isSampled: i32, noise: i32,
): void {
  const last = min(tile * ELEMENTS + ELEMENTS, n);
  for (let i = tile * ELEMENTS; i < last; i += 4) {
    const left = last - i;
    const score = load4(at(scores, i), left);
    const s = isSampled ? sampledGate(score, noise, i) : sigmoid4(score);
    store4(at(gate, i), left, s);
    store4(at(out, i), left, f32x4.min(f32x4.max(stretched(s), f32x4.splat(0)), f32x4.splat(1)));
  }
}

// @ts-ignore: decorator
@inline
function stretched(gate: v128): v128 {
  return f32x4.add(f32x4.mul(gate, f32x4.splat(STRETCH)), f32x4.splat(SHIFT));
}

/** σ((ln u − ln(1 − u) + S)/b) with b = ⅔ is 1/(1 + r√r e^(−1.5 S)), r = (1 − u)/u. */
// @ts-ignore: decorator
@inline
function sampledGate(score: v128, noise: i32, index: i32): v128 {
  const draw = uniform4(noise, index);
  const one = f32x4.splat(1);
  const u = madd(draw, f32x4.splat(NOISE_SPAN), f32x4.splat(NOISE_LOW));
  const rest = madd(f32x4.sub(one, draw), f32x4.splat(NOISE_SPAN), f32x4.splat(NOISE_LOW)); // 1 − u, uncancelled
  const r = f32x4.div(rest, u);
  const odds = f32x4.mul(f32x4.mul(r, f32x4.sqrt(r)), exp4(f32x4.mul(score, f32x4.splat(-1.5))));
  return f32x4.div(one, f32x4.add(one, odds));
}

/** dS = g · slope · gate(1 − gate), and 0 where the gate was clipped. */
export function gateGradientTile(
  tile: i32, scratch: usize, out: usize, g: usize, gate: usize, n: i32, slope: f32,
): void {
  const last = min(tile * ELEMENTS + ELEMENTS, n);
  for (let i = tile * ELEMENTS; i < last; i += 4) {
    const left = last - i;
    const s = load4(at(gate, i), left);
    const open = stretched(s);
    const inside = v128.and(f32x4.ge(open, f32x4.splat(0)), f32x4.le(open, f32x4.splat(1)));
    const steepness = f32x4.mul(f32x4.mul(s, f32x4.sub(f32x4.splat(1), s)), f32x4.splat(slope));
    store4(at(out, i), left, f32x4.mul(load4(at(g, i), left), v128.and(steepness, inside)));
  }
}

/** sums[tile] = Σ σ(S − shift) of the tile, in double precision. */
export function sigmoidSumTile(tile: i32, scratch: usize, sums: usize, scores: usize, n: i32, shift: f32): void {
  const last = min(tile * ELEMENTS + ELEMENTS, n);
  let sum = f64x2.splat(0);
  for (let i = tile * ELEMENTS; i < last; i += 4) {
    const left = last - i;
    const open = sigmoid4(f32x4.sub(load4(at(scores, i), left), f32x4.splat(shift)));
    const inside = v128.and(open, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left)));
    sum = f64x2.add(sum, f64x2.promote_low_f32x4(inside));
    sum = f64x2.add(sum, f64x2.promote_low_f32x4(v128.shuffle<f32>(inside, inside, 2, 3, 0, 1)));
  }
  store<f64>(sums + ((<usize>tile) << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
}

/** out = factor · share · σ(1 − σ) at S − shift; `factor` points to the gradient of the penalty. */
export function sigmoidSlopeTile(
  tile: i32, scratch: usize, out: usize, scores: usize, factor: usize, n: i32, shift: f32, share: f32,
): void {
  const scale = f32x4.splat(load<f32>(factor) * share);
  const last = min(tile * ELEMENTS + ELEMENTS, n);
  for (let i = tile * ELEMENTS; i < last; i += 4) {
    const left = last - i;
    const open = sigmoid4(f32x4.sub(load4(at(scores, i), left), f32x4.splat(shift)));
    store4(at(out, i), left, f32x4.mul(f32x4.mul(open, f32x4.sub(f32x4.splat(1), open)), scale));
  }
}
