// Attention of every head: scores q kᵀ, softmax with padding and dropout, context P v; and back. Probabilities are
// stored once. Dropout needs no mask beside them: a dropped probability is stored with its sign flipped.
import { WinnowError } from '../../../error.ts';
import type { Value } from '../../graph.ts';
import type { Compilation, PlanKernel } from '../compilation.ts';
import { type Command, kernel, read, readMatrix, STEP, uniform, writeMatrix } from '../shader.ts';
import { type Matrix, padded, type View, vectorsOf } from '../storage.ts';
import { locateTile, type Operand, tilesOf } from './product.ts';
import { float, isDropped, RANDOM } from './random.ts';
import { tilingOf } from './tiling.ts';

/** Added to the logits of padding, as in `reference/attention.ts`. */
const PADDING_LOGIT = '-1e9f';

interface Shape {
  readonly batch: number;
  readonly heads: number;
  readonly tokens: number;
  /** Vectors of one head and of all heads in a row of activations, and of one row of probabilities. */
  readonly headVectors: number;
  readonly rowVectors: number;
  readonly probabilityVectors: number;
  readonly scale: number;
  readonly hasFastBarriers: boolean;
}

interface Dropout {
  readonly rate: number;
  readonly site: number;
}

export const attention: PlanKernel<'attention'> = (c, operation) => {
  const { inputs, attributes } = operation;
  const [query, key, value, padding] = inputs as [Value, Value, Value, Value];
  const [batch = 0, tokens = 0] = padding.shape;
  const q = c.matrixOf(query);
  const { hasFastBarriers } = c.environment;
  const shape = shapeOf(q, { batch, tokens, heads: attributes.heads, hasFastBarriers });
  const dropout = { rate: attributes.dropout, site: attributes.site };
  const [k, v] = [c.matrixOf(key), c.matrixOf(value)];
  const rows = batch * shape.heads * tokens;
  const p = c.allocate('probabilities', rows, tokens, c.environment.precision);
  const logits = p.format === 'f32' ? p : c.allocate('logits', rows, tokens); // padding is beyond halves
  const context = c.allocate('context', q.rows, q.columns, c.formatOf(operation));
  c.emit(product('attention scores', shape, { form: 'NT', a: perHead(q), b: perHead(k), c: probabilities(logits) }));
  c.emit(softmax(shape, { logits, p, padding: c.integersOf(padding), step: c.step, dropout }));
  const kept = dropout.rate > 0 ? { kept: 1 / (1 - dropout.rate) } : {};
  c.emit(
    product('attention context', shape, { form: 'NN', a: probabilities(p, kept), b: perHead(v), c: perHead(context) }),
  );
  return {
    value: context,
    backward: (dContext) => {
      const wanted = [query, key, value].map((input) => c.wants(input));
      if (wanted[2]) {
        const dV = targetOf(c, value);
        c.emit(
          product('attention gradient of values', shape, {
            form: 'TN',
            a: probabilities(p, kept),
            b: perHead(dContext),
            c: perHead(dV),
          }),
        );
      }
      if (!wanted[0] && !wanted[1]) return;
      const dP = c.allocate('gradient of probabilities', rows, tokens);
      c.emit(
        product('attention gradient of probabilities', shape, {
          form: 'NT',
          a: perHead(dContext),
          b: perHead(v),
          c: probabilities(dP),
        }),
      );
      c.emit(softmaxGradient(shape, { p, dP, dropout }));
      if (wanted[0]) {
        c.emit(
          product('attention gradient of queries', shape, {
            form: 'NN',
            a: probabilities(dP),
            b: perHead(k),
            c: perHead(targetOf(c, query)),
          }),
        );
      }
      if (wanted[1]) {
        c.emit(
          product('attention gradient of keys', shape, {
            form: 'TN',
            a: probabilities(dP),
            b: perHead(q),
            c: perHead(targetOf(c, key)),
          }),
        );
      }
    },
  };
};

