// Where the numbers of a plan live. A plan is recorded against storage without a buffer; when it is built, storage
// whose lifetimes do not meet shares buffers (`lifetimes.ts`). Sizes and offsets count 32-bit words.

/** A region that gets its buffer when the plan is built. */
export class Storage {
  constructor(
    readonly label: string,
    public words: number,
  ) {}

  /** Appends an aligned region, for storage that grows while a plan is recorded. */
  append(words: number): View {
    const offset = align(this.words);
    this.words = offset + words;
    return { home: this, offset, words };
  }
}

export interface View {
  readonly home: Storage | GPUBuffer;
  readonly offset: number;
  readonly words: number;
}

export const wholeOf = (buffer: GPUBuffer): View => ({ home: buffer, offset: 0, words: buffer.size / 4 });

/** How numbers are stored: a vector of four takes four words, or two with two halves each. */
export type Format = 'f32' | 'f16';

/** Rows of numbers. A row takes `stride` numbers, a multiple of 4; those past `columns` are zero. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  readonly format: Format;
  readonly view: View;
}

/** WebGPU's largest required alignment of a binding's offset: 256 bytes. */
const ALIGNMENT = 64;

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;
export const align = (words: number): number => roundUp(words, ALIGNMENT);
export const padded = (columns: number): number => roundUp(columns, 4);

const VECTOR_WORDS: Readonly<Record<Format, number>> = { f32: 4, f16: 2 };

export const wordsOf = (vectors: number, format: Format): number => vectors * VECTOR_WORDS[format];
export const vectorsIn = (words: number, format: Format): number => words / VECTOR_WORDS[format];

/** Vectors of four in one row. */
export const vectorsOf = (matrix: Matrix): number => matrix.stride / 4;

/** Rows and columns of a shape; scalars and vectors are one row. */
export function extents(shape: readonly number[]): { rows: number; columns: number } {
  const columns = shape.at(-1) ?? 1;
  return { rows: shape.slice(0, -1).reduce((product, extent) => product * extent, 1), columns };
}
