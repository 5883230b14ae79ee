import type { RunEvent } from '../runs/events.ts';

/** Metric rows, progress and phases leave the worker at most this often. */
export const REPORT_EVERY_MS = 200;

/** Turns a task's progress callbacks into events, at the bounded rate. */
export function createPhases(environment: { breathe(): Promise<void> }) {
  return {
    async *during<T>(
      work: (watch: (phase: string, done: number, total: number) => Promise<void>) => Promise<T>,
    ): AsyncGenerator<RunEvent, T> {
      const queue: RunEvent[] = [];
      let wake: () => void = () => undefined;
      let lastPhase = '';
      let sentAt = Number.NEGATIVE_INFINITY;
      const watch = async (phase: string, done: number, total: number) => {
        const isDue = phase !== lastPhase || done === total || performance.now() - sentAt >= REPORT_EVERY_MS;
        if (!isDue) return;
        lastPhase = phase;
        sentAt = performance.now();
        queue.push({ type: 'phase', phase, done, total });
        wake();
        await environment.breathe();
      };
      let isOver = false;
      const result = work(watch).finally(() => {
        isOver = true;
        wake();
      });
      // A failure surfaces at the await below; it must not count as unhandled meanwhile.
      result.catch(() => undefined);
      while (!isOver || queue.length > 0) {
        yield* queue.splice(0);
        if (!isOver) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
      return await result;
    },
  };
}
