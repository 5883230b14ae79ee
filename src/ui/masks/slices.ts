// Long loops over a matrix's weights, cut so that no task holds the page's thread for long.

const BUDGET_MS = 10;

/**
 * Ranges [from, to) that cover 0 … total − 1 in order, of at most `size` each. Starts in a task of its own, goes on
 * in a new one whenever the budget is spent, and ends early once the signal is aborted.
 */
export async function* slices(total: number, size: number, signal: AbortSignal): AsyncGenerator<[number, number]> {
  await nextTask();
  let startedAt = performance.now();
  for (let from = 0; from < total; from += size) {
    if (performance.now() - startedAt > BUDGET_MS) {
      await nextTask();
      startedAt = performance.now();
    }
    if (signal.aborted) return;
    yield [from, Math.min(from + size, total)];
  }
}

/** A message rather than a timeout: timeouts wait 4 ms when nested, and a second in a hidden tab. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
