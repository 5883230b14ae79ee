// Several matrices walked in one dispatch: a table of where they lie, cut into pieces of one workgroup each.
import type { Recording } from '../plan.ts';
import { type Binding, read } from '../shader.ts';
import type { Matrix } from '../storage.ts';

/** Words of a piece. */
export const PIECE = 4096;

export interface TableEntry {
  /** A matrix in the flat parameter buffer. */
  readonly matrix: Matrix;
  /** What a kernel wants to know beside: up to 4 words, `a` to `d` in WGSL. */
  readonly extra: readonly number[];
  /** What is cut into pieces, where it is not the words of the matrix. */
  readonly extent?: number;
}

export interface MatrixTable {
  readonly pieces: number;
  readonly bindings: { readonly matrices: Binding; readonly pieces: Binding };
  /** Index of each matrix's first piece. */
  readonly firstPiece: readonly number[];
}

export function matrixTable(recording: Recording, entries: readonly TableEntry[], piece = PIECE): MatrixTable {
  const pieces: number[] = [];
  const firstPiece: number[] = [];
  entries.forEach(({ matrix: { rows, stride }, extent = rows * stride }, index) => {
    firstPiece.push(pieces.length / 2);
    for (let word = 0; word < extent; word += piece) pieces.push(index, word);
  });
  const rows = entries.flatMap(({ matrix, extra }) => {
    const { view, rows, columns, stride } = matrix;
    return [view.offset, rows * stride, columns, stride, ...[0, 1, 2, 3].map((which) => extra[which] ?? 0)];
  });
  return {
    pieces: pieces.length / 2,
    firstPiece,
    bindings: {
      matrices: read(recording.constant(Uint32Array.from(rows)), 'MatrixInfo'),
      pieces: read(recording.constant(Uint32Array.from(pieces)), 'vec2u'),
    },
  };
}

export const MATRIX_INFO = /* wgsl */ `
struct MatrixInfo { offset: u32, words: u32, columns: u32, stride: u32, a: u32, b: u32, c: u32, d: u32 }
const PADDING = 0xffffffffu;
// Place in the matrix of a word of its padded layout.
fn placeOf(m: MatrixInfo, word: u32) -> u32 {
  if (word >= m.words) { return PADDING; }
  if (m.columns == m.stride) { return word; }
  let column = word % m.stride;
  return select(PADDING, (word / m.stride) * m.columns + column, column < m.columns);
}`;
