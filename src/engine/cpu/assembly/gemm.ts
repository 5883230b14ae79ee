// C = A B in the manner of Goto and van de Geijn (2008). B is packed once into panels of NR columns; then every block
// of rows of A is packed into panels of MR rows, and a kernel keeps an MR×NR piece of C in registers. Sums run over k
// in one fixed order, however the rows are shared out among threads.
// A is [m, k] at strides (aRow, aColumn), B is [k, n] at strides (bRow, bColumn), in floats; one stride of each is 1.
import { at, load4, madd, tileSize } from './simd';

const MR: i32 = 6;
const NR: i32 = 8;
/** Rows of one tile, and how much of k is packed at a time: a block of A stays in the second-level cache. */
export const ROWS: i32 = 48;
const DEPTH: i32 = 384;
/** Columns of one packing tile. */
const PACK_COLUMNS: i32 = 64;

/** Packs columns tile·64 … of B; where `mask` is not 0, of B∘mask. */
export function packTile(
  tile: i32, scratch: usize,
  packed: usize, b: usize, mask: usize, bRow: i32, bColumn: i32, n: i32, k: i32,
): void {
  const first = tile * PACK_COLUMNS;
  const last = min<i32>(first + PACK_COLUMNS, n);
  for (let j = first; j < last; j += NR) packColumns(at(packed, j * k), b, mask, bRow, bColumn, j, n, k);
}

/** Packs all of B: for products small enough to be one tile. */
export function packAll(packed: usize, b: usize, bRow: i32, bColumn: i32, n: i32, k: i32): void {
  for (let j = 0; j < n; j += NR) packColumns(at(packed, j * k), b, 0, bRow, bColumn, j, n, k);
}

/** NR columns from j on, k-major. Columns past n hold anything; their products are never stored. */
function packColumns(out: usize, b: usize, mask: usize, bRow: i32, bColumn: i32, j: i32, n: i32, k: i32): void {
  if (bColumn == 1) {
    const left = n - j;
    for (let p = 0; p < k; p++) {
      const offset = p * bRow + j;
      v128.store(out, masked(b, mask, offset, left));
      v128.store(out, left > 4 ? masked(b, mask, offset + 4, left - 4) : f32x4.splat(0), 16);
      out += 32;
    }
    return;
  }
  for (let half = 0; half < 2; half++) {
    const j0 = min(j + half * 4, n - 1) * bColumn;
    const j1 = min(j + half * 4 + 1, n - 1) * bColumn;
    const j2 = min(j + half * 4 + 2, n - 1) * bColumn;
    const j3 = min(j + half * 4 + 3, n - 1) * bColumn;
    let to = out + half * 16;
    for (let p = 0; p < k; p += 4) {
      const left = k - p;
      const r0 = masked(b, mask, j0 + p, left);
      const r1 = masked(b, mask, j1 + p, left);
      const r2 = masked(b, mask, j2 + p, left);
      const r3 = masked(b, mask, j3 + p, left);
      const lo01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const hi01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const lo23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const hi23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f32>(lo01, lo23, 0, 1, 4, 5));
      if (left > 1) v128.store(to, v128.shuffle<f32>(lo01, lo23, 2, 3, 6, 7), 32);
      if (left > 2) v128.store(to, v128.shuffle<f32>(hi01, hi23, 0, 1, 4, 5), 64);
      if (left > 3) v128.store(to, v128.shuffle<f32>(hi01, hi23, 2, 3, 6, 7), 96);
      to += 128;
    }
  }
}

// @ts-ignore: decorator
@inline
function masked(b: usize, mask: usize, offset: i32, left: i32): v128 {
  const x = load4(at(b, offset), left);
  return mask ? f32x4.mul(x, load4(at(mask, offset), left)) : x;
}

