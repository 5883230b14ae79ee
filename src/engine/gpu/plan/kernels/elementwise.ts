// Sums, dropout and activation gradients, one vector of four per thread.
import type { Activation } from '../../graph.ts';
import type { PlanKernel } from '../compilation.ts';
import { type Command, kernel, readMatrix, STEP, uniform, writeMatrix } from '../shader.ts';
import { type Matrix, type View, vectorsOf } from '../storage.ts';
import { slopeFunction } from './activation.ts';
import { float, isDropped, RANDOM } from './random.ts';

const sizeOf = (matrix: Matrix): number => matrix.rows * vectorsOf(matrix);

export function add(a: Matrix, b: Matrix, sum: Matrix): Command {
  return kernel({
    label: 'add',
    threads: sizeOf(sum),
    bindings: { a: readMatrix(a), b: readMatrix(b), sum: writeMatrix(sum) },
    body: 'store_sum(id, load_a(id) + load_b(id));',
  });
}

/** dh = dy ∘ f′(h), where no product could do it in its epilogue. */
export function activationGradient(activation: Activation, o: { dy: Matrix; h: Matrix; dh: Matrix }): Command {
  return kernel({
    label: `${activation} gradient`,
    threads: sizeOf(o.dh),
    bindings: { dy: readMatrix(o.dy), h: readMatrix(o.h), dh: writeMatrix(o.dh) },
    declarations: slopeFunction(activation),
    body: 'store_dh(id, load_dy(id) * slope(load_h(id)));',
  });
}

/** Nothing is computed: the value is the input's, in the same place. */
export const checkpoint: PlanKernel<'checkpoint'> = (c, { inputs }) => {
  const [x] = inputs;
  if (!x) throw new Error('checkpoint: expected an input, got none');
  return { value: c.matrixOf(x), backward: (gradient) => c.contribute(x, gradient) };
};

/** As `checkpoint`, with nothing to go back to. */
export const stopGradient: PlanKernel<'stopGradient'> = (c, { inputs }) => {
  const [x] = inputs;
  if (!x) throw new Error('stopGradient: expected an input, got none');
  return { value: c.matrixOf(x), backward: () => undefined };
};

/** Inverted dropout; forward and backward are the same map, the draw is replayed from the seed. */
export const dropout: PlanKernel<'dropout'> = (c, operation) => {
  const { inputs, attributes } = operation;
  const [source] = inputs;
  if (!source) throw new Error('dropout: expected an input, got none');
  const x = c.matrixOf(source);
  const y = c.allocate('dropped', x.rows, x.columns, c.formatOf(operation));
  c.emit(drop(x, y, { ...attributes, step: c.step }));
  return {
    value: y,
    backward: (dy) => {
      if (!c.wants(source)) return;
      const dx = c.allocate('gradient of dropout', x.rows, x.columns);
      c.emit(drop(dy, dx, { ...attributes, step: c.step }));
      c.contribute(source, dx);
    },
  };
};

function drop(x: Matrix, y: Matrix, o: { rate: number; site: number; step: View }): Command {
  const vectors = vectorsOf(x);
  return kernel({
    label: 'dropout',
    threads: sizeOf(x),
    bindings: { x: readMatrix(x), y: writeMatrix(y), step: uniform(o.step, 'Step') },
    declarations: STEP + RANDOM,
    body: `
      let first = (id / ${vectors}u) * ${x.columns}u + (id % ${vectors}u) * 4u;
      let bits = bitsAt(streamKey(step.seed, ${o.site}u), first + vec4u(0u, 1u, 2u, 3u));
      store_y(id, select(load_x(id) * ${float(1 / (1 - o.rate))}, vec4f(), ${isDropped('bits', o.rate)}));`,
  });
}
