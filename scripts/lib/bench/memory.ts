// Suite `memory`: BERT-base at 384 tokens, what estimates say that a run of it holds, and what one step then holds.

import type { MemoryScenario } from '../../../tools/bench/memory-page.ts';
import type { BenchPage } from '../../../tools/bench.ts';
import { callPage, withPage } from '../browser.ts';
import { browserOf, machine } from './machine.ts';
import { type MemoryRun, memoryFailures, memoryTable } from './memory-figures.ts';
import type { Suite } from './suite.ts';

const BATCHES = [1, 2, 4, 8] as const;

/** One step of each is run: a software adapter takes minutes for it. */
const MEASURED: readonly MemoryScenario[] = [
  { freezeWeights: true, recomputesLayers: true, batch: 1 },
  { freezeWeights: false, recomputesLayers: true, batch: 1 },
];

const scenarios: readonly MemoryScenario[] = [true, false].flatMap((freezeWeights) =>
  BATCHES.flatMap((batch) => [true, false].map((recomputesLayers) => ({ freezeWeights, recomputesLayers, batch }))),
);

export const memorySuite: Suite = ({ progress }) =>
  withPage({ name: 'bench' }, async ({ page, openAnother }) => {
    const call = callPage<BenchPage>(page);
    const runs: MemoryRun[] = [];
    let adapter = '';
    for (const scenario of scenarios) {
      const estimate = await call('estimateScenario', scenario);
      runs.push({ scenario, estimate, step: null });
    }
    for (const scenario of MEASURED) {
      const own = await openAnother(); // so that its memory is given back before the next
      const step = await callPage<BenchPage>(own)('stepScenario', scenario);
      await own.close();
      adapter = step.adapter;
      progress(
        `${JSON.stringify(scenario)}: ${(step.bytes / 1e9).toFixed(3)} GB after ${(step.ms / 1000).toFixed(0)} s`,
      );
      const run = runs.find((each) => JSON.stringify(each.scenario) === JSON.stringify(scenario));
      if (run) run.step = step;
    }
    const figures = { machine: machine(), adapter, versions: { browser: await browserOf(page) }, runs };
    return { figures, table: memoryTable(figures), failures: memoryFailures(runs) };
  });
