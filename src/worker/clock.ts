import type { StepPlan } from '../engine/pruning/schedule.ts';
import type { RunEvent } from '../runs/events.ts';

/** Time spent on updates alone, so that evaluation does not slow what the speed says. */
export function createClock() {
  const startedAt = performance.now();
  let pausedMs = 0;
  let examples = 0;
  return {
    add(count: number) {
      examples += count;
    },
    async *paused<T>(work: AsyncGenerator<RunEvent, T>): AsyncGenerator<RunEvent, T> {
      const from = performance.now();
      try {
        return yield* work;
      } finally {
        pausedMs += performance.now() - from;
      }
    },
    progress(step: number, plan: StepPlan) {
      const elapsedMs = performance.now() - startedAt - pausedMs;
      return {
        step,
        examplesPerSecond: (1000 * examples) / Math.max(1, elapsedMs),
        etaMs: (elapsedMs / step) * (plan.totalSteps - step),
      };
    },
  };
}
