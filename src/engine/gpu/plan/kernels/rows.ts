// From activations to the rows that a head or a loss reads.
import type { Value } from '../../graph.ts';
import type { Compilation, PlanKernel } from '../compilation.ts';
import { kernel, read, readMatrix, write, writeMatrix } from '../shader.ts';
import { type View, vectorsOf } from '../storage.ts';
import { feedOf } from '../upload.ts';

export const firstToken: PlanKernel<'firstToken'> = (c, operation) => {
  const source = operation.inputs[0] as Value;
  const { tokens } = operation.attributes;
  const x = c.matrixOf(source);
  const y = c.allocate('first tokens', x.rows / tokens, x.columns, c.formatOf(operation));
  const vectors = vectorsOf(x);
  c.emit(
    kernel({
      label: 'first tokens',
      threads: y.rows * vectors,
      bindings: { x: readMatrix(x), y: writeMatrix(y) },
      body: `store_y(id, load_x((id / ${vectors}u) * ${tokens * vectors}u + id % ${vectors}u));`,
    }),
  );
  return {
    value: y,
    backward: (dy) => {
      const dx = c.allocate('gradient of first tokens', x.rows, x.columns);
      c.emit(
        kernel({
          label: 'first tokens gradient',
          threads: x.rows * vectors,
          bindings: { dy: readMatrix(dy), dx: writeMatrix(dx) },
          body: `
            let row = id / ${vectors}u;
            let start = (row / ${tokens}u) * ${vectors}u + id % ${vectors}u;
            store_dx(id, select(vec4f(), load_dy(start), row % ${tokens}u == 0u));`,
        }),
      );
      c.contribute(source, dx);
    },
  };
};

export const meanTokens: PlanKernel<'meanTokens'> = (c, operation) => {
  const [source, attentionMask] = operation.inputs as [Value, Value];
  const [texts = 0, tokens = 0] = attentionMask.shape;
  const x = c.matrixOf(source);
  const vectors = vectorsOf(x);
  const y = c.allocate('mean tokens', texts, x.columns, c.formatOf(operation));
  const inverse = c.allocate('1/tokens', 1, texts);
  const mask = read(c.integersOf(attentionMask), 'i32');
  c.emit(
    kernel({
      label: 'mean tokens',
      threads: texts * vectors,
      bindings: { x: readMatrix(x), mask, y: writeMatrix(y), inverse: write(inverse.view, 'f32') },
      body: `
        let text = id / ${vectors}u;
        var sum = vec4f();
        var count = 0.0;
        for (var t = text * ${tokens}u; t < (text + 1u) * ${tokens}u; t++) {
          if (mask[t] == 0) { continue; }
          sum += load_x(t * ${vectors}u + id % ${vectors}u);
          count += 1.0;
        }
        inverse[text] = 1.0 / count;
        store_y(id, sum / count);`,
    }),
  );
  return {
    value: y,
    backward: (dy) => {
      const dx = c.allocate('gradient of mean tokens', x.rows, x.columns);
      c.emit(
        kernel({
          label: 'mean tokens gradient',
          threads: x.rows * vectors,
          bindings: { dy: readMatrix(dy), mask, inverse: read(inverse.view, 'f32'), dx: writeMatrix(dx) },
          body: `
            let row = id / ${vectors}u;
            let text = row / ${tokens}u;
            let d = load_dy(text * ${vectors}u + id % ${vectors}u) * inverse[text];
            store_dx(id, select(vec4f(), d, mask[row] != 0));`,
        }),
      );
      c.contribute(source, dx);
    },
  };
};

