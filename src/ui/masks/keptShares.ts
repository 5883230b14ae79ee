// Kept weights summed by layer, by kind and over the encoder.
import type { MatrixInfo } from '../../runs/events.ts';
import { weightCount } from './matrix.ts';

export const KINDS = [
  'query',
  'key',
  'value',
  'attention.output',
  'intermediate',
  'output',
] as const satisfies readonly MatrixInfo['kind'][];

export interface Tally {
  readonly kept: number;
  readonly total: number;
}

export interface KeptRun {
  readonly label: string;
  readonly color: string;
  readonly matrices: readonly MatrixInfo[];
  /** Kept weights, in the order of `matrices`. */
  readonly keptByMatrix: readonly number[];
}

/** Over the matrices that `select` picks; a total of 0 when it picks none. */
export function tally({ matrices, keptByMatrix }: KeptRun, select: (matrix: MatrixInfo) => boolean): Tally {
  let [kept, total] = [0, 0];
  matrices.forEach((matrix, i) => {
    if (!select(matrix)) return;
    kept += keptByMatrix[i] ?? 0;
    total += weightCount(matrix);
  });
  return { kept, total };
}

export function layersOf(runs: readonly KeptRun[]): number[] {
  return [...new Set(runs.flatMap(({ matrices }) => matrices.map(({ layer }) => layer)))].sort((a, b) => a - b);
}

/** The share at which bars are full: the largest of any matrix, rounded up to 5 %, so that sparse runs show. */
export function fullBar(runs: readonly KeptRun[]): number {
  const shares = runs.flatMap((run) =>
    run.matrices.map((matrix, i) => (run.keptByMatrix[i] ?? 0) / weightCount(matrix)),
  );
  return Math.max(0.05, Math.ceil(Math.max(0, ...shares) * 20 - 1e-9) / 20);
}
