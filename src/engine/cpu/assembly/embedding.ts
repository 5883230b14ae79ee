// Sums of table rows, and the gradient of a table.
import { at, load4, store4 } from './simd';

/** Rows of one forward tile. */
const ROWS: i32 = 64;
/** Columns of one backward tile. */
const COLUMNS: i32 = 32;

/**
 * Row r = b·T + t of out: word[ids[r]] + position[t] + type[types[r]]. `type` may be 0, for none; `places`, where it is not
 * 0, has the rows of `position` instead.
 */
export function embeddingTile(
  tile: i32, scratch: usize,
  out: usize, ids: usize, word: usize, position: usize, places: usize, types: usize, type: usize,
  rows: i32, tokens: i32, columns: i32,
): void {
  const last = min(tile * ROWS + ROWS, rows);
  for (let r = tile * ROWS; r < last; r++) {
    const w = at(word, load<i32>(at(ids, r)) * columns);
    const p = at(position, (places ? load<i32>(at(places, r)) : r % tokens) * columns);
    const t = type ? at(type, load<i32>(at(types, r)) * columns) : 0;
    for (let j = 0; j < columns; j += 4) {
      const left = columns - j;
      let sum = f32x4.add(load4(at(w, j), left), load4(at(p, j), left));
      if (t) sum = f32x4.add(sum, load4(at(t, j), left));
      store4(at(out, r * columns + j), left, sum);
    }
  }
}

/**
 * Columns tile·32 … of a table's gradient: out[id] = the sum of the rows of g looked up under that id, in their order;
 * `skipped` is an id that never learns (or −1). Where `ids` is 0, row r was looked up under r mod `period`.
 */
export function tableGradientTile(
  tile: i32, scratch: usize,
  out: usize, g: usize, ids: usize, period: i32, skipped: i32, rows: i32, columns: i32, tableRows: i32,
): void {
  const first = tile * COLUMNS;
  const last = min(first + COLUMNS, columns);
  for (let r = 0; r < tableRows; r++) memory.fill(at(out, r * columns + first), 0, (<usize>(last - first)) << 2);
  for (let r = 0; r < rows; r++) {
    const id = ids ? load<i32>(at(ids, r)) : r % period;
    if (id == skipped) continue;
    for (let j = first; j < last; j += 4) {
      const to = at(out, id * columns + j);
      store4(to, last - j, f32x4.add(load4(to, last - j), load4(at(g, r * columns + j), last - j)));
    }
  }
}
