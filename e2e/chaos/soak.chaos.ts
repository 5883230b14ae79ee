// A long run with many checkpoints: what the engine and the page hold stays what it was at the beginning.
import type { Locator, Page } from '@playwright/test';
import { chooseBackend, prepareRun } from '../support/own-run.ts';
import { expect, test } from '../support/test.ts';
import { type Heaps, openHeaps } from './heaps.ts';

const STEPS = 2000;
const SAVE_EVERY = 20;
const SAMPLE_EVERY = 100;
/** Curves grow: five numbers a step, and their objects. The rest must not. */
const CURVE_BYTES_A_STEP = 1000;

interface Sample {
  readonly step: number;
  /** Of the engine, as the page shows them. */
  readonly engine: string;
  readonly heaps: Heaps;
  /** On the disk, bytes each: they hold the curves, too. */
  readonly checkpoints: readonly number[];
}

for (const backend of ['WebGPU', 'WebAssembly'] as const) {
  test(`${STEPS} steps on ${backend}`, async ({ page }) => {
    const run = await prepareRun(page, { steps: STEPS, saveEvery: SAVE_EVERY });
    await chooseBackend(page, backend);
    const measureHeaps = await openHeaps(page);
    await run.getByRole('button', { name: 'Run', exact: true }).click();
    const samples: Sample[] = [];
    for (let due = SAMPLE_EVERY; due <= STEPS - SAMPLE_EVERY; due += SAMPLE_EVERY) {
      if (!(await trainTo(run, due))) break;
      const sample = { ...(await engineOf(run)), heaps: await measureHeaps(), checkpoints: await onDisk(page) };
      samples.push(sample);
      console.log(lineOf(sample));
      await run.getByRole('button', { name: 'Resume' }).click();
      due = Math.max(due, sample.step);
    }
    await expect(run.getByText('done', { exact: true })).toBeVisible({ timeout: 120_000 });
    expect(samples.length).toBeGreaterThan(5);
    for (const { step, engine, checkpoints } of samples) {
      expect(engine, `of step ${step}`).toBe(samples[0]?.engine);
      expect(checkpoints, `at step ${step}`).toHaveLength(2);
    }
    // A third each, for at any one time some more may wait to be let go.
    const third = Math.floor(samples.length / 3);
    const [early, late] = [samples.slice(0, third), samples.slice(-third)];
    const grown = (of: (sample: Sample) => number) => median(late.map(of)) - median(early.map(of));
    const room = 2 ** 20 + CURVE_BYTES_A_STEP * grown(({ step }) => step);
    expect(grown(({ heaps }) => heaps.page)).toBeLessThan(room);
    expect(grown(({ heaps }) => heaps.engine)).toBeLessThan(room);
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

function lineOf({ step, engine, heaps, checkpoints }: Sample): string {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const heldByHeaps = `heaps of the page ${megabytes(heaps.page)}, of the worker ${megabytes(heaps.engine)}`;
  return `step ${step}: engine ${engine}; ${heldByHeaps}; checkpoints of ${checkpoints.join(' and ')} bytes`;
}

/** Pauses there, so that what is measured stands still; false where the run ended before. */
async function trainTo(run: Locator, step: number): Promise<boolean> {
  const bar = run.getByRole('progressbar', { name: 'Progress of movement' });
  const end = run.getByText('done', { exact: true });
  const isThere = async () =>
    (await end.isVisible()) || Number(await bar.getAttribute('aria-valuenow', { timeout: 1000 })) >= step;
  while (!(await isThere())) await run.page().waitForTimeout(20);
  await run.getByRole('button', { name: 'Pause' }).or(end).first().click();
  await expect(run.getByText('Paused at this step').or(end).first()).toBeVisible();
  return !(await end.isVisible());
}

async function engineOf(run: Locator): Promise<Pick<Sample, 'step' | 'engine'>> {
  const bar = run.getByRole('progressbar', { name: 'Progress of movement' });
  return {
    step: Number(await bar.getAttribute('aria-valuenow')),
    engine: (await run.getByText(/^[\d,]+ tensors?, /).textContent()) ?? '',
  };
}

const onDisk = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    const sizes: number[] = [];
    const root = await navigator.storage.getDirectory();
    for await (const folder of (await root.getDirectoryHandle('checkpoints')).values()) {
      for await (const file of (folder as FileSystemDirectoryHandle).values()) {
        sizes.push((await (file as FileSystemFileHandle).getFile()).size);
      }
    }
    return sizes;
  });
