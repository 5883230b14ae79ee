// How long the page takes to answer presses, as the browser's Event Timing tells it: from the key or pointer to the frame
// that shows what came of it.
import type { Page } from '@playwright/test';

/** Shorter ones the browser does not report. */
const LEAST_MS = 16;

interface Timing extends PerformanceEntry {
  /** The same for all events of one press; 0 for those of none. */
  readonly interactionId: number;
}

/** Milliseconds for each press of a key or a pointer while `act` lasts; 0 for those of under a frame. */
export async function answerTimes(page: Page, act: () => Promise<void>): Promise<number[]> {
  await page.evaluate((durationThreshold) => {
    const times = new Map<number, number>();
    const pressed = () => (performance as Performance & { readonly interactionCount: number }).interactionCount;
    const first = pressed();
    const observer = new PerformanceObserver((list) => {
      for (const { interactionId, duration } of list.getEntries() as Timing[]) {
        if (interactionId > 0) times.set(interactionId, Math.max(duration, times.get(interactionId) ?? 0));
      }
    });
    observer.observe({ type: 'event', durationThreshold } as PerformanceObserverInit);
    Object.assign(window, {
      readAnswerTimes() {
        const short = pressed() - first - times.size;
        return [...times.values(), ...Array<number>(short).fill(0)];
      },
    });
  }, LEAST_MS);
  await act();
  await page.waitForTimeout(1000); // what is still to be painted and reported
  return page.evaluate(() => (window as unknown as { readAnswerTimes(): number[] }).readAnswerTimes());
}

/** The time within which `share` of the presses were answered, in ms. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}
