import type { Page } from 'playwright';
import type { ModelName } from '../../../tools/bench/models.ts';
import type { ContestantName, EntryFigures } from '../../../tools/bench/race-page.ts';
import type { Sizes } from '../../../tools/bench/workload.ts';
import type { BenchPage } from '../../../tools/bench.ts';
import { callPage } from '../browser.ts';
import type { Racer } from './race.ts';

/** A contestant in a page of its own. */
export async function enterPage(
  page: Page,
  name: ContestantName,
  model: ModelName | Sizes,
): Promise<EntryFigures & { readonly racer: Racer }> {
  const call = callPage<BenchPage>(page);
  const entry = await call('enter', name, model);
  return {
    ...entry,
    racer: {
      name,
      async turn(steps) {
        await page.bringToFront(); // Chromium lets hidden pages wait
        return call('turn', steps);
      },
      async emptySteps(count) {
        if (name.endsWith('_wasm')) return [];
        await page.bringToFront();
        return call('emptySteps', count);
      },
      close: () => page.close(),
    },
  };
}
