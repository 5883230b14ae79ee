// The two losses of UDA over rows of logits, and what share of the rows each counts (`reference/uda-losses.ts`).
import type { Value } from '../../graph.ts';
import type { OperationOf, PlanKernel } from '../compilation.ts';
import { kernel, read, write } from '../shader.ts';
import type { Matrix } from '../storage.ts';
import { type Bindings, LANES, logSumExp, rowLoss } from './losses.ts';
import { float } from './random.ts';

/** Sets `own`, ln of the own label's probability, and `counts`; NaN counts. Needs `labels`, `threshold` and `logitsSum`. */
const annealedRow = ({ stride }: Matrix): string => `
        let own = logits[row * ${stride}u + u32(labels[row])] - logitsSum(row);
        let counts = select(1.0, 0.0, exp(own) > threshold[0]);`;

export const annealedCrossEntropy: PlanKernel<'annealedCrossEntropy'> = (c, { inputs }) => {
  const [source, labels, threshold] = inputs as [Value, Value, Value];
  const logits = c.matrixOf(source);
  const { rows, columns, stride } = logits;
  const value = c.allocate('annealed cross-entropy', 1, 1);
  const weights = c.allocate('annealed weights', 1, rows);
  const bindings = {
    logits: read(logits.view, 'f32'),
    labels: read(c.integersOf(labels), 'i32'),
    threshold: read(c.matrixOf(threshold).view, 'f32'),
  };
  const declarations = logSumExp('logits', logits);
  c.emit(
    kernel({
      label: 'annealed cross-entropy',
      threads: LANES,
      workgroupSize: LANES,
      bindings: { ...bindings, weights: write(weights.view, 'f32'), result: write(value.view, 'f32') },
      declarations: `${declarations}\nvar<workgroup> subtotals: array<vec2f, ${LANES}>;`,
      body: `
        var found = vec2f();
        for (var row = lane; row < ${rows}u; row += ${LANES}u) {
          ${annealedRow(logits)}
          if (counts > 0.0) { found += vec2f(-own, 1.0); }
          weights[row] = counts;
        }
        subtotals[lane] = found;
        workgroupBarrier();
        var total = vec2f();
        for (var i = 0u; i < ${Math.min(LANES, rows)}u; i++) { total += subtotals[i]; }
        let scale = 1.0 / max(total.y, 1.0);
        for (var row = lane; row < ${rows}u; row += ${LANES}u) { weights[row] *= scale; }
        if (lane == 0u) { result[0] = total.x * scale; }`,
    }),
  );
  return {
    value,
    backward: (seed) => {
      if (!c.wants(source)) return;
      const dLogits = c.allocate('gradient of logits', rows, columns);
      c.emit(
        kernel({
          label: 'annealed cross-entropy gradient',
          threads: rows,
          workgroupSize: 32,
          bindings: {
            logits: bindings.logits,
            labels: bindings.labels,
            weights: read(weights.view, 'f32'),
            seed: read(seed.view, 'f32'),
            dLogits: write(dLogits.view, 'f32'),
          },
          declarations,
          body: `
            let row = id;
            let logSum = logitsSum(row);
            for (var i = 0u; i < ${stride}u; i++) {
              let at = row * ${stride}u + i;
              let difference = exp(logits[at] - logSum) - select(0.0, 1.0, i == u32(labels[row]));
              dLogits[at] = select(0.0, difference * weights[row] * seed[0], i < ${columns}u);
            }`,
        }),
      );
      c.contribute(source, dLogits);
    },
  };
};

export const annealedShare: PlanKernel<'annealedShare'> = (c, { inputs }) => {
  const [source, labels, threshold] = inputs as [Value, Value, Value];
  const logits = c.matrixOf(source);
  const value = c.allocate('annealed share', 1, 1);
  c.emit(
    rowLoss('annealed share', {
      rows: logits.rows,
      bindings: {
        logits: read(logits.view, 'f32'),
        labels: read(c.integersOf(labels), 'i32'),
        threshold: read(c.matrixOf(threshold).view, 'f32'),
      },
      value,
      declarations: logSumExp('logits', logits),
      perRow: `${annealedRow(logits)} loss = counts * ${float(1 / logits.rows)};`,
    }),
  );
  return { value, backward: () => undefined };
};

type Attributes = OperationOf<'consistency'>['attributes'];

