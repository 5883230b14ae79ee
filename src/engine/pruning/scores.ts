// How movement scores begin: constant(c), uniform(±c), or Kaiming-uniform(√5), which is uniform(±1/√columns).
import type { HostTensor } from '../gpu/executor.ts';
import type { MatrixInfo } from '../model/architecture.ts';
import { createRandom } from '../random.ts';

export type ScoreInit = 'constant' | 'uniform' | 'kaiming';

export function initialScores(o: {
  readonly matrix: MatrixInfo;
  readonly init: ScoreInit;
  /** The constant, or the half-width of the uniform; unused by kaiming. */
  readonly scale: number;
  readonly seed: number;
}): HostTensor {
  const { rows, columns } = o.matrix;
  const data = new Float32Array(rows * columns);
  if (o.init === 'constant') data.fill(o.scale);
  else fillUniform(data, o.init === 'uniform' ? o.scale : 1 / Math.sqrt(columns), o.seed);
  return { shape: [rows, columns], data };
}

function fillUniform(data: Float32Array, halfWidth: number, seed: number): void {
  const random = createRandom(seed);
  for (let index = 0; index < data.length; index++) data[index] = (2 * random.float() - 1) * halfWidth;
}
