import type * as tf from '@tensorflow/tfjs-core';
import type { Cpu } from '../cpu.ts';

/** Columns of one tile (assembly/linear.ts). */
const TILE_COLUMNS = 32;

/** Σ over rows of x [R, C], or of x∘y, as [C]. */
export function columnSums(cpu: Cpu, x: tf.Tensor, y: tf.Tensor | null): tf.Tensor {
  const [rows = 0, columns = 0] = x.shape;
  const { addressOf, output } = cpu.heap;
  const sums = output([columns]);
  const values = [addressOf(sums), addressOf(x), y ? addressOf(y) : 0, rows, columns];
  cpu.run('columnSumTile', Math.ceil(columns / TILE_COLUMNS), values);
  return sums;
}
