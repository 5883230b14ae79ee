// A long run with many checkpoints: what the engine and the page hold stays what it was at the beginning.
import type { Page } from '@playwright/test';
import { requireChromium, softwareFlags } from '../../scripts/lib/chromium.ts';
import { chooseBackend, prepareRun } from '../support/own-run.ts';
import { expect, test } from '../support/test.ts';

const STEPS = 2000;
const SAVE_EVERY = 20;
const SAMPLE_EVERY = 100;
/** Curves grow: five numbers a step, and their objects. The rest must not. */
const CURVE_BYTES_A_STEP = 1000;

interface Sample {
  readonly step: number;
  /** Of the engine, as the page shows them. */
  readonly engine: string;
  /** JavaScript's heaps after a collection, bytes: the page's and its workers' together. */
  readonly heap: number;
  /** Checkpoints, bytes. */
  readonly disk: number;
}

test.use({
  launchOptions: {
    executablePath: requireChromium(),
    // Memory is measured at once, after a collection, and not when the browser sees fit.
    args: [...softwareFlags, '--enable-blink-features=ForceEagerMeasureMemory'],
  },
});

for (const backend of ['WebGPU', 'WebAssembly'] as const) {
  test(`${STEPS} steps on ${backend}`, async ({ page }) => {
    const run = await prepareRun(page, { steps: STEPS, saveEvery: SAVE_EVERY });
    await chooseBackend(page, backend);
    await run.getByRole('button', { name: 'Run', exact: true }).click();
    const bar = run.getByRole('progressbar', { name: 'Progress of movement' });
    const samples: Sample[] = [];
    for (let due = SAMPLE_EVERY; due < STEPS; due += SAMPLE_EVERY) {
      await expect
        .poll(async () => Number(await bar.getAttribute('aria-valuenow')), { timeout: 120_000, intervals: [50] })
        .toBeGreaterThanOrEqual(due);
      const step = Number(await bar.getAttribute('aria-valuenow'));
      const engine = (await run.getByText(/^[\d,]+ tensors?, /).textContent()) ?? '';
      const sample = { step, engine, ...(await held(page)) };
      samples.push(sample);
      const megabytes = (sample.heap / 1e6).toFixed(1);
      console.log(`step ${step}: engine ${engine}; heaps ${megabytes} MB; checkpoints ${sample.disk} bytes`);
      due = Math.max(due, step);
    }
    await expect(run.getByText('done', { exact: true })).toBeVisible({ timeout: 120_000 });
    expect(samples.length).toBeGreaterThan(5);
    const [first, ...later] = samples as [Sample, ...Sample[]];
    for (const { step, engine, heap, disk } of later) {
      expect(engine, `of step ${step}`).toBe(first.engine);
      expect(heap - first.heap, `heaps at step ${step}`).toBeLessThan(
        CURVE_BYTES_A_STEP * (step - first.step) + 2 ** 20,
      );
      expect(disk, `checkpoints at step ${step}`).toBeLessThan(3 * first.disk);
    }
  });
}

const held = (page: Page): Promise<Pick<Sample, 'heap' | 'disk'>> =>
  page.evaluate(async () => {
    const { bytes } = await (
      performance as unknown as { measureUserAgentSpecificMemory(): Promise<{ readonly bytes: number }> }
    ).measureUserAgentSpecificMemory();
    let disk = 0;
    const root = await navigator.storage.getDirectory();
    for await (const folder of (await root.getDirectoryHandle('checkpoints')).values()) {
      for await (const file of (folder as FileSystemDirectoryHandle).values()) {
        disk += (await (file as FileSystemFileHandle).getFile()).size;
      }
    }
    return { heap: bytes, disk };
  });
