// Which tier is fastest on a GPU: every candidate does the same short trial, and one whose results are wrong is out.
import { candidates, nameOf, type Rows, SOFTWARE_TIER, type Tier, type Tiles } from './tier.ts';
import { createTrials, PRODUCT_FLOPS, type Trial } from './trial.ts';

export interface Calibration {
  readonly tier: Tier;
  /** What was tried, in order; null where results were wrong. */
  readonly milliseconds: readonly { readonly name: string; readonly value: number | null }[];
  /** Of the chosen tiles, in the trial. */
  readonly teraflops: number;
}

/** Raise it whenever kernels change so much that an adapter may choose otherwise. */
export const KERNELS_VERSION = 1;

/** After so long, what has been tried has to do; a trial under way is waited for. */
const BUDGET_MS = 300;
/** A trial is repeated until it takes so long that the wait for its end does not count. */
const ENOUGH_MS = 6;
const MOST_REPEATS = 64;

/** Takes well under a second on a GPU; not for software adapters, which have nothing to choose. */
export async function calibrate(device: GPUDevice, fewestLanes: number | null): Promise<Calibration> {
  const clock = () => performance.now();
  const deadline = clock() + BUDGET_MS;
  const isLate = () => clock() > deadline;
  const trials = createTrials(device);
  const options = candidates(fewestLanes);
  // All are compiled at once, before the first is timed. A driver may not compile what others do.
  const ofRows = new Map(options.rows.map((rows) => [rows, trials.rows(rows).catch(() => null)]));
  const ofTiles = new Map(options.tiles.map((tiles) => [tiles, trials.tiles(tiles).catch(() => null)]));
  try {
    await Promise.all([...ofRows.values(), ...ofTiles.values()]);
    const rows = await tryAll(options.rows, async (option) => timeOf(await ofRows.get(option), clock), isLate);
    const tiles = await tryAll(options.tiles, async (option) => timeOf(await ofTiles.get(option), clock), isLate);
    return concluded(rows, tiles);
  } finally {
    trials.dispose();
  }
}

export interface Tried<O> {
  readonly option: O;
  /** null where its results were wrong. */
  readonly milliseconds: number | null;
}

/** Options are tried until one was right; when it is late, no more are. */
export async function tryAll<O>(
  options: readonly O[],
  measure: (option: O) => Promise<number | null>,
  isLate: () => boolean,
): Promise<Tried<O>[]> {
  const tried: Tried<O>[] = [];
  for (const option of options) {
    if (tried.some(({ milliseconds }) => milliseconds !== null) && isLate()) break;
    tried.push({ option, milliseconds: await measure(option) });
  }
  return tried;
}

/** Milliseconds of one repetition. */
async function timeOf(trial: Trial | null | undefined, clock: () => number): Promise<number | null> {
  if (!trial) return null;
  const { run, isRight } = trial;
  await run(1);
  if (!(await isRight())) return null;
  for (let repeats = 1; ; repeats *= 4) {
    const start = clock();
    await run(repeats);
    const elapsed = clock() - start;
    if (elapsed >= ENOUGH_MS || repeats >= MOST_REPEATS) return elapsed / repeats;
  }
}

export function concluded(rows: readonly Tried<Rows>[], tiles: readonly Tried<Tiles>[]): Calibration {
  const [bestRows, bestTiles] = [fastest(rows), fastest(tiles)];
  return {
    tier: { tiles: bestTiles?.option ?? SOFTWARE_TIER.tiles, rows: bestRows?.option ?? SOFTWARE_TIER.rows },
    milliseconds: [
      ...rows.map(({ option, milliseconds }) => ({ name: `a ${option.kind} per row`, value: milliseconds })),
      ...tiles.map(({ option, milliseconds }) => ({ name: nameOf(option), value: milliseconds })),
    ],
    teraflops: bestTiles?.milliseconds ? PRODUCT_FLOPS / bestTiles.milliseconds / 1e9 : 0,
  };
}

function fastest<O>(tried: readonly Tried<O>[]): Tried<O> | null {
  const right = tried.filter(({ milliseconds }) => milliseconds !== null);
  return right.reduce<Tried<O> | null>(
    (best, one) => (best === null || Number(one.milliseconds) < Number(best.milliseconds) ? one : best),
    null,
  );
}

/** "shared tiles 64×64 of 8×8, 1.9 TFLOP/s"; the speed is that of the trial. */
export function describeTier({ tiles }: Tier, calibration: Calibration | null): string {
  const name = nameOf(tiles);
  if (!calibration || calibration.teraflops === 0) return name;
  const { teraflops } = calibration;
  const speed = teraflops < 1 ? `${Math.round(teraflops * 1000)} GFLOP/s` : `${teraflops.toFixed(1)} TFLOP/s`;
  return `${name}, ${speed}`;
}
