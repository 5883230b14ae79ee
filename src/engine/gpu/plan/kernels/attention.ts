// Attention of every head: scores q kᵀ, softmax with padding and dropout, context P v; and back. Probabilities are
// stored once. Dropout needs no mask beside them: a dropped probability is stored with its sign flipped (`softmax.ts`).
import { WinnowError } from '../../../error.ts';
import type { Value } from '../../graph.ts';
import type { Compilation, PlanKernel } from '../compilation.ts';
import { type Command, kernel, readMatrix, writeMatrix } from '../shader.ts';
import { type Matrix, padded, vectorsOf } from '../storage.ts';
import type { Tier } from '../tier.ts';
import { launch, locateTile, type Operand, tilesOf } from './product.ts';
import { float } from './random.ts';
import { softmax, softmaxGradient } from './softmax.ts';
import { tilingOf } from './tiling.ts';

interface Shape {
  readonly batch: number;
  readonly heads: number;
  readonly tokens: number;
  /** Vectors of one head and of all heads in a row of activations, and of one row of probabilities. */
  readonly headVectors: number;
  readonly rowVectors: number;
  readonly probabilityVectors: number;
  readonly scale: number;
  readonly tier: Tier;
}

export const attention: PlanKernel<'attention'> = (c, operation) => {
  const { inputs, attributes } = operation;
  const [query, key, value, padding] = inputs as [Value, Value, Value, Value];
  const [batch = 0, tokens = 0] = padding.shape;
  const q = c.matrixOf(query);
  const { tier } = c.environment;
  const shape = shapeOf(q, { batch, tokens, heads: attributes.heads, tier });
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

function shapeOf(q: Matrix, o: { batch: number; tokens: number; heads: number; tier: Tier }): Shape {
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
  const depth = o.form === 'NT' ? shape.headVectors : o.form === 'NN' ? shape.probabilityVectors : tokens;
  const copies = batch * heads;
  const tiling = tilingOf({ rows: tokens, vectors, copies, depth: o.form === 'TN' ? depth : 4 * depth }, shape.tier);
  const tiles = tilesOf(tiling);
  const operand = (name: string, of: PerHead): Operand => ({
    name,
    stride: strideOf(shape, of),
    offset: offsetOf(shape, of),
    ...(of.kept === undefined ? {} : { map: (vector: string) => `max(${vector}, vec4f())` }),
  });
  const scale = o.a.kept === undefined ? '' : ` * ${float(o.a.kept)}`;
  return kernel({
    label,
    ...launch(tiling, copies * tiles),
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
