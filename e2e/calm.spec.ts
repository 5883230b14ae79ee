// The page stays answerable while the worker trains.
import { mainThreadTasks } from './support/main-thread.ts';
import { expect, test } from './support/test.ts';

const LONGEST_TASK_MS = 50;

test('no task of the page takes over 50 ms while a run trains', async ({ browser, page }) => {
  test.setTimeout(300_000);
  await page.goto('/?preset=quick');
  await expect(page.getByRole('button', { name: /^Backend: WebAssembly/ })).toBeVisible({ timeout: 60_000 });
  const run = page.getByRole('region', { name: 'Run: magnitude' });
  await run.scrollIntoViewIfNeeded();
  await expect(run.getByText(/steps/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Run all' }).click();
  await expect(run.getByText(/step [1-9]\d* of \d+/i)).toBeVisible({ timeout: 120_000 });
  const tasks = await mainThreadTasks(browser, page, async () => {
    await expect(run.getByText('done', { exact: true })).toBeVisible({ timeout: 200_000 });
  });
  const longest = Math.max(...tasks);
  console.log(`main thread while training: ${tasks.length} tasks, the longest ${longest.toFixed(1)} ms of CPU time`);
  expect(tasks.length).toBeGreaterThan(100);
  expect(longest).toBeLessThan(LONGEST_TASK_MS);
});
