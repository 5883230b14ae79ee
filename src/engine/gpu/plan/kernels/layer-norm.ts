// LayerNorm over rows of (x + residual), one row per thread; keeps the normalised rows and 1/σ for the way back.
// The gradients of γ and β are column sums, made in two steps (`column-sums.ts`).

import type { PlanKernel } from '../compilation.ts';
import { type Command, kernel, read, readMatrix, write, writeMatrix } from '../shader.ts';
import { type Matrix, vectorsOf } from '../storage.ts';
import { columnSums } from './column-sums.ts';
import { float } from './random.ts';

export const layerNorm: PlanKernel<'layerNorm'> = (c, operation) => {
  const { inputs, attributes } = operation;
  const [x, gamma, beta, residual] = inputs;
  if (!x || !gamma || !beta) throw new Error(`layerNorm: expected x, gamma and beta, got ${inputs.length} inputs`);
  const { rows, columns } = c.matrixOf(x);
  const normalised = c.allocate('normalised', rows, columns, c.environment.precision);
  const deviation = c.allocate('1/σ', 1, rows);
  const y = c.allocate('layerNorm', rows, columns, c.formatOf(operation));
  const sources = residual ? [c.matrixOf(x), c.matrixOf(residual)] : [c.matrixOf(x)];
  const parameters = { gamma: c.matrixOf(gamma), beta: c.matrixOf(beta) };
  c.emit(forward({ sources, ...parameters, normalised, deviation, y, epsilon: attributes.epsilon }));
  return {
    value: y,
    backward: (dy) => {
      columnSums(c, { dy, normalised, gamma, beta });
      const targets = [x, residual].filter((value) => value !== undefined).filter((value) => c.wants(value));
      if (targets.length === 0) return;
      const dx = c.allocate('gradient of layerNorm', rows, columns);
      c.emit(backward({ dy, normalised, deviation, gamma: parameters.gamma, dx }));
      for (const value of targets) c.contribute(value, dx);
    },
  };
};

/** Zero in the lanes past the last column, 1 elsewhere. */
function inside({ columns }: Matrix): string {
  if (columns % 4 === 0) return '';
  return ` * vec4f(vec4u(4u * i) + vec4u(0u, 1u, 2u, 3u) < vec4u(${columns}u))`;
}

const across = 'fn across(v: vec4f) -> f32 { return v.x + v.y + v.z + v.w; }';

function forward(o: {
  readonly sources: readonly Matrix[];
  readonly gamma: Matrix;
  readonly beta: Matrix;
  readonly normalised: Matrix;
  readonly deviation: Matrix;
  readonly y: Matrix;
  readonly epsilon: number;
}): Command {
  const { rows, columns } = o.y;
  const vectors = vectorsOf(o.y);
  const loop = (text: string) => `for (var i = 0u; i < ${vectors}u; i++) { ${text} }`;
  return kernel({
    label: 'layerNorm',
    threads: rows,
    workgroupSize: 32,
    bindings: {
      ...Object.fromEntries(o.sources.map((source, index) => [`x${index}`, readMatrix(source)])),
      gamma: readMatrix(o.gamma),
      beta: readMatrix(o.beta),
      normalised: writeMatrix(o.normalised),
      deviation: write(o.deviation.view, 'f32'),
      y: writeMatrix(o.y),
    },
    declarations: `${across}\nfn t(at: u32) -> vec4f { return ${o.sources.map((_, index) => `load_x${index}(at)`).join(' + ')}; }`,
    body: `
      let o = id * ${vectors}u;
      var sum = vec4f();
      ${loop('sum += t(o + i);')}
      let mean = across(sum) / ${float(columns)};
      var squares = vec4f();
      ${loop(`let d = (t(o + i) - mean)${inside(o.y)}; squares += d * d;`)}
      let r = inverseSqrt(across(squares) / ${float(columns)} + ${float(o.epsilon)});
      deviation[id] = r;
      ${loop(`let h = (t(o + i) - mean) * r${inside(o.y)};
        store_normalised(o + i, h); store_y(o + i, h * load_gamma(i) + load_beta(i));`)}`,
  });
}

function backward(o: { dy: Matrix; normalised: Matrix; deviation: Matrix; gamma: Matrix; dx: Matrix }): Command {
  const { rows, columns } = o.dx;
  const vectors = vectorsOf(o.dx);
  return kernel({
    label: 'layerNorm gradient',
    threads: rows,
    workgroupSize: 32,
    bindings: {
      dy: readMatrix(o.dy),
      normalised: readMatrix(o.normalised),
      deviation: read(o.deviation.view, 'f32'),
      gamma: readMatrix(o.gamma),
      dx: writeMatrix(o.dx),
    },
    declarations: across,
    body: `
      let o = id * ${vectors}u;
      var sum = vec4f();
      var weighted = vec4f();
      for (var i = 0u; i < ${vectors}u; i++) {
        let d = load_dy(o + i) * load_gamma(i); sum += d; weighted += d * load_normalised(o + i);
      }
      let mean = across(sum) / ${float(columns)};
      let projection = across(weighted) / ${float(columns)};
      let r = deviation[id];
      for (var i = 0u; i < ${vectors}u; i++) {
        let g = load_dy(o + i) * load_gamma(i);
        store_dx(o + i, r * (g - mean - load_normalised(o + i) * projection)${inside(o.dx)});
      }`,
  });
}
