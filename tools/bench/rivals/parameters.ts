import type { HostTensor } from '../../../src/engine/gpu/executor.ts';
import type { Workload } from '../workload.ts';

/** As a rival's user would lay them out: linear weights [in, out] instead of the Hub's [out, in]. */
export function rivalParameters({ tensors }: Workload): Map<string, HostTensor> {
  const isLinear = (name: string, { shape }: HostTensor) => shape.length === 2 && !name.includes('.embeddings.');
  return new Map([...tensors].map(([name, tensor]) => [name, isLinear(name, tensor) ? transposed(tensor) : tensor]));
}

function transposed({ shape, data }: HostTensor): HostTensor {
  const [rows = 0, columns = 0] = shape;
  const turned = Float32Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!);
  return { shape: [columns, rows], data: turned };
}