export const sliceRows: PlanKernel<'sliceRows'> = (c, operation) => {
  const source = operation.inputs[0] as Value;
  const { from, count } = operation.attributes;
  const x = c.matrixOf(source);
  const y = c.allocate('rows', count, x.columns, c.formatOf(operation));
  const vectors = vectorsOf(x);
  const start = from * vectors;
  c.emit(
    kernel({
      label: 'rows',
      threads: count * vectors,
      bindings: { x: readMatrix(x), y: writeMatrix(y) },
      body: `store_y(id, load_x(id + ${start}u));`,
    }),
  );
  return {
    value: y,
    backward: (dy) => {
      const dx = c.allocate('gradient of rows', x.rows, x.columns);
      c.emit(
        kernel({
          label: 'rows gradient',
          threads: x.rows * vectors,
          bindings: { dy: readMatrix(dy), dx: writeMatrix(dx) },
          body: `
            if (id < ${start}u || id >= ${start + count * vectors}u) { store_dx(id, vec4f()); }
            else { store_dx(id, load_dy(id - ${start}u)); }`,
        }),
      );
      c.contribute(source, dx);
    },
  };
};

export const gatherRows: PlanKernel<'gatherRows'> = (c, operation) => {
  const [source, places] = operation.inputs as [Value, Value];
  const x = c.matrixOf(source);
  const y = c.allocate('gathered rows', places.shape[0] ?? 0, x.columns, c.formatOf(operation));
  const vectors = vectorsOf(x);
  c.emit(
    kernel({
      label: 'gathered rows',
      threads: y.rows * vectors,
      bindings: { x: readMatrix(x), places: read(c.integersOf(places), 'i32'), y: writeMatrix(y) },
      body: `store_y(id, load_x(u32(places[id / ${vectors}u]) * ${vectors}u + id % ${vectors}u));`,
    }),
  );
  return {
    value: y,
    backward: (dy) => {
      const dx = c.allocate('gradient of gathered rows', x.rows, x.columns);
      c.emit(
        kernel({
          label: 'gathered rows gradient',
          threads: x.rows * vectors,
          bindings: { dy: readMatrix(dy), gathered: read(gatheredFrom(c, places, x.rows), 'i32'), dx: writeMatrix(dx) },
          body: `
            let row = gathered[id / ${vectors}u];
            var d = vec4f();
            if (row >= 0) { d = load_dy(u32(row) * ${vectors}u + id % ${vectors}u); }
            store_dx(id, d);`,
        }),
      );
      c.contribute(source, dx);
    },
  };
};

/** Per row of the source, which gathered row it became, or −1: from the host, so that no two threads write one row. */
function gatheredFrom(c: Compilation, places: Value, rows: number): View {
  if (places.kind !== 'feed') throw new Error('gatherRows: expected places to be fed');
  const { name } = places;
  return c.recording.upload.region(`${name} reversed`, {
    words: rows,
    element: 'i32',
    source: ({ inputs }) => {
      const reversed = new Int32Array(rows).fill(-1);
      feedOf(inputs, name).forEach((place, row) => {
        reversed[place] = row;
      });
      return reversed;
    },
  });
}

export const spanRows: PlanKernel<'spanRows'> = (c, { inputs, attributes: { tokens } }) => {
  const source = inputs[0] as Value;
  const logits = c.matrixOf(source);
  const texts = logits.rows / tokens;
  const rows = c.allocate('span rows', 2 * texts, tokens);
  c.emit(
    kernel({
      label: 'span rows',
      threads: rows.rows * rows.stride,
      bindings: { logits: read(logits.view, 'f32'), rows: write(rows.view, 'f32') },
      body: `
        let row = id / ${rows.stride}u;
        let token = id % ${rows.stride}u;
        let start = ((row % ${texts}u) * ${tokens}u + token) * ${logits.stride}u + row / ${texts}u;
        rows[id] = select(0.0, logits[start], token < ${tokens}u);`,
    }),
  );
  return {
    value: rows,
    backward: (dRows) => {
      const dLogits = c.allocate('gradient of span rows', logits.rows, logits.columns);
      c.emit(
        kernel({
          label: 'span rows gradient',
          threads: logits.rows * logits.stride,
          bindings: { dRows: read(dRows.view, 'f32'), dLogits: write(dLogits.view, 'f32') },
          body: `
            let row = id / ${logits.stride}u;
            let end = id % ${logits.stride}u;
            let start = (end * ${texts}u + row / ${tokens}u) * ${rows.stride}u + row % ${tokens}u;
            dLogits[id] = select(0.0, dRows[start], end < 2u);`,
        }),
      );
      c.contribute(source, dLogits);
    },
  };
};
