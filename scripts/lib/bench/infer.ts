// Suite `infer`: inference of a batch by our engine and by ONNX Runtime Web, from the same weights on the same device,
// in turns. Each engine has a page of its own.
import { join } from 'node:path';
import { DIALECTS } from '../../../tools/bench/infer/bert-onnx.ts';
import type { InferBackend } from '../../../tools/bench/infer/inference.ts';
import type { InferModelName } from '../../../tools/bench/infer/models.ts';
import type { InferContestant, InferEntry, InferPage, InferTiming } from '../../../tools/bench-infer.ts';
import { callPage, type OpenPage, withPage } from '../browser.ts';
import { repositoryRoot } from '../paths.ts';
import { differenceOf, type InferRace, type InferTimes, inferFailures, inferFigures } from './infer-figures.ts';
import { inferTable } from './infer-table.ts';
import { browserOf, machine, versionOf } from './machine.ts';
import type { Suite, SuiteOptions } from './suite.ts';

const MODELS: readonly InferModelName[] = ['S', 'M_B8', 'M_B32'];
const BACKENDS: readonly InferBackend[] = ['webgpu', 'wasm'];

/** On the processor, where our kernels skip pruned weights. */
const KEEP_FRACTION = 0.1;

/** A race ends after this, though not before three rounds: a software adapter takes minutes for a round of M. */
const LONGEST_RACE_MS = 300_000;
const LEAST_ROUNDS = 3;

const runtime = join(repositoryRoot, 'node_modules/onnxruntime-web/dist');
const folder = '/files/0/';

export const inferSuite: Suite = (options) =>
  withPage({ name: 'bench-infer', folders: [runtime] }, async (open) => {
    const races: InferRace[] = [];
    for (const model of MODELS) {
      for (const backend of BACKENDS) races.push(await runRace(open, { model, backend }, options));
    }
    const figures = {
      machine: machine(),
      versions: { browser: await browserOf(open.page), onnxruntime: versionOf('onnxruntime-web') },
      ...inferFigures(races),
    };
    return { figures, table: inferTable(figures), failures: inferFailures(figures) };
  });

function contestantsOn(backend: InferBackend): Readonly<Record<string, InferContestant>> {
  const rivals = DIALECTS.map((dialect) => [dialect, { engine: 'onnxruntime', dialect, folder }] as const);
  return {
    ours: { engine: 'winnow', keepFraction: null },
    ...Object.fromEntries(rivals),
    ...(backend === 'wasm' ? { pruned: { engine: 'winnow', keepFraction: KEEP_FRACTION } } : {}),
  };
}

interface Racer extends InferEntry {
  readonly name: string;
  readonly logits: readonly number[];
  time(): Promise<InferTiming>;
  emptyTimes(count: number): Promise<readonly number[]>;
  close(): Promise<void>;
}

type Course = Pick<InferRace, 'model' | 'backend'>;

async function runRace(open: OpenPage, course: Course, { steps, progress }: SuiteOptions): Promise<InferRace> {
  const say = (message: string) => progress(`${course.model} on ${course.backend}: ${message}`);
  const racers: Racer[] = [];
  for (const [name, contestant] of Object.entries(contestantsOn(course.backend))) {
    racers.push(await enter(open, name, contestant, course));
    say(`${name} on ${racers.at(-1)!.device}`);
  }
  try {
    const ours = racers[0]!;
    const isComparable = ({ name, logits }: Racer) => name === 'pruned' || differenceOf(logits, ours.logits).agrees;
    const timings = await takeTurns(racers.filter(isComparable), steps, say);
    const contestants: Record<string, InferTimes> = {};
    for (const { name, device, logits, emptyTimes } of racers) {
      const taken = timings.get(name) ?? [];
      const isCounted = course.backend === 'webgpu' && taken.length > 0;
      contestants[name] = { device, logits, timings: taken, emptyMs: isCounted ? await emptyTimes(steps) : [] };
    }
    return { ...course, batch: ours.batch, threads: course.backend === 'wasm' ? ours.threads : null, contestants };
  } finally {
    await Promise.all(racers.map(({ close }) => close()));
  }
}

/** The first run, which compiles and makes buffers, gives the logits. */
async function enter(
  open: OpenPage,
  name: string,
  contestant: InferContestant,
  { model, backend }: Course,
): Promise<Racer> {
  const page = await open.openAnother();
  const call = callPage<InferPage>(page);
  const entry = await call('enter', contestant, backend, model);
  const logits = await call('logits');
  // Chromium freezes pages that have been hidden for long.
  const inFront = async <T>(measure: () => Promise<T>) => {
    await page.bringToFront();
    return measure();
  };
  return {
    ...entry,
    name,
    logits,
    time: () => inFront(() => call('time')),
    emptyTimes: (count) => inFront(() => call('emptyTimes', count)),
    close: () => page.close(),
  };
}

/** Timings by contestant. */
async function takeTurns(
  racers: readonly Racer[],
  steps: number,
  say: (message: string) => void,
): Promise<ReadonlyMap<string, readonly InferTiming[]>> {
  const timings = new Map<string, InferTiming[]>(racers.map(({ name }) => [name, []]));
  const startedAt = performance.now();
  for (let round = 1; round <= steps; round++) {
    if (round > LEAST_ROUNDS && performance.now() - startedAt > LONGEST_RACE_MS) break;
    for (const { name, time } of racers) timings.get(name)!.push(await time());
    const last = [...timings].map(([name, taken]) => `${name} ${taken.at(-1)!.ms.toFixed(1)}`);
    say(`round ${round}/${steps}, ms: ${last.join(', ')}`);
  }
  return timings;
}
