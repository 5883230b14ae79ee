import { dropoutFactor4 } from './noise';
import { at, load4, store4 } from './simd';

/** Elements of one tile. */
const ELEMENTS: i32 = 16384;

/** out = x ∘ (0 or factor); the same call on a gradient is the backward pass. */
export function dropoutTile(
  tile: i32, scratch: usize, out: usize, x: usize, n: i32, key: i32, cut: i32, factor: f32,
): void {
  const last = min(tile * ELEMENTS + ELEMENTS, n);
  for (let i = tile * ELEMENTS; i < last; i += 4) {
    const left = last - i;
    store4(at(out, i), left, f32x4.mul(load4(at(x, i), left), dropoutFactor4(key, i, cut, factor)));
  }
}