/** MR rows from `i` on of A's columns [first, first + depth), k-major. Rows past m hold anything. */
function packRows(out: usize, a: usize, aRow: i32, aColumn: i32, i: i32, m: i32, first: i32, depth: i32): void {
  if (aRow == 1) {
    const left = m - i;
    for (let p = 0; p < depth; p++) {
      const from = at(a, (first + p) * aColumn + i);
      v128.store(out, load4(from, left));
      if (left >= MR) store<u64>(out, load<u64>(from, 16), 16);
      else if (left > 4) store<f32>(out, load<f32>(from, 16), 16);
      out += 24;
    }
    return;
  }
  const a0 = at(a, i * aRow + first);
  const a1 = at(a, min(i + 1, m - 1) * aRow + first);
  const a2 = at(a, min(i + 2, m - 1) * aRow + first);
  const a3 = at(a, min(i + 3, m - 1) * aRow + first);
  const a4 = at(a, min(i + 4, m - 1) * aRow + first);
  const a5 = at(a, min(i + 5, m - 1) * aRow + first);
  for (let p = 0; p < depth; p += 4) {
    const left = depth - p;
    const offset = (<usize>p) << 2;
    const r0 = load4(a0 + offset, left);
    const r1 = load4(a1 + offset, left);
    const r2 = load4(a2 + offset, left);
    const r3 = load4(a3 + offset, left);
    const r4 = load4(a4 + offset, left);
    const r5 = load4(a5 + offset, left);
    const lo01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const hi01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const lo23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const hi23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    const lo45 = v128.shuffle<f32>(r4, r5, 0, 4, 1, 5);
    const hi45 = v128.shuffle<f32>(r4, r5, 2, 6, 3, 7);
    v128.store(out, v128.shuffle<f32>(lo01, lo23, 0, 1, 4, 5));
    v128.store_lane<u64>(out, lo45, 0, 16);
    if (left > 1) {
      v128.store(out, v128.shuffle<f32>(lo01, lo23, 2, 3, 6, 7), 24);
      v128.store_lane<u64>(out, lo45, 1, 40);
    }
    if (left > 2) {
      v128.store(out, v128.shuffle<f32>(hi01, hi23, 0, 1, 4, 5), 48);
      v128.store_lane<u64>(out, hi45, 0, 64);
    }
    if (left > 3) {
      v128.store(out, v128.shuffle<f32>(hi01, hi23, 2, 3, 6, 7), 72);
      v128.store_lane<u64>(out, hi45, 1, 88);
    }
    out += 96;
  }
}

/** Rows tile·48 … of C = A B. `scratch` holds a packed block of A. */
export function productTile(
  tile: i32, scratch: usize,
  c: usize, cRow: i32, a: usize, aRow: i32, aColumn: i32, packed: usize, m: i32, n: i32, k: i32,
): void {
  const first = tile * ROWS;
  const rows = tileSize(first, ROWS, m);
  multiply(scratch, at(c, first * cRow), cRow, at(a, first * aRow), aRow, aColumn, packed, rows, n, k);
}

/** C = A B on one thread, B packed. `scratch` takes ROWS·DEPTH floats and one piece of C. */
export function multiply(
  scratch: usize, c: usize, cRow: i32, a: usize, aRow: i32, aColumn: i32, packed: usize, m: i32, n: i32, k: i32,
): void {
  for (let i = 0; i < m; i += ROWS) {
    const rows = tileSize(i, ROWS, m);
    for (let p = 0; p < k; p += DEPTH) {
      const depth = tileSize(p, DEPTH, k);
      multiplyBlock(scratch, at(c, i * cRow), cRow, at(a, i * aRow), aRow, aColumn, packed, rows, n, k, p, depth);
    }
  }
}

function multiplyBlock(
  scratch: usize, c: usize, cRow: i32, a: usize, aRow: i32, aColumn: i32, packed: usize,
  rows: i32, n: i32, k: i32, p: i32, depth: i32,
): void {
  for (let i = 0; i < rows; i += MR) packRows(at(scratch, i * depth), a, aRow, aColumn, i, rows, p, depth);
  const spare = at(scratch, ROWS * DEPTH);
  for (let j = 0; j < n; j += NR) {
    const panel = at(packed, j * k + p * NR);
    for (let i = 0; i < rows; i += MR) {
      const to = at(c, i * cRow + j);
      if (i + MR <= rows && j + NR <= n) {
        registerTile(to, cRow, at(scratch, i * depth), panel, depth, p > 0);
      } else {
        registerTile(spare, NR, at(scratch, i * depth), panel, depth, false);
        copyPart(to, cRow, spare, min(MR, rows - i), min(NR, n - j), p > 0);
      }
    }
  }
}

/** The part of a piece of C that lies inside of C. */
function copyPart(c: usize, cRow: i32, piece: usize, rows: i32, columns: i32, adds: bool): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const to = at(c, i * cRow + j);
      const x = load<f32>(at(piece, i * NR + j));
      store<f32>(to, adds ? load<f32>(to) + x : x);
    }
  }
}

/** Six rows by two vectors of C in registers; per k, two loads of B and six broadcasts of A feed twelve products. */
function registerTile(c: usize, cRow: i32, a: usize, b: usize, depth: i32, adds: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0), c50 = f32x4.splat(0), c51 = f32x4.splat(0);
  for (let p = 0; p < depth; p++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load_splat<f32>(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load_splat<f32>(a, 16);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load_splat<f32>(a, 20);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    a += 24;
    b += 32;
  }
  const row = (<usize>cRow) << 2;
  storeRow(c, c00, c01, adds);
  storeRow(c + row, c10, c11, adds);
  storeRow(c + row * 2, c20, c21, adds);
  storeRow(c + row * 3, c30, c31, adds);
  storeRow(c + row * 4, c40, c41, adds);
  storeRow(c + row * 5, c50, c51, adds);
}

// @ts-ignore: decorator
@inline
function storeRow(c: usize, x: v128, y: v128, adds: bool): void {
  v128.store(c, adds ? f32x4.add(v128.load(c), x) : x);
  v128.store(c, adds ? f32x4.add(v128.load(c, 16), y) : y, 16);
}
