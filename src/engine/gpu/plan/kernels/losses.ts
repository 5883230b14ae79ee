// Losses over rows of logits. A loss is one workgroup: each thread takes whole rows, then the first sums what the others
// found.
import type { Value } from '../../graph.ts';
import type { Compilation, PlanKernel } from '../compilation.ts';
import { type Command, type KernelOptions, kernel, read, write } from '../shader.ts';
import type { Matrix } from '../storage.ts';
import { float } from './random.ts';

export type Bindings = KernelOptions['bindings'];

export const LANES = 64;

/** Σ over rows of `perRow` (which sets `loss` from `row`), as a scalar. */
export function rowLoss(
  label: string,
  o: {
    readonly rows: number;
    readonly bindings: Bindings;
    readonly value: Matrix;
    readonly declarations: string;
    readonly perRow: string;
  },
): Command {
  return kernel({
    label,
    threads: LANES,
    workgroupSize: LANES,
    bindings: { ...o.bindings, result: write(o.value.view, 'f32') },
    declarations: `${o.declarations}\nvar<workgroup> subtotals: array<f32, ${LANES}>;`,
    body: `
      var sum = 0.0;
      for (var row = lane; row < ${o.rows}u; row += ${LANES}u) {
        var loss = 0.0;
        ${o.perRow}
        sum += loss;
      }
      subtotals[lane] = sum;
      workgroupBarrier();
      if (lane == 0u) {
        var total = 0.0;
        for (var i = 0u; i < ${Math.min(LANES, o.rows)}u; i++) { total += subtotals[i]; }
        result[0] = total;
      }`,
  });
}

/** Declares `${sum}(row)`: ln Σ exp(logits·factor) of a row of the binding `name`. */
export function logSumExp(name: string, { columns, stride }: Matrix, factor = 1, sum = `${name}Sum`): string {
  const logit = (i: string) => `${name}[row * ${stride}u + ${i}]${factor === 1 ? '' : ` * ${float(factor)}`}`;
  return `
fn ${sum}(row: u32) -> f32 {
  var top = ${logit('0u')};
  for (var i = 1u; i < ${columns}u; i++) { top = max(top, ${logit('i')}); }
  var sum = 0.0;
  for (var i = 0u; i < ${columns}u; i++) { sum += exp(${logit('i')} - top); }
  return log(sum) + top;
}`;
}

export const crossEntropy: PlanKernel<'crossEntropy'> = (c, { inputs }) => {
  const [source, labels] = inputs as [Value, Value];
  const logits = c.matrixOf(source);
  const { rows, columns, stride } = logits;
  const value = c.allocate('cross-entropy', 1, 1);
  const logSums = c.allocate('ln Σ exp', 1, rows);
  const bindings = { logits: read(logits.view, 'f32'), labels: read(c.integersOf(labels), 'i32') };
  c.emit(
    rowLoss('cross-entropy', {
      rows,
      bindings: { ...bindings, logSums: write(logSums.view, 'f32') },
      value,
      declarations: logSumExp('logits', logits),
      perRow: `
        let logSum = logitsSum(row);
        logSums[row] = logSum;
        loss = (logSum - logits[row * ${stride}u + u32(labels[row])]) * ${float(1 / rows)};`,
    }),
  );
  return {
    value,
    backward: (seed) => {
      if (!c.wants(source)) return;
      const dLogits = c.allocate('gradient of logits', rows, columns);
      c.emit(
        kernel({
          label: 'cross-entropy gradient',
          threads: rows * stride,
          bindings: {
            ...bindings,
            logSums: read(logSums.view, 'f32'),
            seed: read(seed.view, 'f32'),
            dLogits: write(dLogits.view, 'f32'),
          },
          body: `
            let row = id / ${stride}u;
            let column = id % ${stride}u;
            let chosen = select(0.0, 1.0, column == u32(labels[row]));
            let difference = exp(logits[id] - logSums[row]) - chosen;
            dLogits[id] = select(0.0, difference * seed[0] * ${float(1 / rows)}, column < ${columns}u);`,
        }),
      );
      c.contribute(source, dLogits);
    },
  };
};

export const distillation: PlanKernel<'distillation'> = (c, { inputs, attributes: { temperature } }) => {
  const [source, target] = inputs as [Value, Value];
  const [student, teacher] = [c.matrixOf(source), c.matrixOf(target)];
  const { rows, columns, stride } = student;
  const value = c.allocate('distillation', 1, 1);
  const declarations = logSumExp('student', student, 1 / temperature) + logSumExp('teacher', teacher, 1 / temperature);
  const bindings = { student: read(student.view, 'f32'), teacher: read(teacher.view, 'f32') };
  const bySoftness = float(1 / temperature);
  c.emit(
    rowLoss('distillation', {
      rows,
      bindings,
      value,
      declarations,
      perRow: `
        let studentLogSum = studentSum(row);
        let teacherLogSum = teacherSum(row);
        for (var i = 0u; i < ${columns}u; i++) {
          let t = teacher[row * ${stride}u + i] * ${bySoftness} - teacherLogSum;
          let s = student[row * ${stride}u + i] * ${bySoftness} - studentLogSum;
          loss += exp(t) * (t - s);
        }
        loss *= ${float(temperature ** 2 / rows)};`,
    }),
  );
  return {
    value,
    backward: (seed) => distillationGradient(c, { source, student, seed, bindings, declarations, temperature }),
  };
};

/** d/ds T² KL = T (softmax(s/T) − softmax(t/T)), one row per thread. */
function distillationGradient(
  c: Compilation,
  o: {
    readonly source: Value;
    readonly student: Matrix;
    readonly seed: Matrix;
    readonly bindings: Bindings;
    readonly declarations: string;
    readonly temperature: number;
  },
): void {
  if (!c.wants(o.source)) return;
  const { rows, columns, stride } = o.student;
  const gradient = c.allocate('gradient of student', rows, columns);
  c.emit(
    kernel({
      label: 'distillation gradient',
      threads: rows,
      workgroupSize: 32,
      bindings: { ...o.bindings, seed: read(o.seed.view, 'f32'), gradient: write(gradient.view, 'f32') },
      declarations: o.declarations,
      body: `
        let row = id;
        let studentLogSum = studentSum(row);
        let teacherLogSum = teacherSum(row);
        for (var i = 0u; i < ${stride}u; i++) {
          let at = row * ${stride}u + i;
          let s = exp(student[at] * ${float(1 / o.temperature)} - studentLogSum);
          let t = exp(teacher[at] * ${float(1 / o.temperature)} - teacherLogSum);
          gradient[at] = select(0.0, (s - t) * seed[0] * ${float(o.temperature / rows)}, i < ${columns}u);
        }`,
    }),
  );
  c.contribute(o.source, gradient);
}
