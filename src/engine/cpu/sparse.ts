// A masked weight of which little is kept, in compressed rows (assembly/sparse.ts): forward and the gradient of the
// input then cost what is kept. So training gains speed as it prunes.
import type * as tf from '@tensorflow/tfjs-core';
import type { Cpu } from './cpu.ts';

export interface SparseWeight {
  /** [N + 1]: where each row begins. */
  readonly starts: tf.Tensor;
  /** Column and value of every weight kept. */
  readonly kept: tf.Tensor;
  readonly values: tf.Tensor;
}

/** Above this share, packed dense products are as fast. */
export const MOST_KEPT = 0.4;
/** Rows of the weight per tile when it is compressed, rows of activations per tile of a product. */
const WEIGHT_ROWS = 32;
const TILE_ROWS = 32;

/** Elements of a weight's compressed rows where a share of it is kept; 0 where it is not compressed. */
export function compressedElements([rows = 0, columns = 0]: readonly number[], keptFraction: number): number {
  return keptFraction > MOST_KEPT ? 0 : rows + 1 + 2 * Math.floor(keptFraction * rows * columns);
}

/** Null where too much is kept. */
export function compress(cpu: Cpu, weight: tf.Tensor, mask: tf.Tensor): SparseWeight | null {
  const [rows = 0, columns = 0] = weight.shape;
  const { addressOf, memory, output } = cpu.heap;
  const tiles = Math.ceil(rows / WEIGHT_ROWS);
  const counts = cpu.room(4 * rows);
  cpu.run('countKeptTile', tiles, [counts, addressOf(mask), rows, columns]);
  const starts = startsOf(new Int32Array(memory.buffer, counts, rows));
  const total = starts[rows] as number;
  if (total > MOST_KEPT * weight.size) return null;
  const sparse = {
    starts: output([rows + 1], 'int32'),
    kept: output([total], 'int32'),
    values: output([total]),
  };
  new Int32Array(memory.buffer, addressOf(sparse.starts), rows + 1).set(starts);
  const outputs = [sparse.starts, sparse.kept, sparse.values].map(addressOf);
  cpu.run('compressTile', tiles, [...outputs, addressOf(weight), addressOf(mask), rows, columns]);
  return sparse;
}

function startsOf(counts: Int32Array): Int32Array {
  const starts = new Int32Array(counts.length + 1);
  for (let row = 0; row < counts.length; row++) starts[row + 1] = (starts[row] as number) + (counts[row] as number);
  return starts;
}

export interface SparseAffine {
  readonly x: tf.Tensor;
  readonly weight: SparseWeight;
  readonly bias: tf.Tensor;
  readonly h: tf.Tensor;
  /** Becomes gelu(h). */
  readonly activated: tf.Tensor | null;
}

/** h = x (M∘W)ᵀ + bias */
export function sparseAffine(cpu: Cpu, { x, weight, bias, h, activated }: SparseAffine): void {
  const { addressOf } = cpu.heap;
  const [rows = 0, inner = 0] = x.shape;
  const operands = [h, x, weight.starts, weight.kept, weight.values].map(addressOf);
  const finish = [addressOf(bias), activated ? addressOf(activated) : 0];
  const values = [...operands, rows, h.shape[1] ?? 0, inner, ...finish];
  cpu.run('sparseAffineTile', Math.ceil(rows / TILE_ROWS), values, sparseScratch(inner));
}

/** dx = g (M∘W) */
export function sparseInputGradient(cpu: Cpu, dx: tf.Tensor, g: tf.Tensor, weight: SparseWeight): void {
  const [rows = 0, inner = 0] = dx.shape;
  const operands = [dx, g, weight.starts, weight.kept, weight.values].map(cpu.heap.addressOf);
  const values = [...operands, rows, g.shape[1] ?? 0, inner];
  cpu.run('sparseInputGradientTile', Math.ceil(rows / TILE_ROWS), values, sparseScratch(inner));
}

/** Floats per thread: a transposed tile and four columns of one. */
export const sparseScratch = (inner: number): number => TILE_ROWS * (inner + 4);
