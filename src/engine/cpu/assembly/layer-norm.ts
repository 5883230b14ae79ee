// LayerNorm over rows of x + residual (Ba et al. 2016).
import { at, load4, madd, store4, sumLanes } from './simd';

/** Rows of one tile. */
const ROWS: i32 = 16;

/** out = normalised∘gamma + beta; keeps the normalised rows and their 1/σ. `residual` may be 0, for none. */
export function layerNormTile(
  tile: i32, scratch: usize,
  out: usize, normalised: usize, inverseDeviation: usize,
  x: usize, residual: usize, gamma: usize, beta: usize, rows: i32, columns: i32, epsilon: f32,
): void {
  const last = min(tile * ROWS + ROWS, rows);
  for (let i = tile * ROWS; i < last; i++) {
    const row = i * columns;
    const kept = at(normalised, row);
    const mean = sumInto(kept, at(x, row), residual ? at(residual, row) : 0, columns) / <f32>columns;
    const variance = centre(kept, mean, columns) / <f32>columns;
    const scale: f32 = 1 / sqrt<f32>(variance + epsilon);
    store<f32>(at(inverseDeviation, i), scale);
    const scale4 = f32x4.splat(scale);
    for (let j = 0; j < columns; j += 4) {
      const left = columns - j;
      const unit = f32x4.mul(load4(at(kept, j), left), scale4);
      store4(at(kept, j), left, unit);
      store4(at(out, row + j), left, madd(unit, load4(at(gamma, j), left), load4(at(beta, j), left)));
    }
  }
}

/** to = x + y, whose sum is returned. */
function sumInto(to: usize, x: usize, y: usize, n: i32): f32 {
  let sum = f32x4.splat(0);
  for (let j = 0; j < n; j += 4) {
    let term = load4(at(x, j), n - j);
    if (y) term = f32x4.add(term, load4(at(y, j), n - j));
    store4(at(to, j), n - j, term);
    sum = f32x4.add(sum, term);
  }
  return sumLanes(sum);
}

/** Subtracts the mean and returns the sum of squares. */
function centre(x: usize, mean: f32, n: i32): f32 {
  let sum = f32x4.splat(0);
  for (let j = 0; j < n; j += 4) {
    const left = n - j;
    let centred = f32x4.sub(load4(at(x, j), left), f32x4.splat(mean));
    store4(at(x, j), left, centred);
    if (left < 4) centred = load4(at(x, j), left); // lanes past the end hold 0 − mean
    sum = madd(centred, centred, sum);
  }
  return sumLanes(sum);
}

/** dx = (s − mean(s) − normalised·mean(s∘normalised))/σ with s = g∘gamma. */
export function layerNormGradientTile(
  tile: i32, scratch: usize,
  dx: usize, g: usize, gamma: usize, normalised: usize, inverseDeviation: usize, rows: i32, columns: i32,
): void {
  const last = min(tile * ROWS + ROWS, rows);
  for (let i = tile * ROWS; i < last; i++) {
    const row = i * columns;
    let sum = f32x4.splat(0);
    let projection = f32x4.splat(0);
    for (let j = 0; j < columns; j += 4) {
      const left = columns - j;
      const scaled = f32x4.mul(load4(at(g, row + j), left), load4(at(gamma, j), left));
      sum = f32x4.add(sum, scaled);
      projection = madd(scaled, load4(at(normalised, row + j), left), projection);
    }
    const mean = f32x4.splat(sumLanes(sum) / <f32>columns);
    const slope = f32x4.splat(-sumLanes(projection) / <f32>columns);
    const scale = f32x4.splat(load<f32>(at(inverseDeviation, i)));
    for (let j = 0; j < columns; j += 4) {
      const left = columns - j;
      const scaled = f32x4.mul(load4(at(g, row + j), left), load4(at(gamma, j), left));
      const centred = madd(load4(at(normalised, row + j), left), slope, f32x4.sub(scaled, mean));
      store4(at(dx, row + j), left, f32x4.mul(centred, scale));
    }
  }
}
