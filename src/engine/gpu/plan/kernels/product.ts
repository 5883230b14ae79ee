// Matrix products as text: C = A Bᵀ (NT), A B (NN) or Aᵀ B (TN), with any epilogue. How a product is tiled depends on
// the adapter (`tiling.ts`).
// Strides, offsets and columns count vectors of four.
import { type BitMask, blockBits, keptAt, keptOf, type Masked } from './mask-bits.ts';

export interface Operand {
  /** Of a matrix binding. */
  readonly name: string;
  readonly stride: number;
  /** WGSL expression of the operand's first vector. */
  readonly offset: string;
  /** Applied to every vector read. */
  readonly map?: (vector: string) => string;
  /** Weights that are masked as they are read; `b` of NT and NN alone. */
  readonly mask?: BitMask;
}

export interface Product {
  readonly form: 'NT' | 'NN' | 'TN';
  /** Length of the summed dimension: in vectors for NT and NN, in rows for TN. */
  readonly depth: number;
  readonly a: Operand;
  readonly b: Operand;
}

/** Size of the result. */
export interface Extent {
  readonly rows: number;
  readonly vectors: number;
}

/** What decides how a result is cut: also how many such results one dispatch has, and the length of the sums in them. */
export interface Result extends Extent {
  readonly copies: number;
  readonly depth: number;
}

/** One way to cut a result into tiles. A kernel counts tiles by `unit`, locates one and then writes its epilogue. */
export interface Tiling {
  readonly across: number;
  readonly down: number;
  /** What numbers tiles in WGSL: a thread, or a workgroup. */
  readonly unit: 'id' | 'group';
  readonly threadsPerTile: number;
  readonly workgroupSize: number;
  readonly usesSubgroups: boolean;
  /** Tiles beside each row of tiles that sum the rows of an operand instead, where that is asked for. */
  readonly sumTiles: number;
  readonly declarations: string;
  /** Finds this thread's part from the tile's place. */
  locate(tileRow: string, tileColumn: string): string;
  declareSums(): string;
  /** Adds a product to the sums. */
  accumulate(product: Product): string;
  /** Runs `text` for every vector of the result, with `v` (the sum), `r` (its row) and `c` (its column) in scope. */
  eachVector(text: string): string;
  /**
   * Sums the rows of `operand`, in `sumTiles` tiles; `store` gets the vector column, relative to the operand, and its
   * sum. These tiles have no other work.
   */
  sumRows(operand: Operand, rows: number, store: (column: string, sum: string) => string): string;
}

/** Tiles that keep a GPU busy. */
const TILES_TO_FILL = 96;

/** Whether a dispatch has work for a whole GPU if results are cut into such tiles. */
export function fillsGpu({ copies, rows, vectors }: Result, tile: Extent): boolean {
  return copies * Math.ceil(rows / tile.rows) * Math.ceil(vectors / tile.vectors) >= TILES_TO_FILL;
}

export const tilesOf = ({ across, down }: Tiling): number => across * down;

/** Threads that work on so many tiles. */
export const launch = ({ threadsPerTile, workgroupSize, usesSubgroups }: Tiling, tiles: number) => ({
  threads: tiles * threadsPerTile,
  workgroupSize,
  usesSubgroups,
});

/** Finds this thread's part from the number of a tile. */
export function locateTile(tiling: Tiling, tile: string): string {
  return tiling.locate(`(${tile} / ${tiling.across}u)`, `(${tile} % ${tiling.across}u)`);
}

/** Of a vector in WGSL. */
export const COMPONENTS = ['x', 'y', 'z', 'w'] as const;

export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

export function load({ name, map = (vector) => vector }: Operand, index: string): string {
  return map(`load_${name}(${index})`);
}

export interface Block {
  /** What the four vectors are called. */
  readonly names: readonly string[];
  /** Where each of them lies in the operand. */
  readonly indices: readonly string[];
  /** The place in the matrix: which four rows, and which vector of them. */
  readonly row: string;
  readonly vector: string;
  /** How bits are applied; see `mask-bits.ts`. */
  readonly masking?: Masked;
}

/** Reads one vector of four rows that follow each other. */
export function loadBlock(operand: Operand, { names, indices, row, vector, masking = 'kept' }: Block): string {
  const { mask } = operand;
  const bits = `bits_${names[0]}`;
  const kept = (index: string, row: number) => keptOf(masking, { vector: load(operand, index), bits, row });
  const values = indices.map((index, q) => (mask ? kept(index, q) : load(operand, index)));
  const word = mask ? `let ${bits} = ${blockBits(mask, row, vector)}; ` : '';
  return word + values.map((value, q) => `let ${names[q]} = ${value};`).join(' ');
}

/** Reads one vector whose place in the matrix is known at run time only. */
export function loadPlace(
  operand: Operand,
  { row, vector }: { readonly row: string; readonly vector: string },
): string {
  const value = load(operand, `${operand.offset} + (${row}) * ${operand.stride}u + ${vector}`);
  const { mask } = operand;
  return mask ? keptAt(value, blockBits(mask, `(${row}) / 4u`, vector), `(${row}) % 4u`) : value;
}

/** The epilogue of one vector, left out where tiles reach past the result. */
export function guarded(extent: Extent, tile: Extent, text: string): string {
  const guards = [
    extent.rows % tile.rows === 0 ? [] : [`r < ${extent.rows}u`],
    extent.vectors % tile.vectors === 0 ? [] : [`c < ${extent.vectors}u`],
  ].flat();
  return guards.length > 0 ? `if (${guards.join(' && ')}) { ${text} }` : text;
}