interface Pairs {
  readonly logits: Matrix;
  readonly target: Matrix;
  readonly attributes: Attributes;
}

/** Declares `isKept(row)`: whether the most likely class of the target, untempered, exceeds the threshold. */
function isKept(target: Matrix, { confidenceThreshold }: Pick<Attributes, 'confidenceThreshold'>): string {
  const { columns, stride } = target;
  return `${logSumExp('original', target)}
fn isKept(row: u32) -> bool {
  var top = original[row * ${stride}u];
  for (var i = 1u; i < ${columns}u; i++) { top = max(top, original[row * ${stride}u + i]); }
  return exp(top - originalSum(row)) > ${float(confidenceThreshold)};
}`;
}

/** Declares `isKept(row)`, `logitsSum(row)` and `temperedSum(row)`. */
function pairFunctions({ logits, target, attributes }: Pairs): string {
  const tempered = logSumExp('original', target, 1 / attributes.temperature, 'temperedSum');
  return isKept(target, attributes) + logSumExp('logits', logits) + tempered;
}

/** ln of the target's probability of class `i`. */
const targetLog = ({ stride }: Matrix, { temperature }: Attributes): string =>
  `(original[row * ${stride}u + i] * ${float(1 / temperature)} - temperedLogSum)`;

export const consistency: PlanKernel<'consistency'> = (c, { inputs, attributes }) => {
  const [source, teacher] = inputs as [Value, Value];
  const pairs: Pairs = { logits: c.matrixOf(source), target: c.matrixOf(teacher), attributes };
  const { rows, columns, stride } = pairs.logits;
  const value = c.allocate('consistency', 1, 1);
  const bindings = { logits: read(pairs.logits.view, 'f32'), original: read(pairs.target.view, 'f32') };
  const declarations = pairFunctions(pairs);
  c.emit(
    rowLoss('consistency', {
      rows,
      bindings,
      value,
      declarations,
      perRow: `
        let logSum = logitsSum(row);
        let temperedLogSum = temperedSum(row);
        for (var i = 0u; i < ${columns}u; i++) {
          let t = ${targetLog(pairs.target, attributes)};
          loss += exp(t) * (t - (logits[row * ${stride}u + i] - logSum));
        }
        loss = select(0.0, loss * ${float(1 / rows)}, isKept(row));`,
    }),
  );
  const backward = (seed: Matrix) => {
    if (!c.wants(source)) return;
    const gradient = c.allocate('gradient of logits', rows, columns);
    c.emit(consistencyGradient({ ...pairs, bindings, declarations, seed, gradient }));
    c.contribute(source, gradient);
  };
  return { value, backward };
};

/** keep·(softmax(logits) − target)/R, one row per thread. */
function consistencyGradient(
  o: Pairs & {
    readonly bindings: Bindings;
    readonly declarations: string;
    readonly seed: Matrix;
    readonly gradient: Matrix;
  },
) {
  const { rows, columns, stride } = o.gradient;
  return kernel({
    label: 'consistency gradient',
    threads: rows,
    workgroupSize: 32,
    bindings: { ...o.bindings, seed: read(o.seed.view, 'f32'), gradient: write(o.gradient.view, 'f32') },
    declarations: o.declarations,
    body: `
      let row = id;
      let logSum = logitsSum(row);
      let temperedLogSum = temperedSum(row);
      let scale = select(0.0, seed[0] * ${float(1 / rows)}, isKept(row));
      for (var i = 0u; i < ${stride}u; i++) {
        let difference = exp(logits[row * ${stride}u + i] - logSum) - exp(${targetLog(o.target, o.attributes)});
        gradient[row * ${stride}u + i] = select(0.0, difference * scale, i < ${columns}u);
      }`,
  });
}

export const confidentShare: PlanKernel<'confidentShare'> = (c, { inputs, attributes }) => {
  const target = c.matrixOf(inputs[0] as Value);
  const value = c.allocate('confident share', 1, 1);
  c.emit(
    rowLoss('confident share', {
      rows: target.rows,
      bindings: { original: read(target.view, 'f32') },
      value,
      declarations: isKept(target, attributes),
      perRow: `loss = select(0.0, ${float(1 / target.rows)}, isKept(row));`,
    }),
  );
  return { value, backward: () => undefined };
};
