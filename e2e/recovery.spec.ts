// What a browser does to a night's training, and what is left of it: all but the steps since the last checkpoint.
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './support/accessibility.ts';
import { type KeptRun, newestRun } from './support/kept.ts';
import { chooseBackend, prepareRun } from './support/own-run.ts';
import { expect, test } from './support/test.ts';

const STEPS = 200;
const SAVE_EVERY = 20;

const savedAt = (run: Locator) => run.getByText(/^saved at step [1-9]/);

/** To its end without a fault, from the beginning. */
async function runAgain(page: Page, run: Locator): Promise<KeptRun> {
  const before = await newestRun(page);
  await run.getByRole('button', { name: 'Run again' }).click();
  await expect.poll(async () => (await newestRun(page)).id, { timeout: 60_000 }).not.toBe(before.id);
  await expect(run.getByText('done', { exact: true })).toBeVisible({ timeout: 120_000 });
  return newestRun(page);
}

function expectEqual(resumed: KeptRun, whole: KeptRun): void {
  expect(resumed.resumedAt).toBeGreaterThanOrEqual(SAVE_EVERY);
  expect(whole.resumedAt).toBe(0);
  expect(resumed.losses).toHaveLength(STEPS);
  expect(resumed.losses).toEqual(whole.losses);
  expect(resumed.weights).toMatch(/^[0-9a-f]{64}$/);
  expect(resumed.weights).toBe(whole.weights);
}

test('a run goes on after a reload, to the very weights of one that was never interrupted', async ({ page }) => {
  const run = await prepareRun(page, { steps: STEPS, saveEvery: SAVE_EVERY });
  await run.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(savedAt(run)).toBeVisible({ timeout: 60_000 });
  await page.reload();
  await expect(run.getByText('The page was closed while this run was under way')).toBeVisible({ timeout: 60_000 });
  const resume = run.getByRole('button', { name: /^Resume from step \d+/ });
  await expect(resume).toBeVisible();
  await expectAccessible(page);
  const { savedStep } = await newestRun(page);
  expect(savedStep % SAVE_EVERY).toBe(0);
  await resume.click();
  await expect(run.getByText('done', { exact: true })).toBeVisible({ timeout: 120_000 });
  expectEqual(await newestRun(page), await runAgain(page, run));
});

/** What is left of a run that nothing else is known of. */
const addOrphan = (page: Page) =>
  page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('checkpoints');
    await folder.getDirectoryHandle('orphan', { create: true });
  });

const foldersOfCheckpoints = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('checkpoints');
    const names: string[] = [];
    for await (const name of folder.keys()) names.push(name);
    return names;
  });

/** An older run that was cut off, whose checkpoint is said to have so many bytes. */
const addOlderRun = (page: Page, bytes: number) =>
  page.evaluate(async (bytes) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const recordsOf = async (name: string) => {
      const database = await done(indexedDB.open(name));
      return database.transaction('records', 'readwrite').objectStore('records');
    };
    const runs = await recordsOf('winnow-runs');
    const [record] = await done(runs.getAll());
    await done(runs.put({ ...record, run: { ...record.run, id: 'older', cellId: 'gone' } }, 'older'));
    const checkpoints = await recordsOf('winnow-checkpoints');
    const { generations, ...rest } = await done(checkpoints.get(record.run.id));
    const [newest] = generations;
    await done(checkpoints.put({ ...rest, generations: [{ ...newest, bytes, savedAt: 1 }] }, 'older'));
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('checkpoints');
    await (await folder.getDirectoryHandle('older', { create: true })).getFileHandle(newest.file, { create: true });
  }, bytes);

test('what was cut off takes room until it is deleted, and a loss that runs away is explained', async ({ page }) => {
  const run = await prepareRun(page, { steps: STEPS, saveEvery: SAVE_EVERY });
  await run.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(savedAt(run)).toBeVisible({ timeout: 60_000 });
  await addOrphan(page);
  await page.reload();
  const resume = run.getByRole('button', { name: /^Resume from step \d+/ });
  await expect(resume).toBeVisible({ timeout: 60_000 });
  // Once it is gone, nothing else is cleared away.
  await expect.poll(() => foldersOfCheckpoints(page), { timeout: 60_000 }).not.toContain('orphan');
  await addOlderRun(page, 9 * 2 ** 30);
  await page.reload();
  const pruned = page
    .getByRole('main')
    .getByText(/^The checkpoint of “movement” at step \d+ \(9 GiB\) was deleted: it was the oldest/);
  await expect(pruned).toBeVisible({ timeout: 60_000 });
  await expect(resume).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('dialog', { name: 'Commands' }).getByRole('combobox').fill('checkpoints');
  await page.keyboard.press('Enter');
  const checkpoints = page.getByRole('region', { name: 'Checkpoints' });
  await expect(checkpoints).toContainText(/^Checkpoints\d.* KiB of 8 GiB/);
  await expect(checkpoints.getByRole('listitem')).toHaveCount(1);
  await expectAccessible(page);
  await checkpoints.getByRole('button', { name: /^Delete movement, step \d+ of 200/ }).click();
  await checkpoints.getByRole('button', { name: /^Yes, delete movement/ }).click();
  await expect(checkpoints.getByRole('listitem')).toHaveCount(0);
  await expect(checkpoints).toContainText('0 KiB of 8 GiB');
  await page.keyboard.press('Escape');
  await expect(resume).toHaveCount(0);
  await page.reload();
  await expect(run.getByText('It has no checkpoint')).toBeVisible({ timeout: 60_000 });

  // Settings that make the loss run away are named before the run, and after it with what they did.
  await run.getByRole('button', { name: 'Settings', exact: true }).click();
  await run.getByText('More settings').click();
  await run.getByLabel(/^Learning rate/).fill('10000');
  await run.getByLabel(/^Weight decay/).fill('0.01');
  await expect(run.getByText(/^The loss may run away: learning rate × weight decay is 100/)).toBeVisible();
  await run.getByRole('button', { name: 'Run again' }).click();
  const problem = run.getByText(/expected a finite loss.*Most likely: learning rate × weight decay is 100/);
  await expect(problem).toBeVisible({ timeout: 60_000 });
  await expect(problem).toContainText('What is kept are the weights that it began with.'); // step 20 was not reached
  await expectAccessible(page);
});

test.describe('on a GPU whose process dies', () => {
  test.use({ provoked: /WebGPU|GPU|device|context/i });

  test('a run goes on by itself, to the very weights', async ({ browser, page }) => {
    const run = await prepareRun(page, { steps: STEPS, saveEvery: SAVE_EVERY });
    await chooseBackend(page, 'WebGPU');
    await run.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(savedAt(run)).toBeVisible({ timeout: 120_000 });
    const devTools = await browser.newBrowserCDPSession();
    await devTools.send('Browser.crashGpuProcess' as never);
    await expect.poll(async () => (await newestRun(page)).status).not.toBe('running');
    await expect(run.getByText('done', { exact: true })).toBeVisible({ timeout: 120_000 });
    await expect(page.getByRole('button', { name: /^Backend: WebGPU/ })).toBeVisible();
    expectEqual(await newestRun(page), await runAgain(page, run));
  });
});