/** Queries, keys and values are read by attention alone, so their gradients are written, never added to. */
function targetOf(c: Compilation, value: Value): Matrix {
  const { target, addend } = c.gradientTarget(value);
  if (addend) throw new Error('attention: expected inputs that nothing else reads');
  return target;
}

function shapeOf(q: Matrix, o: { batch: number; tokens: number; heads: number; hasFastBarriers: boolean }): Shape {
  const size = q.columns / o.heads;
  if (size % 4 !== 0) {
    throw new WinnowError('bad-model', `attention: expected a head size that is a multiple of 4, got ${size}.`);
  }
  return {
    ...o,
    headVectors: size / 4,
    rowVectors: vectorsOf(q),
    probabilityVectors: padded(o.tokens) / 4,
    scale: 1 / Math.sqrt(size),
  };
}

/** A matrix of one (text, head): either a head's columns of activations, or its [T, T] probabilities. */
interface PerHead {
  readonly matrix: Matrix;
  readonly layout: 'activations' | 'probabilities';
  /** Probabilities with dropout: what is kept is scaled by this, what is negative is dropped. */
  readonly kept?: number;
}

const perHead = (matrix: Matrix): PerHead => ({ matrix, layout: 'activations' });
const probabilities = (matrix: Matrix, o: { readonly kept?: number } = {}): PerHead => ({
  matrix,
  layout: 'probabilities',
  ...o,
});

interface HeadProduct {
  readonly form: 'NT' | 'NN' | 'TN';
  readonly a: PerHead;
  readonly b: PerHead;
  readonly c: PerHead;
}

/** One product per text and head; thread ids run over (text, head, tile). */
function product(label: string, shape: Shape, o: HeadProduct): Command {
  const { batch, heads, tokens } = shape;
  const vectors = o.c.layout === 'probabilities' ? shape.probabilityVectors : shape.headVectors;
  const tiling = tilingOf({ rows: tokens, vectors }, shape.hasFastBarriers);
  const tiles = tilesOf(tiling);
  const operand = (name: string, of: PerHead): Operand => ({
    name,
    stride: strideOf(shape, of),
    offset: offsetOf(shape, of),
    ...(of.kept === undefined ? {} : { map: (vector: string) => `max(${vector}, vec4f())` }),
  });
  const depth = o.form === 'NT' ? shape.headVectors : o.form === 'NN' ? shape.probabilityVectors : tokens;
  const scale = o.a.kept === undefined ? '' : ` * ${float(o.a.kept)}`;
  return kernel({
    label,
    threads: batch * heads * tiles * tiling.threadsPerTile,
    workgroupSize: tiling.workgroupSize,
    bindings: { a: readMatrix(o.a.matrix), b: readMatrix(o.b.matrix), result: writeMatrix(o.c.matrix) },
    declarations: tiling.declarations,
    body: `
      let matrix = ${tiling.unit} / ${tiles}u;
      let text = matrix / ${heads}u;
      let head = matrix % ${heads}u;
      ${locateTile(tiling, `(${tiling.unit} % ${tiles}u)`)}
      ${tiling.declareSums()}
      ${tiling.accumulate({ form: o.form, depth, a: operand('a', o.a), b: operand('b', o.b) })}
      ${tiling.eachVector(`store_result(${offsetOf(shape, o.c)} + r * ${strideOf(shape, o.c)}u + c, v${scale});`)}`,
  });
}

const strideOf = (shape: Shape, { layout }: PerHead): number =>
  layout === 'probabilities' ? shape.probabilityVectors : shape.rowVectors;

function offsetOf(shape: Shape, { layout }: PerHead): string {
  const { tokens, rowVectors, headVectors, probabilityVectors } = shape;
  return layout === 'probabilities'
    ? `(matrix * ${tokens * probabilityVectors}u)`
    : `(text * ${tokens * rowVectors}u + head * ${headVectors}u)`;
}

