// Products with a weight most of which is pruned: work in proportion to what is kept. M∘W [N, K] stands in compressed
// rows: starts [N + 1], then the column and the value of every weight kept. A tile is 32 rows of activations, held
// transposed as [K, 32], so that one weight meets eight vectors.
import { addBiasRows } from './linear';
import { at, load4, madd, store4, tileSize } from './simd';

/** Rows of activations of one tile: eight vectors. */
const ROWS: i32 = 32;
/** Rows of the weight of one tile, when it is compressed. */
const WEIGHT_ROWS: i32 = 32;

/** counts[row] = how many of the mask's row are not 0. */
export function countKeptTile(tile: i32, scratch: usize, counts: usize, mask: usize, rows: i32, columns: i32): void {
  const last = min(tile * WEIGHT_ROWS + WEIGHT_ROWS, rows);
  for (let row = tile * WEIGHT_ROWS; row < last; row++) {
    let count = i32x4.splat(0);
    for (let j = 0; j < columns; j += 4) {
      const bits = load4(at(mask, row * columns + j), columns - j);
      count = i32x4.sub(count, f32x4.ne(bits, f32x4.splat(0)));
    }
    const pairs = i32x4.add(count, v128.shuffle<i32>(count, count, 2, 3, 0, 1));
    store<i32>(at(counts, row), i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1));
  }
}

/** Columns and values of M∘W, row by row from starts[row] on. */
export function compressTile(
  tile: i32, scratch: usize,
  starts: usize, kept: usize, values: usize, weight: usize, mask: usize, rows: i32, columns: i32,
): void {
  const last = min(tile * WEIGHT_ROWS + WEIGHT_ROWS, rows);
  for (let row = tile * WEIGHT_ROWS; row < last; row++) {
    let to = load<i32>(at(starts, row));
    for (let j = 0; j < columns; j += 4) {
      const offset = row * columns + j;
      if (!v128.any_true(f32x4.ne(load4(at(mask, offset), columns - j), f32x4.splat(0)))) continue;
      const end = tileSize(0, 4, columns - j);
      for (let lane = 0; lane < end; lane++) {
        const gate = load<f32>(at(mask, offset + lane));
        if (gate == 0) continue;
        store<i32>(at(kept, to), j + lane);
        store<f32>(at(values, to), gate * load<f32>(at(weight, offset + lane)));
        to++;
      }
    }
  }
}

/** Rows tile·32 … of h = x (M∘W)ᵀ + bias, and gelu(h) where `activated` is not 0. Scratch: 32·(k + 4) floats. */
export function sparseAffineTile(
  tile: i32, scratch: usize,
  h: usize, x: usize, starts: usize, kept: usize, values: usize, rows: i32, n: i32, k: i32,
  bias: usize, activated: usize,
): void {
  const first = tile * ROWS;
  const count = tileSize(first, ROWS, rows);
  const sums = at(scratch, ROWS * k); // [4, 32]
  for (let p = 0; p < k; p += 4) gather(at(scratch, ROWS * p), at(x, first * k + p), k, count, k - p);
  const to = at(h, first * n);
  for (let j = 0; j < n; j += 4) {
    const left = min(4, n - j);
    for (let lane = 0; lane < left; lane++) {
      const from = load<i32>(at(starts, j + lane));
      const end = load<i32>(at(starts, j + lane + 1));
      sparseDot(at(sums, ROWS * lane), scratch, at(kept, from), at(values, from), end - from);
    }
    spread(at(to, j), sums, n, count, left);
  }
  addBiasRows(to, activated ? at(activated, first * n) : 0, n, bias, count, n);
}

