// LayerNorm over rows of (x + residual); keeps the normalised rows and 1/σ for the way back. Who works on a row depends
// on the adapter (`row-team.ts`).
// The gradients of γ and β are column sums, made in two steps (`column-sums.ts`).

import type { PlanKernel } from '../compilation.ts';
import { type Command, kernel, read, readMatrix, write, writeMatrix } from '../shader.ts';
import { type Matrix, vectorsOf } from '../storage.ts';
import type { Tier } from '../tier.ts';
import { columnSums } from './column-sums.ts';
import { float } from './random.ts';
import { rowTeam } from './row-team.ts';

export const layerNorm: PlanKernel<'layerNorm'> = (c, operation) => {
  const { inputs, attributes } = operation;
  const [x, gamma, beta, residual] = inputs;
  if (!x || !gamma || !beta) throw new Error(`layerNorm: expected x, gamma and beta, got ${inputs.length} inputs`);
  const { rows, columns } = c.matrixOf(x);
  const { tier } = c.environment;
  const normalised = c.allocate('normalised', rows, columns, c.environment.precision);
  const deviation = c.allocate('1/σ', 1, rows);
  const y = c.allocate('layerNorm', rows, columns, c.formatOf(operation));
  const sources = residual ? [c.matrixOf(x), c.matrixOf(residual)] : [c.matrixOf(x)];
  const parameters = { gamma: c.matrixOf(gamma), beta: c.matrixOf(beta) };
  c.emit(forward({ sources, ...parameters, normalised, deviation, y, epsilon: attributes.epsilon, tier }));
  return {
    value: y,
    backward: (dy) => {
      columnSums(c, { dy, normalised, gamma, beta });
      const targets = [x, residual].filter((value) => value !== undefined).filter((value) => c.wants(value));
      if (targets.length === 0) return;
      const dx = c.allocate('gradient of layerNorm', rows, columns);
      c.emit(backward({ dy, normalised, deviation, gamma: parameters.gamma, dx, tier }));
      for (const value of targets) c.contribute(value, dx);
    },
  };
};

/** Zero in the lanes past the last column, 1 elsewhere. */
function inside({ columns }: Matrix): string {
  if (columns % 4 === 0) return '';
  return ` * vec4f(vec4u(4u * i) + vec4u(0u, 1u, 2u, 3u) < vec4u(${columns}u))`;
}

function forward(o: {
  readonly sources: readonly Matrix[];
  readonly gamma: Matrix;
  readonly beta: Matrix;
  readonly normalised: Matrix;
  readonly deviation: Matrix;
  readonly y: Matrix;
  readonly epsilon: number;
  readonly tier: Tier;
}): Command {
  const { rows, columns } = o.y;
  const vectors = vectorsOf(o.y);
  const team = rowTeam({ rows, vectors }, o.tier);
  return kernel({
    label: 'layerNorm',
    ...team.launch,
    bindings: {
      ...Object.fromEntries(o.sources.map((source, index) => [`x${index}`, readMatrix(source)])),
      gamma: readMatrix(o.gamma),
      beta: readMatrix(o.beta),
      normalised: writeMatrix(o.normalised),
      deviation: write(o.deviation.view, 'f32'),
      y: writeMatrix(o.y),
    },
    declarations: `${team.declarations}\nfn t(at: u32) -> vec4f { return ${o.sources.map((_, index) => `load_x${index}(at)`).join(' + ')}; }`,
    body: team.eachRow(`
      let o = row * ${vectors}u;
      var sum = vec4f();
      ${team.eachVector('sum += t(o + i);')}
      let mean = ${team.sum('sum')} / ${float(columns)};
      var squares = vec4f();
      ${team.eachVector(`let d = (t(o + i) - mean)${inside(o.y)}; squares += d * d;`)}
      let r = inverseSqrt(${team.sum('squares')} / ${float(columns)} + ${float(o.epsilon)});
      ${team.once('deviation[row] = r;')}
      ${team.eachVector(`let h = (t(o + i) - mean) * r${inside(o.y)};
        store_normalised(o + i, h); store_y(o + i, h * load_gamma(i) + load_beta(i));`)}`),
  });
}

function backward(o: {
  readonly dy: Matrix;
  readonly normalised: Matrix;
  readonly deviation: Matrix;
  readonly gamma: Matrix;
  readonly dx: Matrix;
  readonly tier: Tier;
}): Command {
  const { rows, columns } = o.dx;
  const vectors = vectorsOf(o.dx);
  const team = rowTeam({ rows, vectors }, o.tier);
  return kernel({
    label: 'layerNorm gradient',
    ...team.launch,
    bindings: {
      dy: readMatrix(o.dy),
      normalised: readMatrix(o.normalised),
      deviation: read(o.deviation.view, 'f32'),
      gamma: readMatrix(o.gamma),
      dx: writeMatrix(o.dx),
    },
    declarations: team.declarations,
    body: team.eachRow(`
      let o = row * ${vectors}u;
      var sum = vec4f();
      var weighted = vec4f();
      ${team.eachVector('let d = load_dy(o + i) * load_gamma(i); sum += d; weighted += d * load_normalised(o + i);')}
      let mean = ${team.sum('sum')} / ${float(columns)};
      let projection = ${team.sum('weighted')} / ${float(columns)};
      let r = deviation[row];
      ${team.eachVector(`let g = load_dy(o + i) * load_gamma(i);
        store_dx(o + i, r * (g - mean - load_normalised(o + i) * projection)${inside(o.dx)});`)}`),
  });
}
