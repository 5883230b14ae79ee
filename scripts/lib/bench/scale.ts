// Suite `scale`: time and bytes of a training step of ours against each size of the model, on both backends.

import type { Sizes } from '../../../tools/bench/workload.ts';
import type { BenchPage } from '../../../tools/bench.ts';
import { callPage, type OpenPage, withPage } from '../browser.ts';
import { browserOf, machine } from './machine.ts';
import { enterPage } from './page-racer.ts';
import { race } from './race.ts';
import {
  AXES,
  type Axis,
  BACKENDS,
  type Backend,
  type Measured,
  scaleFailures,
  scaleFits,
  scaleTable,
} from './scale-figures.ts';
import type { Suite, SuiteOptions } from './suite.ts';

const BASE: Sizes = { layers: 2, hidden: 128, heads: 2, feedForward: 512, vocabulary: 2048, tokens: 64, batch: 4 };
const HEAD_SIZE = 64;

const VALUES: Readonly<Record<Axis, readonly number[]>> = {
  layers: [1, 2, 4, 6],
  tokens: [32, 64, 128, 256],
  batch: [2, 4, 8, 16],
  hidden: [64, 128, 192, 256],
};

/** Small steps on the processor: alone, the largest of them would find it warmer than the smallest does. */
const STEPS_PER_TURN: Readonly<Record<Backend, number>> = { webgpu: 1, wasm: 10 };

export const scaleSuite: Suite = (options) =>
  withPage({ name: 'bench' }, async (open) => {
    const points: Measured[] = [];
    const adapters = new Map<Backend, string | null>();
    for (const axis of AXES) points.push(...(await measureAxis(open, { axis, adapters, ...options })));
    const figures = {
      machine: machine(),
      adapters: Object.fromEntries(adapters),
      versions: { browser: await browserOf(open.page) },
      base: BASE,
      points,
      fits: scaleFits(points),
    };
    return { figures, table: scaleTable(figures), failures: scaleFailures(figures.fits) };
  });

interface AxisOptions extends SuiteOptions {
  readonly axis: Axis;
  /** Learns the names on the way. */
  readonly adapters: Map<Backend, string | null>;
}

/** A page for each point, so that none counts what another holds; their steps take turns. */
async function measureAxis(open: OpenPage, { axis, adapters, steps, progress }: AxisOptions): Promise<Measured[]> {
  const entries = [];
  for (const backend of BACKENDS) {
    for (const value of VALUES[axis]) {
      const page = await open.openAnother();
      const { racer, adapter } = await enterPage(page, `winnow_${backend}`, sizesAt(axis, value));
      adapters.set(backend, adapter);
      const name = `${backend} ${value}`;
      const turn = () => racer.turn(STEPS_PER_TURN[backend]);
      entries.push({ backend, value, page, racer: { ...racer, name, turn, emptySteps: async () => [] } });
    }
  }
  const racers = entries.map(({ racer }) => racer);
  const times = await race({ racers, rounds: steps, progress: (message) => progress(`${axis}: ${message}`) });
  const measured: Measured[] = [];
  for (const { backend, value, page, racer } of entries) {
    const { bytes, peakBytes } = await callPage<BenchPage>(page)('memory');
    const { median, min, n } = times[racer.name]!;
    measured.push({ axis, backend, value, ms: median, min_ms: min, n, bytes, peak_bytes: peakBytes });
    await racer.close();
  }
  return measured;
}

function sizesAt(axis: Axis, value: number): Sizes {
  const width = axis === 'hidden' ? { heads: value / HEAD_SIZE, feedForward: 4 * value } : {};
  return { ...BASE, ...width, [axis]: value };
}