/** out [32] = Σ values[i] · x[kept[i], 32] */
function sparseDot(out: usize, x: usize, kept: usize, values: usize, count: i32): void {
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
  let s4 = f32x4.splat(0), s5 = f32x4.splat(0), s6 = f32x4.splat(0), s7 = f32x4.splat(0);
  for (let i = 0; i < count; i++) {
    const row = x + ((<usize>load<i32>(at(kept, i))) << 7);
    const w = v128.load_splat<f32>(at(values, i));
    s0 = madd(v128.load(row), w, s0);
    s1 = madd(v128.load(row, 16), w, s1);
    s2 = madd(v128.load(row, 32), w, s2);
    s3 = madd(v128.load(row, 48), w, s3);
    s4 = madd(v128.load(row, 64), w, s4);
    s5 = madd(v128.load(row, 80), w, s5);
    s6 = madd(v128.load(row, 96), w, s6);
    s7 = madd(v128.load(row, 112), w, s7);
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
  v128.store(out, s4, 64);
  v128.store(out, s5, 80);
  v128.store(out, s6, 96);
  v128.store(out, s7, 112);
}

/** Rows tile·32 … of dx = g (M∘W). Scratch: 32·(k + 4) floats. */
export function sparseInputGradientTile(
  tile: i32, scratch: usize,
  dx: usize, g: usize, starts: usize, kept: usize, values: usize, rows: i32, n: i32, k: i32,
): void {
  const first = tile * ROWS;
  const count = tileSize(first, ROWS, rows);
  const columns = at(scratch, ROWS * k); // [4, 32]
  memory.fill(scratch, 0, (<usize>(ROWS * k)) << 2);
  for (let j = 0; j < n; j += 4) {
    const left = min(4, n - j);
    gather(columns, at(g, first * n + j), n, count, left);
    for (let lane = 0; lane < left; lane++) {
      const from = load<i32>(at(starts, j + lane));
      const end = load<i32>(at(starts, j + lane + 1));
      sparseAdd(scratch, at(columns, ROWS * lane), at(kept, from), at(values, from), end - from);
    }
  }
  for (let p = 0; p < k; p += 4) spread(at(dx, first * k + p), at(scratch, ROWS * p), k, count, k - p);
}

/** out[kept[i], 32] += values[i] · g [32] */
function sparseAdd(out: usize, g: usize, kept: usize, values: usize, count: i32): void {
  const g0 = v128.load(g), g1 = v128.load(g, 16), g2 = v128.load(g, 32), g3 = v128.load(g, 48);
  const g4 = v128.load(g, 64), g5 = v128.load(g, 80), g6 = v128.load(g, 96), g7 = v128.load(g, 112);
  for (let i = 0; i < count; i++) {
    const row = out + ((<usize>load<i32>(at(kept, i))) << 7);
    const w = v128.load_splat<f32>(at(values, i));
    v128.store(row, madd(g0, w, v128.load(row)));
    v128.store(row, madd(g1, w, v128.load(row, 16)), 16);
    v128.store(row, madd(g2, w, v128.load(row, 32)), 32);
    v128.store(row, madd(g3, w, v128.load(row, 48)), 48);
    v128.store(row, madd(g4, w, v128.load(row, 64)), 64);
    v128.store(row, madd(g5, w, v128.load(row, 80)), 80);
    v128.store(row, madd(g6, w, v128.load(row, 96)), 96);
    v128.store(row, madd(g7, w, v128.load(row, 112)), 112);
  }
}

/** out [4, 32] = four columns of 32 rows of x; rows past `count` repeat the last, columns past `left` hold 0. */
function gather(out: usize, x: usize, stride: i32, count: i32, left: i32): void {
  for (let i = 0; i < ROWS; i += 4) {
    const r0 = load4(at(x, min(i, count - 1) * stride), left);
    const r1 = load4(at(x, min(i + 1, count - 1) * stride), left);
    const r2 = load4(at(x, min(i + 2, count - 1) * stride), left);
    const r3 = load4(at(x, min(i + 3, count - 1) * stride), left);
    storeTransposed(at(out, i), ROWS, r0, r1, r2, r3, 4, 4);
  }
}

/** `left` columns of x's `count` rows = the transpose of from [4, 32]. */
function spread(x: usize, from: usize, stride: i32, count: i32, left: i32): void {
  for (let i = 0; i < count; i += 4) {
    const c0 = v128.load(at(from, i));
    const c1 = v128.load(at(from, ROWS + i));
    const c2 = v128.load(at(from, 2 * ROWS + i));
    const c3 = v128.load(at(from, 3 * ROWS + i));
    storeTransposed(at(x, i * stride), stride, c0, c1, c2, c3, count - i, left);
  }
}

/** Stores the transpose of four vectors as up to four rows of `left` floats. */
// @ts-ignore: decorator
@inline
function storeTransposed(
  to: usize, stride: i32, a: v128, b: v128, c: v128, d: v128, rows: i32, left: i32,
): void {
  const lowAB = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const highAB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const lowCD = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const highCD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  store4(to, left, v128.shuffle<f32>(lowAB, lowCD, 0, 1, 4, 5));
  if (rows > 1) store4(at(to, stride), left, v128.shuffle<f32>(lowAB, lowCD, 2, 3, 6, 7));
  if (rows > 2) store4(at(to, stride * 2), left, v128.shuffle<f32>(highAB, highCD, 0, 1, 4, 5));
  if (rows > 3) store4(at(to, stride * 3), left, v128.shuffle<f32>(highAB, highCD, 2, 3, 6, 7));
}
