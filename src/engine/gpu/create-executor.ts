import type { Backend } from './backend.ts';
import type { Executor } from './executor.ts';
import { createPlanExecutor, type PlanOptions } from './plan/plan-executor.ts';
import { createReferenceExecutor } from './reference-executor.ts';

export interface ExecutorOptions {
  /** How WebGPU stores activations (see `PlanOptions`); WebAssembly has f32 alone. */
  readonly precision?: PlanOptions['precision'];
}

/** The fastest executor that the backend has: static plans on WebGPU, kernels of our own on WebAssembly. */
export function createExecutor(backend: Backend, { precision = 'f32' }: ExecutorOptions = {}): Executor {
  const { name, device, tier, kernels } = backend;
  return device && tier ? createPlanExecutor({ device, tier, precision }) : createReferenceExecutor(name, kernels);
}
