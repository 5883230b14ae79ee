// Kept weights summed by row, by column and by attention head.
import { maskBit } from '../../engine/pruning/agreement.ts';
import type { MatrixData } from '../../runs/protocol.ts';
import type { Unit } from './matrix.ts';

export interface KeptSums {
  /** Share of each row that is kept, [rows]. */
  readonly rows: Float32Array;
  /** Of each column, [columns]. */
  readonly columns: Float32Array;
  /** Of each head, [heads]; null where the matrix has none. */
  readonly heads: Float32Array | null;
}

export function keptSums({ mask, info: { rows, columns } }: MatrixData, unit: Unit | null): KeptSums {
  const byRow = new Float32Array(rows);
  const byColumn = new Float32Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (maskBit(mask, row * columns + column) === 0) continue;
      byRow[row]!++;
      byColumn[column]!++;
    }
  }
  const shares = { rows: byRow.map((count) => count / columns), columns: byColumn.map((count) => count / rows) };
  if (unit?.name !== 'head') return { ...shares, heads: null };
  return { ...shares, heads: meansOf(unit.axis === 'row' ? shares.rows : shares.columns, unit.size) };
}

/** Means over runs of `size` values. */
function meansOf(values: Float32Array, size: number): Float32Array {
  return Float32Array.from({ length: Math.floor(values.length / size) }, (_, index) => {
    const part = values.subarray(index * size, (index + 1) * size);
    return part.reduce((total, value) => total + value, 0) / size;
  });
}
