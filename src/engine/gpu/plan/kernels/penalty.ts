// Mean over matrices of mean σ(S − shift), all matrices in one dispatch each way.
import type { Value } from '../../graph.ts';
import type { Compilation, PlanKernel } from '../compilation.ts';
import { kernel, read, STEP, uniform, write } from '../shader.ts';
import type { Matrix, View } from '../storage.ts';
import { MATRIX_INFO, matrixTable, PIECE } from './matrix-table.ts';
import { float } from './random.ts';

const LANES = 64;

export const penalty: PlanKernel<'penalty'> = (c, { inputs, attributes: { shift } }) => {
  const buffer = c.environment.parameters.seal();
  const parameters = { home: buffer, offset: 0, words: buffer.size / 4 };
  const open = `fn open(score: f32) -> f32 { return 1.0 / (1.0 + exp(${float(shift)} - score)); }`;
  const share = (matrix: Matrix) => 1 / (inputs.length * matrix.rows * matrix.columns);
  const value = c.allocate('penalty', 1, 1);
  forward(c, { inputs, parameters, open, share, value });
  return { value, backward: (seed) => backward(c, { inputs, parameters, open, share, seed }) };
};

interface Penalty {
  readonly inputs: readonly Value[];
  readonly parameters: View;
  /** Declares σ(S − shift). */
  readonly open: string;
  /** What one score counts for. */
  readonly share: (matrix: Matrix) => number;
}

const bitsOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0] as number;

function forward(
  c: Compilation,
  { inputs, parameters, open, share, value }: Penalty & { readonly value: Matrix },
): void {
  const entries = inputs.map((input) => {
    const matrix = c.matrixOf(input);
    return { matrix, extra: [bitsOf(share(matrix))] };
  });
  const table = matrixTable(c.recording, entries);
  const subtotals = c.allocate('penalty by piece', table.pieces, LANES);
  c.emit(
    kernel({
      label: 'penalty by piece',
      threads: table.pieces * LANES,
      bindings: { source: read(parameters, 'f32'), ...table.bindings, subtotals: write(subtotals.view, 'f32') },
      declarations: MATRIX_INFO + open,
      body: `
        let piece = pieces[group];
        let m = matrices[piece.x];
        var sum = 0.0;
        for (var i = lane; i < ${PIECE}u; i += ${LANES}u) {
          if (placeOf(m, piece.y + i) != PADDING) { sum += open(source[m.offset + piece.y + i]); }
        }
        subtotals[id] = sum * bitcast<f32>(m.a);`,
    }),
  );
  c.emit(
    kernel({
      label: 'penalty',
      threads: LANES,
      workgroupSize: LANES,
      bindings: { subtotals: read(subtotals.view, 'f32'), result: write(value.view, 'f32') },
      declarations: `var<workgroup> sums: array<f32, ${LANES}>;`,
      body: `
        var sum = 0.0;
        for (var i = lane; i < ${table.pieces * LANES}u; i += ${LANES}u) { sum += subtotals[i]; }
        sums[lane] = sum;
        workgroupBarrier();
        if (lane == 0u) {
          var total = 0.0;
          for (var i = 0u; i < ${LANES}u; i++) { total += sums[i]; }
          result[0] = total;
        }`,
    }),
  );
}

function backward(
  c: Compilation,
  { inputs, parameters, open, share, seed }: Penalty & { readonly seed: Matrix },
): void {
  const wanted = inputs.filter((input) => c.wants(input));
  if (wanted.length === 0) return;
  const gradients = c.environment.gradients.gradients as GPUBuffer;
  const entries = wanted.map((input) => {
    const matrix = c.matrixOf(input);
    const gradient = c.parameterGradient(input);
    return { matrix, extra: [bitsOf(share(matrix)), gradient.matrix.view.offset, gradient.adds ? 1 : 0] };
  });
  const table = matrixTable(c.recording, entries);
  c.emit(
    kernel({
      label: 'penalty gradient',
      threads: table.pieces * LANES,
      bindings: {
        source: read(parameters, 'f32'),
        ...table.bindings,
        seed: read(seed.view, 'f32'),
        gradients: write({ home: gradients, offset: 0, words: gradients.size / 4 }, 'f32'),
        step: uniform(c.step, 'Step'),
      },
      declarations: STEP + MATRIX_INFO + open,
      body: `
        let piece = pieces[group];
        let m = matrices[piece.x];
        let share = seed[0] * bitcast<f32>(m.a);
        for (var i = lane; i < ${PIECE}u; i += ${LANES}u) {
          let word = piece.y + i;
          if (placeOf(m, word) == PADDING) { continue; }
          let s = open(source[m.offset + word]);
          var g = share * s * (1.0 - s);
          if (step.adds + m.c > 0u) { g += gradients[m.b + word]; }
          gradients[m.b + word] = g;
        }`,
    }),
  );
}
