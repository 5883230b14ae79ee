// Attention's softmax over rows of logits, with padding and dropout, and its gradient. A dropped probability is stored
// with its sign flipped.
import { type Command, kernel, read, readMatrix, STEP, uniform, writeMatrix } from '../shader.ts';
import { type Matrix, type View, vectorsOf } from '../storage.ts';
import type { Tier } from '../tier.ts';
import { float, isDropped, RANDOM } from './random.ts';
import { rowTeam } from './row-team.ts';

/** Added to the logits of padding, as in `reference/attention.ts`. */
const PADDING_LOGIT = '-1e9f';

export interface Logits {
  readonly heads: number;
  readonly tokens: number;
  /** Of the logits before the softmax. */
  readonly scale: number;
  readonly tier: Tier;
}

export interface Dropout {
  readonly rate: number;
  readonly site: number;
}

/** `t` lanes past the last token set to `value`. */
function beyond(tokens: number, value: string): string {
  if (tokens % 4 === 0) return '';
  return `t = select(t, vec4f(${value}), 4u * i + vec4u(0u, 1u, 2u, 3u) >= vec4u(${tokens}u));`;
}

/** In place, unless logits and probabilities are stored in different ways. */
export function softmax(
  { heads, tokens, scale, tier }: Logits,
  o: {
    readonly logits: Matrix;
    readonly p: Matrix;
    readonly padding: View;
    readonly step: View;
    readonly dropout: Dropout;
  },
): Command {
  const vectors = vectorsOf(o.p);
  const team = rowTeam({ rows: o.p.rows, vectors }, tier);
  const { rate, site } = o.dropout;
  const draws = rate > 0;
  const isInPlace = o.logits === o.p;
  const flip = `let bits = bitsAt(key, row * ${tokens}u + 4u * i + vec4u(0u, 1u, 2u, 3u));
    t = select(t, -t, ${isDropped('bits', rate)});`;
  return kernel({
    label: 'softmax',
    ...team.launch,
    bindings: {
      logits: writeMatrix(o.logits),
      ...(isInPlace ? {} : { p: writeMatrix(o.p) }),
      padding: read(o.padding, 'i32'),
      ...(draws ? { step: uniform(o.step, 'Step') } : {}),
    },
    declarations: team.declarations + (draws ? STEP + RANDOM : ''),
    body: team.eachRow(`
      let o = row * ${vectors}u;
      let text = (row / ${heads * tokens}u) * ${tokens}u;
      ${draws ? `let key = streamKey(step.seed, ${site}u);` : ''}
      var highest = vec4f(-3e38f);
      ${team.eachVector(`
        let m = text + 4u * i;
        let missing = vec4f(f32(1 - padding[m]), f32(1 - padding[m + 1u]), f32(1 - padding[m + 2u]), f32(1 - padding[m + 3u]));
        var t = load_logits(o + i) * ${float(scale)} + missing * ${PADDING_LOGIT};
        ${beyond(tokens, '-3e38f')}
        store_logits(o + i, t);
        highest = max(highest, t);`)}
      let top = ${team.largest('highest')};
      var sum = vec4f();
      ${team.eachVector(`
        var t = exp(load_logits(o + i) - top);
        ${beyond(tokens, '0.0')}
        store_logits(o + i, t);
        sum += t;`)}
      let scale = 1.0 / ${team.sum('sum')};
      ${team.eachVector(`
        var t = load_logits(o + i) * scale;
        ${draws ? flip : ''}
        ${isInPlace ? 'store_logits' : 'store_p'}(o + i, t);`)}`),
  });
}

/** dL = P∘(dP − Σ dP∘P)·scale, in place of dP. */
export function softmaxGradient({ scale, tier }: Logits, o: { p: Matrix; dP: Matrix; dropout: Dropout }): Command {
  const vectors = vectorsOf(o.p);
  const team = rowTeam({ rows: o.p.rows, vectors }, tier);
  const { rate } = o.dropout;
  const dropped = rate > 0 ? `d = select(vec4f(), d * ${float(1 / (1 - rate))}, probability > vec4f());` : '';
  return kernel({
    label: 'softmax gradient',
    ...team.launch,
    bindings: { p: readMatrix(o.p), dP: writeMatrix(o.dP) },
    declarations: team.declarations,
    body: team.eachRow(`
      let o = row * ${vectors}u;
      var sum = vec4f();
      ${team.eachVector(`
        let probability = load_p(o + i);
        var d = load_dP(o + i);
        ${dropped}
        sum += abs(probability) * d;
        ${dropped ? 'store_dP(o + i, d);' : ''}`)}
      let total = ${team.sum('sum')};
      ${team.eachVector(`store_dP(o + i, ${float(scale)} * abs(load_p(o + i)) * (load_dP(o + i) - total));`)}`),
  });
}
