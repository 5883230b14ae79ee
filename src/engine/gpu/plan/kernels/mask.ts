// Masks on the GPU, from scores (or weights) and their cut-offs; nothing but the scores and the cuts is stored.
// Binary masks compare integers in the floats' order (`rank`), so they are exact, ties and infinities included.
// The l0 gate is a function of the score and the noise at its place (Louizos et al. 2018), as in `reference/mask.ts`.
import type { MaskMethod } from '../../graph.ts';
import type { PlanKernel } from '../compilation.ts';
import { kernel, read, STEP, uniform, write } from '../shader.ts';
import { vectorsOf } from '../storage.ts';
import { RANDOM } from './random.ts';

/** `rank(x)`: unsigned integers in the order of the floats; −0 counts as 0. */
export function rankFunction(isAbsolute: boolean): string {
  return isAbsolute
    ? 'fn rank(x: f32) -> u32 { return bitcast<u32>(x) | 0x80000000u; }'
    : /* wgsl */ `
fn rank(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  if (bits == 0x80000000u) { return bits; }
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}`;
}

/**
 * Declares `maskOf` (a mask's values) and `maskSlope` (its derivative towards the score; 1 for binary masks, straight
 * through) of four scores at places `index` of the matrix; `key` draws the noise.
 */
export function maskFunctions(method: MaskMethod): string {
  if (method === 'l0' || method === 'l0_sampled') return RANDOM + gateFunctions(method === 'l0_sampled');
  return /* wgsl */ `${RANDOM}
${rankFunction(method === 'magnitude')}
fn maskOf(source: vec4f, index: vec4u, cut: vec2u, key: u32) -> vec4f {
  let ranks = vec4u(rank(source.x), rank(source.y), rank(source.z), rank(source.w));
  let above = ranks > vec4u(cut.x);
  let tied = (ranks == vec4u(cut.x)) & (index < vec4u(cut.y));
  return select(vec4f(), vec4f(1.0), above | tied);
}
fn maskSlope(source: vec4f, index: vec4u, key: u32) -> vec4f { return vec4f(1.0); }`;
}

function gateFunctions(isSampled: boolean): string {
  const gate = isSampled
    ? `let u = 1e-4f + (0.9999f - 1e-4f) * (vec4f(bitsAt(key, index)) / 16777216.0);
  return 1.0 / (1.0 + exp(-(log(u) - log(1.0 - u) + source) * 1.5));`
    : 'return 1.0 / (1.0 + exp(-source));';
  return /* wgsl */ `
fn gateOf(source: vec4f, index: vec4u, key: u32) -> vec4f { ${gate} }
fn maskOf(source: vec4f, index: vec4u, cut: vec2u, key: u32) -> vec4f {
  return clamp(1.2 * gateOf(source, index, key) - 0.1, vec4f(), vec4f(1.0));
}
fn maskSlope(source: vec4f, index: vec4u, key: u32) -> vec4f {
  let gate = gateOf(source, index, key);
  let open = 1.2 * gate - 0.1;
  let inside = (open >= vec4f()) & (open <= vec4f(1.0));
  return select(vec4f(), gate * (1.0 - gate) * ${isSampled ? '1.8' : '1.2'}, inside);
}`;
}

/** A mask that is read rather than applied. */
export const mask: PlanKernel<'mask'> = (c, operation) => {
  const source = operation.inputs[0];
  const masks = c.environment.masks;
  if (!source || !masks) throw new Error('mask: expected a source and decided masks');
  const scores = c.matrixOf(source);
  const value = c.allocate('mask', scores.rows, scores.columns);
  const vectors = vectorsOf(scores);
  const place = c.recording.constant(Uint32Array.of(masks.cutIndexOf(operation), operation.attributes.site, 0, 0));
  c.emit(
    kernel({
      label: 'mask',
      threads: scores.rows * vectors,
      bindings: {
        scores: read(scores.view),
        cuts: read(masks.cuts, 'vec2u'),
        value: write(value.view),
        place: uniform(place, 'vec4u'),
        step: uniform(c.step, 'Step'),
      },
      declarations: STEP + maskFunctions(operation.attributes.method),
      body: `
        let first = (id / ${vectors}u) * ${scores.columns}u + (id % ${vectors}u) * 4u;
        let key = streamKey(step.seed, place.y);
        value[id] = maskOf(scores[id], first + vec4u(0u, 1u, 2u, 3u), cuts[place.x], key);`,
    }),
  );
  return {
    value,
    backward: () => {
      throw new Error('mask: expected to be trained through a linear map only');
    },
  };
};
