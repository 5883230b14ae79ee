import type { Backend } from './backend.ts';
import type { Executor } from './executor.ts';
import { createReferenceExecutor } from './reference-executor.ts';

/** The fastest executor that the backend has. */
export function createExecutor({ name, kernels }: Backend): Executor {
  return createReferenceExecutor(name, kernels);
}
