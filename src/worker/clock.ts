import type { StepPlan } from '../engine/pruning/schedule.ts';
import type { RunEvent } from '../runs/events.ts';

export type Clock = ReturnType<typeof createClock>;

export interface ClockState {
  readonly elapsedMs: number;
  readonly examples: number;
}

/** Time spent on updates alone, so that evaluation does not slow what the speed says. */
export function createClock(before: ClockState | null = null) {
  const startedAt = performance.now() - (before?.elapsedMs ?? 0);
  let pausedMs = 0;
  let examples = before?.examples ?? 0;
  const elapsed = () => performance.now() - startedAt - pausedMs;
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
    state: (): ClockState => ({ elapsedMs: elapsed(), examples }),
    progress(step: number, plan: StepPlan) {
      const elapsedMs = elapsed();
      return {
        step,
        examplesPerSecond: (1000 * examples) / Math.max(1, elapsedMs),
        etaMs: (elapsedMs / step) * (plan.totalSteps - step),
      };
    },
  };
}
