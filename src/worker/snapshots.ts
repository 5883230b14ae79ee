// Trained parameters as of some update, held beside the engine to go back to.
import type { HostTensor } from '../engine/gpu/executor.ts';
import { type RunSetup, trainedShapes } from './training-job.ts';

export interface Snapshot {
  readonly step: number;
  readonly tensors: ReadonlyMap<string, HostTensor>;
}

export async function takeSnapshot(setup: RunSetup, step: number): Promise<Snapshot> {
  const tensors = new Map<string, HostTensor>();
  for (const [name, shape] of trainedShapes(setup)) {
    tensors.set(name, { shape, data: Float32Array.from(await setup.executor.readParameter(name)) });
  }
  return { step, tensors };
}

export function restoreSnapshot({ executor }: RunSetup, { tensors }: Snapshot): void {
  for (const [name, tensor] of tensors) executor.setParameter(name, tensor);
}
