// A hand on the run: pause, single steps, resume, stop; and what a stopped run leaves.
import { expect, test } from './support/test.ts';

test('a run pauses, steps, resumes and stops between updates, and its weights stay usable', async ({ page }) => {
  await page.goto('/?preset=quick');
  const run = page.getByRole('region', { name: 'Run: movement' });
  const step = async () => Number((await run.getByText(/^Step \d+ of \d+$/).textContent())?.match(/\d+/)?.[0]);
  await run.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(run.getByText(/^Step [1-9]\d* of/)).toBeVisible({ timeout: 120_000 });

  await run.getByRole('button', { name: 'Pause' }).click();
  await expect(run.getByText('paused', { exact: true })).toBeVisible();
  await page.waitForTimeout(500); // the last report before the pause
  const paused = await step();
  await page.waitForTimeout(1500);
  expect(await step()).toBe(paused);

  for (const further of [1, 2]) {
    await run.getByRole('button', { name: 'Step' }).click();
    await expect.poll(step, { timeout: 30_000 }).toBeGreaterThan(paused + further - 1);
    expect(await step()).toBeLessThanOrEqual(paused + further + 1);
  }

  await run.getByRole('button', { name: 'Resume' }).click();
  const resumed = await step();
  await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(resumed + 2);
  await run.getByRole('button', { name: 'Stop' }).click();
  await expect(run.getByText('stopped early')).toBeVisible({ timeout: 60_000 });

  const download = page
    .getByRole('region', { name: 'Download: movement' })
    .getByRole('button', { name: /Download the folder/ });
  const [file] = await Promise.all([page.waitForEvent('download'), download.click()]);
  expect(file.suggestedFilename()).toBe('movement.zip');
});

test('a run that cannot work says what was expected, and the form stays', async ({ page }) => {
  await page.goto('/?preset=quick');
  const run = page.getByRole('region', { name: 'Run: movement' });
  await expect(run.getByText(/^Needs up to about \d+ MiB in WebAssembly, which has 4 GiB$/)).toBeVisible({
    timeout: 60_000,
  });
  await run.getByRole('button', { name: 'Settings', exact: true }).click();
  await run.getByLabel(/^Tokens/).fill('512');
  await run.getByLabel(/^Batch size/).fill('512');
  const alert = run.getByRole('alert');
  await expect(alert).toContainText(/more than the 4 GiB that WebAssembly can address. These would fit:/);
  await alert.getByRole('button').first().click();
  await expect(alert).toBeHidden();
  await expect(run.getByLabel(/^Batch size/)).not.toHaveValue('512');

  const data = page.getByRole('region', { name: /^Data/ });
  const slice = data.getByRole('textbox', { name: 'Train on' });
  await slice.fill('train[:0]');
  await slice.blur();
  await expect(data.getByText(/expected/).first()).toBeVisible({ timeout: 60_000 });
  await expect(slice).toHaveValue('train[:0]');
  await slice.fill('train[:64]');
  await slice.blur();
  await expect(data.getByText('64', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
});