/** `t` lanes past the last token set to `value`. */
function beyond(tokens: number, value: string): string {
  if (tokens % 4 === 0) return '';
  return `t = select(t, vec4f(${value}), 4u * i + vec4u(0u, 1u, 2u, 3u) >= vec4u(${tokens}u));`;
}

/** In place, unless logits and probabilities are stored in different ways. */
function softmax(
  shape: Shape,
  o: {
    readonly logits: Matrix;
    readonly p: Matrix;
    readonly padding: View;
    readonly step: View;
    readonly dropout: Dropout;
  },
): Command {
  const { tokens, heads, probabilityVectors: vectors } = shape;
  const { rate, site } = o.dropout;
  const draws = rate > 0;
  const isInPlace = o.logits === o.p;
  const flip = `let bits = bitsAt(key, id * ${tokens}u + 4u * i + vec4u(0u, 1u, 2u, 3u));
    t = select(t, -t, ${isDropped('bits', rate)});`;
  return kernel({
    label: 'softmax',
    threads: o.p.rows,
    workgroupSize: 32,
    bindings: {
      logits: writeMatrix(o.logits),
      ...(isInPlace ? {} : { p: writeMatrix(o.p) }),
      padding: read(o.padding, 'i32'),
      ...(draws ? { step: uniform(o.step, 'Step') } : {}),
    },
    declarations: draws ? STEP + RANDOM : '',
    body: `
      let o = id * ${vectors}u;
      let text = (id / ${heads * tokens}u) * ${tokens}u;
      ${draws ? `let key = streamKey(step.seed, ${site}u);` : ''}
      var highest = vec4f(-3e38f);
      for (var i = 0u; i < ${vectors}u; i++) {
        let m = text + 4u * i;
        let missing = vec4f(f32(1 - padding[m]), f32(1 - padding[m + 1u]), f32(1 - padding[m + 2u]), f32(1 - padding[m + 3u]));
        var t = load_logits(o + i) * ${float(shape.scale)} + missing * ${PADDING_LOGIT};
        ${beyond(tokens, '-3e38f')}
        store_logits(o + i, t);
        highest = max(highest, t);
      }
      let top = max(max(highest.x, highest.y), max(highest.z, highest.w));
      var sum = vec4f();
      for (var i = 0u; i < ${vectors}u; i++) {
        var t = exp(load_logits(o + i) - top);
        ${beyond(tokens, '0.0')}
        store_logits(o + i, t);
        sum += t;
      }
      let scale = 1.0 / (sum.x + sum.y + sum.z + sum.w);
      for (var i = 0u; i < ${vectors}u; i++) {
        var t = load_logits(o + i) * scale;
        ${draws ? flip : ''}
        ${isInPlace ? 'store_logits' : 'store_p'}(o + i, t);
      }`,
  });
}

/** dL = P∘(dP − Σ dP∘P)/√D, in place of dP. */
function softmaxGradient(shape: Shape, o: { p: Matrix; dP: Matrix; dropout: Dropout }): Command {
  const vectors = shape.probabilityVectors;
  const { rate } = o.dropout;
  const dropped = rate > 0 ? `d = select(vec4f(), d * ${float(1 / (1 - rate))}, probability > vec4f());` : '';
  return kernel({
    label: 'softmax gradient',
    threads: o.p.rows,
    workgroupSize: 32,
    bindings: { p: readMatrix(o.p), dP: writeMatrix(o.dP) },
    body: `
      let o = id * ${vectors}u;
      var sum = vec4f();
      for (var i = 0u; i < ${vectors}u; i++) {
        let probability = load_p(o + i);
        var d = load_dP(o + i);
        ${dropped}
        sum += abs(probability) * d;
        ${dropped ? 'store_dP(o + i, d);' : ''}
      }
      let total = sum.x + sum.y + sum.z + sum.w;
      for (var i = 0u; i < ${vectors}u; i++) {
        store_dP(o + i, ${float(shape.scale)} * abs(load_p(o + i)) * (load_dP(o + i) - total));
      }`,
  });
}
