// Living in a notebook: keys alone from a first visit to a finished run, a queue to reorder, every operation undone.
import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessibility.ts';
import { expect, test } from './support/test.ts';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
const stateOf = (page: Page, name: string) => region(page, name).locator('.status');

/** Presses a key until what it leads to has the focus. */
async function pressUntil(page: Page, key: string, label: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press(key);
    const now = await page.evaluate(() => {
      const { activeElement: element } = document;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });
    if (now === label) return;
  }
  throw new Error(`${key}: expected to reach “${label}” in 60 presses.`);
}

test('keys alone lead from a first visit to a finished run', async ({ page }) => {
  test.setTimeout(600_000);
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Take a quick look' })).toBeVisible({ timeout: 60_000 });
  await pressUntil(page, 'Tab', 'Take a quick look');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Size')).toHaveValue('quick');
  await expect(page.getByLabel('Size')).toBeFocused();
  await page.keyboard.press('Tab');
  await pressUntil(page, 'j', 'Run: magnitude');
  await page.keyboard.press('Control+Enter');
  await expect(stateOf(page, 'Run: magnitude')).toHaveText('running', { timeout: 60_000 });
  await pressUntil(page, 'k', 'Model: all-MiniLM-L6-v2');
  await page.keyboard.press('g');
  expect(await focused(page)).toBe('Run: magnitude');
  await expect(region(page, 'Run: magnitude').getByText(/^Step [1-9]\d* of/)).toBeVisible({ timeout: 120_000 });

  await expect(stateOf(page, 'Run: magnitude')).toHaveText('done', { timeout: 400_000 });
});

test('the queue is reordered and cancelled, and the running cell is a press away', async ({ page }) => {
  test.setTimeout(400_000);
  await page.goto('/?preset=quick');
  await region(page, 'Run: movement').focus();
  await page.keyboard.press('Shift+D');
  await expect(region(page, 'Run: movement 2')).toBeFocused();
  await page.getByRole('button', { name: 'Run all' }).click();
  await expect(stateOf(page, 'Run: magnitude')).toHaveText('running', { timeout: 60_000 });
  await expect(region(page, 'Run: movement')).toContainText('queued1 of 2');
  await expect(region(page, 'Run: movement 2')).toContainText('queued2 of 2');
  await region(page, 'Run: movement 2').focus();

  await page.keyboard.press('Alt+Shift+ArrowUp');
  await expect(region(page, 'Run: movement 2')).toContainText('queued1 of 2');
  await page.getByRole('button', { name: /^Queue: magnitude/ }).click();
  const panel = page.getByRole('group', { name: /^Queue/ });
  await panel.getByRole('button', { name: 'movement: sooner' }).press('Enter');
  await expect(panel.getByRole('listitem').first()).toHaveText('movement');
  await expect(panel.getByRole('button', { name: 'movement: sooner' })).toBeFocused();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(panel.getByRole('listitem').first()).toHaveText('movement 2');
  await expectAccessible(page);
  await panel.getByRole('button', { name: 'movement 2: do not run' }).click();
  await expect(stateOf(page, 'Run: movement 2')).toHaveText('idle');
  await page.keyboard.press('Escape');

  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await page.getByRole('button', { name: 'magnitude is running' }).click();
  await expect(region(page, 'Run: magnitude')).toBeFocused();
  await expect(region(page, 'Run: magnitude').getByRole('button', { name: 'Pause' })).toBeInViewport();
});

test('every operation on cells is undone by a key', async ({ page }) => {
  await page.goto('/?preset=quick');
  const seen = () =>
    page
      .locator('[data-cell]')
      .evaluateAll((cells) =>
        cells.map((cell) => `${(cell as HTMLElement).dataset.cell} ${cell.getAttribute('aria-label')}`),
      );
  const movement = region(page, 'Run: movement');
  await expect(movement).toBeVisible();
  await expect(page.getByRole('region', { name: 'Data: SpamAssassin' })).toBeVisible({ timeout: 60_000 });
  const before = await seen();
  const operations: readonly (readonly [string, readonly string[], number])[] = [
    ['add above', ['a'], 1],
    ['add below', ['b'], 1],
    ['move up', ['Alt+ArrowUp'], 1],
    ['move down', ['Alt+ArrowDown'], 1],
    ['duplicate', ['Shift+D'], 1],
    ['delete', ['d', 'd'], 1],
    ['cut', ['x'], 1],
    ['cut and paste', ['x', 'v'], 2],
    ['copy and paste above', ['c', 'Shift+V'], 1],
    ['collapse', ['o'], 1],
  ];
  for (const [name, keys, changes] of operations) {
    await movement.focus();
    for (const key of keys) await page.keyboard.press(key);
    await expect.poll(seen, name).not.toEqual(before);
    for (let change = 0; change < changes; change++) await page.keyboard.press('z');
    await expect.poll(seen, `${name}, undone`).toEqual(before);
  }
  await movement.getByLabel('Name of the run').fill('moved');
  await expect(region(page, 'Run: moved')).toBeVisible();
  await region(page, 'Run: moved').focus();
  await page.keyboard.press('z');
  await expect.poll(seen, 'rename, undone').toEqual(before);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
});
