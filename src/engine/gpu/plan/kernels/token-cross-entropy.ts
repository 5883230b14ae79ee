// Cross-entropy over rows as wide as a vocabulary: a workgroup for each row, then one that sums over rows.
import type { Value } from '../../graph.ts';
import type { PlanKernel } from '../compilation.ts';
import { kernel, read, write } from '../shader.ts';
import { LANES } from './losses.ts';

export const tokenCrossEntropy: PlanKernel<'tokenCrossEntropy'> = (c, { inputs }) => {
  const [source, targets] = inputs as [Value, Value];
  const logits = c.matrixOf(source);
  const { rows, columns, stride } = logits;
  const value = c.allocate('token cross-entropy', 1, 1);
  const logSums = c.allocate('ln Σ exp', 1, rows);
  const weight = c.allocate('1/tokens', 1, 1);
  const labels = read(c.integersOf(targets), 'i32');
  c.emit(
    kernel({
      label: 'ln Σ exp of rows',
      threads: rows * LANES,
      workgroupSize: LANES,
      bindings: { logits: read(logits.view, 'f32'), logSums: write(logSums.view, 'f32') },
      declarations: `var<workgroup> tops: array<f32, ${LANES}>;\nvar<workgroup> sums: array<f32, ${LANES}>;`,
      body: `
        let start = group * ${stride}u;
        var top = logits[start];
        for (var i = lane; i < ${columns}u; i += ${LANES}u) { top = max(top, logits[start + i]); }
        tops[lane] = top;
        workgroupBarrier();
        for (var i = 0u; i < ${LANES}u; i++) { top = max(top, tops[i]); }
        var sum = 0.0;
        for (var i = lane; i < ${columns}u; i += ${LANES}u) { sum += exp(logits[start + i] - top); }
        sums[lane] = sum;
        workgroupBarrier();
        if (lane == 0u) {
          var total = 0.0;
          for (var i = 0u; i < ${LANES}u; i++) { total += sums[i]; }
          logSums[group] = log(total) + top;
        }`,
    }),
  );
  c.emit(
    kernel({
      label: 'token cross-entropy',
      threads: LANES,
      workgroupSize: LANES,
      bindings: {
        logits: read(logits.view, 'f32'),
        labels,
        logSums: read(logSums.view, 'f32'),
        weight: write(weight.view, 'f32'),
        result: write(value.view, 'f32'),
      },
      declarations: `var<workgroup> subtotals: array<vec2f, ${LANES}>;`,
      body: `
        var found = vec2f();
        for (var row = lane; row < ${rows}u; row += ${LANES}u) {
          if (labels[row] < 0) { continue; }
          found += vec2f(logSums[row] - logits[row * ${stride}u + u32(labels[row])], 1.0);
        }
        subtotals[lane] = found;
        workgroupBarrier();
        if (lane == 0u) {
          var total = vec2f();
          for (var i = 0u; i < ${LANES}u; i++) { total += subtotals[i]; }
          weight[0] = 1.0 / max(total.y, 1.0);
          result[0] = total.x * weight[0];
        }`,
    }),
  );
  return {
    value,
    backward: (seed) => {
      if (!c.wants(source)) return;
      const dLogits = c.allocate('gradient of logits', rows, columns);
      c.emit(
        kernel({
          label: 'token cross-entropy gradient',
          threads: rows * stride,
          bindings: {
            logits: read(logits.view, 'f32'),
            labels,
            logSums: read(logSums.view, 'f32'),
            weight: read(weight.view, 'f32'),
            seed: read(seed.view, 'f32'),
            dLogits: write(dLogits.view, 'f32'),
          },
          body: `
            let row = id / ${stride}u;
            let column = id % ${stride}u;
            let label = labels[row];
            let difference = exp(logits[id] - logSums[row]) - select(0.0, 1.0, i32(column) == label);
            dLogits[id] = select(0.0, difference * weight[0] * seed[0], label >= 0 && column < ${columns}u);`,
        }),
      );
      c.contribute(source, dLogits);
    },
  };
};
