import { WinnowError } from '../engine/error.ts';
import { asRunError, type RunError } from '../runs/events.ts';

/** An error as it leaves a worker. What nobody foresaw is also shown with its stack, for whoever looks into it. */
export function describeError(error: unknown): RunError {
  if (!(error instanceof WinnowError)) console.error(error);
  return asRunError(error);
}
