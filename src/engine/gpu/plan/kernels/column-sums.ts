// Gradients of LayerNorm's γ (Σ dy∘x̂) and β (Σ dy): sums over rows in strips, then over strips. The second step of
// every LayerNorm is one dispatch at the end of the plan (`finishColumnSums`).
import type { Value } from '../../graph.ts';
import type { Compilation, ParameterGradient } from '../compilation.ts';
import { kernel, read, readMatrix, STEP, uniform, write } from '../shader.ts';
import { type Matrix, Storage, type View, vectorsOf } from '../storage.ts';

/** Strips of a matrix: threads enough for a GPU, and no more strips to sum than there are rows in one. */
const stripsOf = (rows: number): number => Math.min(Math.ceil(rows / 4), Math.max(32, Math.ceil(Math.sqrt(rows))));

interface Sums {
  readonly subtotals: View;
  readonly vectors: number;
  readonly strips: number;
  readonly targets: readonly [ParameterGradient | null, ParameterGradient | null];
}

/** What is still to be summed over strips. */
export interface ColumnSums {
  readonly storage: Storage;
  readonly sums: Sums[];
}

export const createColumnSums = (): ColumnSums => ({ storage: new Storage('column sums', 0), sums: [] });

export function columnSums(c: Compilation, o: { dy: Matrix; normalised: Matrix; gamma: Value; beta: Value }): void {
  const { dy, normalised } = o;
  const targets = [o.gamma, o.beta].map((value) => (c.wants(value) ? c.parameterGradient(value) : null));
  if (targets.every((target) => target === null)) return;
  const pending = c.columnSums;
  const vectors = vectorsOf(dy);
  const strips = stripsOf(dy.rows);
  const subtotals = pending.storage.append(strips * vectors * 8);
  pending.sums.push({ subtotals, vectors, strips, targets: targets as unknown as Sums['targets'] });
  const height = Math.ceil(dy.rows / strips);
  c.emit(
    kernel({
      label: 'column sums',
      threads: strips * vectors,
      bindings: { dy: readMatrix(dy), normalised: readMatrix(normalised), subtotals: write(subtotals) },
      body: `
        let column = id % ${vectors}u;
        let strip = id / ${vectors}u;
        var weighted = vec4f();
        var plain = vec4f();
        for (var row = strip * ${height}u; row < min(${dy.rows}u, (strip + 1u) * ${height}u); row++) {
          let d = load_dy(row * ${vectors}u + column);
          weighted += d * load_normalised(row * ${vectors}u + column);
          plain += d;
        }
        subtotals[(strip * 2u) * ${vectors}u + column] = weighted;
        subtotals[(strip * 2u + 1u) * ${vectors}u + column] = plain;`,
    }),
  );
}

/** Words of one table row: first subtotals, distance of strips, strips, target, all in vectors; whether to add. */
const ROW = 8;

export function finishColumnSums(c: Compilation): void {
  const pending = c.columnSums;
  const gradients = c.environment.gradients.gradients;
  if (pending.sums.length === 0 || !gradients) return;
  const rows = pending.sums.flatMap(({ subtotals, vectors, strips, targets }) =>
    targets.flatMap((target, which) =>
      target
        ? Array.from({ length: vectors }, (_, column) => [
            subtotals.offset / 4 + which * vectors + column,
            2 * vectors,
            strips,
            target.matrix.view.offset / 4 + column,
            target.adds ? 1 : 0,
            0,
            0,
            0,
          ])
        : [],
    ),
  );
  const { storage } = pending;
  c.emit(
    kernel({
      label: 'column sums, finished',
      threads: rows.length,
      bindings: {
        table: read(c.recording.constant(Uint32Array.from(rows.flat())), 'vec4u'),
        subtotals: read({ home: storage, offset: 0, words: storage.words }),
        gradients: write({ home: gradients, offset: 0, words: gradients.size / 4 }),
        step: uniform(c.step, 'Step'),
      },
      declarations: STEP,
      body: `
        let entry = table[id * ${ROW / 4}u];
        var sum = vec4f();
        for (var strip = 0u; strip < entry.z; strip++) { sum += subtotals[entry.x + strip * entry.y]; }
        if (step.adds == 1u || table[id * ${ROW / 4}u + 1u].x == 1u) { sum += gradients[entry.w]; }
        gradients[entry.w] = sum;`,
    }),
  );
}
