// Activations and their derivatives at the pre-activation h, as `reference/activation.ts` defines them.
// erf is Abramowitz & Stegun 7.1.26 (error below 1.5e-7). tanh is clamped: some drivers overflow beyond ±44.
import type { Activation } from '../../graph.ts';

const ERF = /* wgsl */ `
fn erf4(v: vec4f) -> vec4f {
  let a = abs(v);
  let t = 1.0 / (1.0 + 0.3275911 * a);
  let p = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return sign(v) * (1.0 - p * exp(-a * a));
}`;
const TANH = /* wgsl */ `
fn tanh4(v: vec4f) -> vec4f { return tanh(clamp(v, vec4f(-15.0), vec4f(15.0))); }`;
const TANH_ARGUMENT = /* wgsl */ `
fn tanhArgument(h: vec4f) -> vec4f { return 0.7978845608 * h * (1.0 + 0.044715 * h * h); }`;

/** Declares `activate(h)`. */
export function activationFunction(activation: Activation): string {
  switch (activation) {
    case 'none':
      return '';
    case 'relu':
      return 'fn activate(h: vec4f) -> vec4f { return max(h, vec4f()); }';
    case 'tanh':
      return `${TANH}\nfn activate(h: vec4f) -> vec4f { return tanh4(h); }`;
    case 'gelu':
      return `${ERF}\nfn activate(h: vec4f) -> vec4f { return 0.5 * h * (1.0 + erf4(h * 0.7071067812)); }`;
    case 'gelu_new':
      return `${TANH}${TANH_ARGUMENT}
fn activate(h: vec4f) -> vec4f { return 0.5 * h * (1.0 + tanh4(tanhArgument(h))); }`;
    default:
      return activation satisfies never;
  }
}

/** Declares `slope(h)`, the activation's derivative. */
export function slopeFunction(activation: Activation): string {
  switch (activation) {
    case 'none':
      return '';
    case 'relu':
      return 'fn slope(h: vec4f) -> vec4f { return select(vec4f(), vec4f(1.0), h > vec4f()); }';
    case 'tanh':
      return `${TANH}\nfn slope(h: vec4f) -> vec4f { let t = tanh4(h); return 1.0 - t * t; }`;
    case 'gelu': // d/dh hΦ(h) = Φ(h) + hφ(h)
      return `${ERF}
fn slope(h: vec4f) -> vec4f {
  return 0.5 * (1.0 + erf4(h * 0.7071067812)) + h * exp(-0.5 * h * h) * 0.3989422804;
}`;
    case 'gelu_new':
      return `${TANH}${TANH_ARGUMENT}
fn slope(h: vec4f) -> vec4f {
  let t = tanh4(tanhArgument(h));
  return 0.5 * (1.0 + t + h * (1.0 - t * t) * 0.7978845608 * (1.0 + 0.134145 * h * h));
}`;
    default:
      return activation satisfies never;
  }
}
