// Suite `select`: the exact top-v cut-off of many scores against tf.topk, in one browser.

import type { GpuTraffic } from '../../../tools/bench/gpu-traffic.ts';
import type { BenchPage } from '../../../tools/bench.ts';
import { callPage, withPage } from '../browser.ts';
import { browserOf, machine, versionOf } from './machine.ts';
import { type SelectTimes, selectFailures, selectSummary, selectTable } from './select-figures.ts';
import type { Suite, SuiteOptions } from './suite.ts';

/** Each a multiple of 64, the columns of the matrix. */
const SIZES = [65_536, 262_144, 600_000, 1_500_032, 3_000_000] as const;

/** How often tf.topk is timed: it takes over a minute on the largest with a software adapter. */
const TOP_K_RUNS: Readonly<Partial<Record<(typeof SIZES)[number], number>>> = { 65536: 3, 600000: 1, 3000000: 1 };

type Call = ReturnType<typeof callPage<BenchPage>>;

export const selectSuite: Suite = (options) =>
  withPage({ name: 'bench' }, async ({ page, openAnother }) => {
    const ours = callPage<BenchPage>(page);
    const theirs = callPage<BenchPage>(await openAnother());
    let adapter = '';
    for (const n of SIZES) adapter = await ours('prepareSelection', n);
    for (const n of rivalSizes) await theirs('prepareTopK', n);
    const times = await takeTurns(ours, theirs, options);
    const exact: Record<string, boolean> = {};
    for (const n of SIZES) {
      exact[n] = (await ours('isExact', n, 'fine')) && (await ours('isExact', n, 'coarse'));
      options.progress(`${n}: ${exact[n] ? 'as a sort has it' : 'not what a sort gives'}`);
    }
    const figures = {
      machine: machine(),
      adapter,
      versions: { browser: await browserOf(page), tfjs: versionOf('@tensorflow/tfjs') },
      ...selectSummary(times, exact),
    };
    return { figures, table: selectTable(figures), failures: selectFailures(figures) };
  });

const rivalSizes = SIZES.filter((n) => TOP_K_RUNS[n] !== undefined);

async function takeTurns(ours: Call, theirs: Call, { steps, progress }: SuiteOptions): Promise<SelectTimes[]> {
  const taken = SIZES.map((n) => ({
    n,
    ours: [] as number[],
    topK: [] as number[],
    traffic: null as GpuTraffic | null,
  }));
  await warmUp(ours, theirs);
  for (let round = 1; round <= steps; round++) {
    for (const entry of taken) {
      const { ms, traffic } = await ours('select', entry.n);
      entry.ours.push(ms);
      entry.traffic = traffic;
      if (round <= (TOP_K_RUNS[entry.n] ?? 0)) entry.topK.push((await theirs('select', entry.n)).ms);
    }
    progress(
      `round ${round}/${steps}, ms: ${taken.map(({ n, ours }) => `${n} ${ours.at(-1)!.toFixed(1)}`).join(', ')}`,
    );
  }
  return taken.map(({ traffic, ...times }) => ({ ...times, traffic: traffic! }));
}

/** Compiles: tf.topk's shaders serve every size. */
async function warmUp(ours: Call, theirs: Call): Promise<void> {
  for (const n of SIZES) await ours('select', n);
  await theirs('select', SIZES[0]);
}
