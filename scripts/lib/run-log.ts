// What a person sees of a run in a terminal: a line when something changes, and every few seconds how far it is.
import type { RunEvent } from '../../src/runs/events.ts';

const everyMs = 10_000;

/** Writes to standard error: standard output belongs to a command's result. */
export function createRunLog(name: string): (event: RunEvent) => void {
  let totalSteps = 0;
  let printedAt = 0;
  const print = (text: string) => console.error(`${name}: ${text}`);

  return (event) => {
    if (event.type === 'started') {
      totalSteps = event.totalSteps;
      print(`${totalSteps} steps on ${event.adapter}`);
    } else if (event.type === 'progress' && Date.now() - printedAt >= everyMs) {
      printedAt = Date.now();
      const { step, examplesPerSecond, etaMs } = event.progress;
      print(`step ${step} of ${totalSteps}, ${examplesPerSecond.toFixed(1)} examples/s, ${seconds(etaMs)} left`);
    } else if (event.type === 'warning') {
      print(event.warning.message);
    } else if (event.type === 'finished') {
      print(`${event.outcome} in ${seconds(event.summary.elapsedMs)}`);
    }
  };
}

const seconds = (ms: number) => (Number.isFinite(ms) ? `${Math.ceil(ms / 1000)} s` : 'unknown time');
