// What a linear map adds to its products, applied to a tile of rows while it is in the cache.
import { multiply, ROWS } from './gemm';
import { gelu4, geluSlope4 } from './math';
import { at, load4, store4, tileSize } from './simd';

/** Elements of one tile of an elementwise kernel. */
const ELEMENTS: i32 = 16384;

/** Rows tile·48 … of h = A B + bias; where `activated` is not 0, of gelu(h) as well. */
export function affineTile(
  tile: i32, scratch: usize,
  h: usize, hRow: i32, a: usize, aRow: i32, aColumn: i32, packed: usize, m: i32, n: i32, k: i32,
  bias: usize, activated: usize,
): void {
  const first = tile * ROWS;
  const rows = tileSize(first, ROWS, m);
  const from = at(h, first * hRow);
  multiply(scratch, from, hRow, at(a, first * aRow), aRow, aColumn, packed, rows, n, k);
  addBiasRows(from, activated ? at(activated, first * hRow) : 0, hRow, bias, rows, n);
}

/** h += bias; where `activated` is not 0, it becomes gelu(h). Both have rows of `stride` floats. */
export function addBiasRows(h: usize, activated: usize, stride: i32, bias: usize, rows: i32, n: i32): void {
  for (let i = 0; i < rows; i++) {
    const row = i * stride;
    if (activated) addBiasAndActivate(at(h, row), at(activated, row), bias, n);
    else addBias(at(h, row), bias, n);
  }
}

function addBias(h: usize, bias: usize, n: i32): void {
  for (let j = 0; j < n; j += 4) {
    const sum = f32x4.add(load4(at(h, j), n - j), load4(at(bias, j), n - j));
    store4(at(h, j), n - j, sum);
  }
}

function addBiasAndActivate(h: usize, y: usize, bias: usize, n: i32): void {
  for (let j = 0; j < n; j += 4) {
    const sum = f32x4.add(load4(at(h, j), n - j), load4(at(bias, j), n - j));
    store4(at(h, j), n - j, sum);
    store4(at(y, j), n - j, gelu4(sum));
  }
}

/**
 * Rows tile·48 … of a masked weight's gradients. With dW′ = A B: dM = dW′∘W, and dW = dW′∘mask.
 * One of dW and dM may be 0, unwanted.
 */
export function maskedGradientTile(
  tile: i32, scratch: usize,
  dW: usize, dM: usize, row: i32, a: usize, aRow: i32, aColumn: i32, packed: usize, m: i32, n: i32, k: i32,
  weight: usize, mask: usize,
): void {
  const first = tile * ROWS;
  const rows = tileSize(first, ROWS, m);
  const product = at(dW ? dW : dM, first * row);
  multiply(scratch, product, row, at(a, first * aRow), aRow, aColumn, packed, rows, n, k);
  for (let i = 0; i < rows; i++) {
    const offset = (first + i) * row;
    for (let j = 0; j < n; j += 4) {
      const left = n - j;
      const x = load4(at(product, i * row + j), left);
      if (dM) store4(at(dM, offset + j), left, f32x4.mul(x, load4(at(weight, offset + j), left)));
      if (dW) store4(at(dW, offset + j), left, f32x4.mul(x, load4(at(mask, offset + j), left)));
    }
  }
}

/** out = g∘gelu′(h) */
export function geluGradientTile(tile: i32, scratch: usize, out: usize, g: usize, h: usize, n: i32): void {
  const first = tile * ELEMENTS;
  const last = min(first + ELEMENTS, n);
  for (let i = first; i < last; i += 4) {
    const left = last - i;
    store4(at(out, i), left, f32x4.mul(load4(at(g, i), left), geluSlope4(load4(at(h, i), left))));
  }
}

/** Columns of one tile of a sum over rows: two cache lines of every row. */
const SUM_COLUMNS: i32 = 32;

/** out[j] = Σᵢ x[i, j], or Σᵢ x[i, j]·y[i, j] where y is not 0, for columns tile·32 … */
export function columnSumTile(tile: i32, scratch: usize, out: usize, x: usize, y: usize, rows: i32, columns: i32): void {
  const first = tile * SUM_COLUMNS;
  const last = min(first + SUM_COLUMNS, columns);
  for (let j = first; j < last; j += 4) store4(at(out, j), last - j, f32x4.splat(0));
  for (let i = 0; i < rows; i++) {
    const row = i * columns;
    for (let j = first; j < last; j += 4) {
      const left = last - j;
      let term = load4(at(x, row + j), left);
      if (y) term = f32x4.mul(term, load4(at(y, row + j), left));
      store4(at(out, j), left, f32x4.add(load4(at(out, j), left), term));
    }
  }
}
