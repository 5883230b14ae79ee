// A run that is broken off again and again, in every way a browser knows. However it went: no more is lost than the steps
// since the last checkpoint, and in the end its losses and weights are those of a run that nothing happened to.
// FAULTS and SEED in the environment say how many on each backend, and which.
import { expect, type Locator, type Page, test } from '@playwright/test';
import { createRandom } from '../../src/engine/random.ts';
import { checkpointSteps, type KeptRun, newestRun } from '../support/kept.ts';
import { chooseBackend, prepareRun } from '../support/own-run.ts';
import { type Fault, faultsOf, type Scene } from './faults.ts';
import { KillableBrowser } from './killable-browser.ts';
import { catchSaving } from './saving.ts';
import { type Outcome, tableOf } from './table.ts';

const FAULTS = Number(process.env.FAULTS ?? 50);
const SEED = Number(process.env.SEED ?? 1);
const STEPS = 400;
const SAVE_EVERY = 10;
/** With a browser to start, and shaders to compile on a processor. */
const GOES_ON_WITHIN_MS = 120_000;

const runOf = (page: Page): Locator => page.getByRole('region', { name: 'Run: movement' });
const isDone = (page: Page) => runOf(page).getByText('done', { exact: true });

for (const backend of ['WebGPU', 'WebAssembly'] as const) {
  test(`${FAULTS} faults on ${backend}`, async ({ baseURL: base = '' }) => {
    const random = createRandom(SEED);
    const browser = new KillableBrowser();
    const outcomes: Outcome[] = [];
    try {
      const scene: Scene = { browser, page: await browser.open(), base, random: () => random.float() };
      const undisturbed = await prepare(scene.page, base, backend);
      let ended = 0;
      for (const fault of chosenFaults(
        faultsOf(backend).filter(({ name }) => name.startsWith(process.env.ONLY ?? '')),
        random,
      )) {
        for (let isInjected = false; !isInjected; ) {
          if ((await goOn(scene.page, 0)).status === 'done') {
            expectEqual(await newestRun(scene.page), undisturbed);
            ended++;
            await startAgain(scene.page);
          }
          const outcome = await suffer(scene, fault);
          if (outcome) outcomes.push(outcome);
          isInjected = outcome !== null;
        }
      }
      await expect(isDone(scene.page)).toBeVisible({ timeout: 120_000 });
      expectEqual(await newestRun(scene.page), undisturbed);
      expect(outcomes).toHaveLength(FAULTS);
      expect(browser.uncaught).toEqual([]);
      console.log(tableOf(outcomes));
      console.log(
        `${backend}: ${FAULTS} faults over ${ended + 1} runs, all equal to the one that nothing happened to.`,
      );
    } finally {
      await browser.close();
    }
  });
}

/** All once, in random order, then all again. */
function chosenFaults(faults: readonly Fault[], random: ReturnType<typeof createRandom>): readonly Fault[] {
  const chosen: Fault[] = [];
  while (chosen.length < FAULTS) {
    const rest = [...faults];
    while (rest.length > 0) chosen.push(...rest.splice(Math.floor(random.float() * rest.length), 1));
  }
  return chosen.slice(0, FAULTS);
}

/** The run that nothing happens to; another one is under way after it. */
async function prepare(page: Page, base: string, backend: 'WebGPU' | 'WebAssembly'): Promise<KeptRun> {
  const run = await prepareRun(page, { steps: STEPS, saveEvery: SAVE_EVERY, base });
  await chooseBackend(page, backend);
  await run.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(isDone(page)).toBeVisible({ timeout: 300_000 });
  const undisturbed = await newestRun(page);
  expect(undisturbed.losses).toHaveLength(STEPS);
  await startAgain(page);
  return undisturbed;
}

async function startAgain(page: Page): Promise<void> {
  const { id } = await newestRun(page);
  await runOf(page).getByRole('button', { name: 'Run again' }).click();
  await expect.poll(async () => (await newestRun(page)).id, { timeout: 60_000 }).not.toBe(id);
}

/** What a fault cost; null where the run ended before it could happen. */
async function suffer(scene: Scene, fault: Fault): Promise<Outcome | null> {
  const { page } = scene;
  const { id } = await newestRun(page);
  if (!(await hasCheckpoints(page, id, 1 + fault.spoils))) return null;
  const [newest = 0] = await checkpointSteps(page, id);
  // Past what was on show before the last fault.
  if (fault.phase === null) await trainUntil(page, newest + SAVE_EVERY * (1 + 2 * scene.random()));
  const saved = await checkpointSteps(page, id);
  if (fault.phase !== null && !(await catchSaving(page, fault.phase))) return null;
  const step = await stepOnShow(page);
  if (step === null) return null; // it ended
  console.log(`${fault.name}: at step ${step}, saved at ${saved}`);
  const since = Date.now();
  await fault.inject(scene);
  if (!fault.breaksOff) return { fault: fault.name, lost: null };
  const expected = saved[fault.spoils] ?? 0;
  const run = await goOn(scene.page, since);
  if (run.startedAt < since) return null; // it had ended
  expect(run.resumedAt % SAVE_EVERY, fault.name).toBe(0);
  expect(run.resumedAt, `${fault.name}: at step ${step}, saved at ${saved}`).toBeGreaterThanOrEqual(expected);
  console.log(`  went on from step ${run.resumedAt}`);
  return { fault: fault.name, lost: Math.max(0, step - run.resumedAt) };
}

/** Waits for so many; false where the run ended before. */
async function hasCheckpoints(page: Page, runId: string, count: number): Promise<boolean> {
  for (;;) {
    const { status } = await newestRun(page);
    const steps = await checkpointSteps(page, runId);
    if (steps.length >= count) return true;
    if (status === 'done') return false;
    await page.waitForTimeout(100);
  }
}

/** Or until the run has ended. */
async function trainUntil(page: Page, target: number): Promise<void> {
  for (let step: number | null = 0; step !== null && step < target; ) {
    await page.waitForTimeout(20);
    step = await stepOnShow(page);
  }
}

async function stepOnShow(page: Page): Promise<number | null> {
  const bar = runOf(page).getByRole('progressbar', { name: 'Progress of movement' });
  return (await bar.isVisible()) ? Number(await bar.getAttribute('aria-valuenow')) : null;
}

/** Waits until it is under way or done since then, by itself or by the one press it waits for. Never anything else for long. */
async function goOn(page: Page, since: number): Promise<KeptRun> {
  const resume = runOf(page).getByRole('button', { name: /^Resume from step/ });
  await expect(runOf(page)).toBeVisible({ timeout: 60_000 });
  const until = Date.now() + GOES_ON_WITHIN_MS;
  for (;;) {
    const run = await newestRun(page);
    const isUnderWay = run.status === 'running' && run.startedAt >= since;
    if (run.status === 'done' || (isUnderWay && !(await resume.isVisible()))) return run;
    if (await resume.isVisible()) await resume.click();
    if (Date.now() > until) {
      const shown = ((await runOf(page).textContent()) ?? '').replace(/\s+/g, ' ').slice(0, 500);
      throw new Error(
        `run: expected it to go on within two minutes, got one that is ${run.status} and shows: ${shown}`,
      );
    }
    await page.waitForTimeout(50);
  }
}

function expectEqual(run: KeptRun, undisturbed: KeptRun): void {
  expect(run.losses).toEqual(undisturbed.losses);
  expect(run.weights).toMatch(/^[0-9a-f]{64}$/);
  expect(run.weights).toBe(undisturbed.weights);
}
