// Matrix products on the kernels: pack B, a block of columns at a time, then compute tiles of rows.
import type { Cpu } from './cpu.ts';

/** Rows of a tile and columns of a packing tile (assembly/gemm.ts). */
const TILE_ROWS = 48;
const PACK_COLUMNS = 64;
/** At most so many floats of B are packed at a time: 8 MiB, about a last-level cache. */
const MOST_PACKED = 2 ** 21;

/** A matrix in memory: element (i, j) lies `i·row + j·column` floats after `address`; one of both strides is 1. */
export interface Matrix {
  readonly address: number;
  readonly row: number;
  readonly column: number;
}

export const rowMajor = (address: number, columns: number): Matrix => ({ address, row: columns, column: 1 });

export const transposed = ({ address, row, column }: Matrix): Matrix => ({ address, row: column, column: row });

export interface Product {
  /** [m, k] */
  readonly a: Matrix;
  /** [k, n] */
  readonly b: Matrix;
  /** Address of what B is multiplied with, at B's strides; 0 for nothing. */
  readonly mask: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** What is done to a tile of the product while it is in the cache. */
export interface Finish {
  /** A kernel of assembly/linear.ts or assembly/gemm.ts. */
  readonly kernel: string;
  /** Its arguments before A and after k, for the columns from `column` on. */
  readonly before: (column: number) => readonly number[];
  readonly after: (column: number) => readonly number[];
}

/** Columns of B that are packed at a time. */
const blockOf = (k: number): number =>
  Math.max(PACK_COLUMNS, Math.floor(MOST_PACKED / k / PACK_COLUMNS) * PACK_COLUMNS);

const packedSize = (columns: number, k: number): number => 4 * k * (columns + 7);

/** Room that a product takes. */
export const packedBytes = ({ n, k }: Pick<Product, 'n' | 'k'>): number => packedSize(Math.min(blockOf(k), n), k);

export function multiply(cpu: Cpu, { a, b, mask, m, n, k }: Product, finish: Finish): void {
  const block = blockOf(k);
  for (let first = 0; first < n; first += block) {
    const columns = Math.min(block, n - first);
    const skipped = 4 * first * b.column;
    const packed = cpu.room(packedSize(columns, k));
    const maskAddress = mask === 0 ? 0 : mask + skipped;
    const packing = [packed, b.address + skipped, maskAddress, b.row, b.column, columns, k];
    cpu.run('packTile', Math.ceil(columns / PACK_COLUMNS), packing);
    const operands = [a.address, a.row, a.column, packed, m, columns, k];
    const values = [...finish.before(first), ...operands, ...finish.after(first)];
    cpu.run(finish.kernel, Math.ceil(m / TILE_ROWS), values);
  }
}

/** C = A B into rows of `n` floats. */
export function multiplyInto(cpu: Cpu, c: number, product: Product): void {
  const { n } = product;
  multiply(cpu, product, { kernel: 'productTile', before: (column) => [c + 4 * column, n], after: () => [] });
}
