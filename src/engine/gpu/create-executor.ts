import type { Backend } from './backend.ts';
import type { Executor } from './executor.ts';
import { createPlanExecutor } from './plan/plan-executor.ts';
import { createReferenceExecutor } from './reference-executor.ts';

/** The fastest executor that the backend has: static plans on WebGPU, kernels of our own on WebAssembly. */
export function createExecutor({ name, device, isSoftware, kernels }: Backend): Executor {
  return device ? createPlanExecutor({ device, isSoftware }) : createReferenceExecutor(name, kernels);
}
