// Trained parameters as of some update, held beside the engine to go back to.
import { WinnowError } from '../engine/error.ts';
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

/**
 * Losses are not read at every update, so that weights may have run away since the last.
 * @throws WinnowError `nan-loss` where a number of it is not finite.
 */
export async function takeFiniteSnapshot(setup: RunSetup, step: number): Promise<Snapshot> {
  const snapshot = await takeSnapshot(setup, step);
  const broken = [...snapshot.tensors].find(([, { data }]) => !isFiniteThroughout(data));
  if (!broken) return snapshot;
  throw new WinnowError('nan-loss', `step ${step}: expected finite weights, got others in ${broken[0]}.`);
}

function isFiniteThroughout(data: HostTensor['data']): boolean {
  for (let index = 0; index < data.length; index++) if (!Number.isFinite(data[index])) return false;
  return true;
}

export function restoreSnapshot({ executor }: RunSetup, { tensors }: Snapshot): void {
  for (const [name, tensor] of tensors) executor.setParameter(name, tensor);
}
