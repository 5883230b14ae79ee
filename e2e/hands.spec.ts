// The notebook by keyboard alone: palette, Jupyter's keys, undo; and a cell dragged by its grip.
import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessibility.ts';
import { expect, test } from './support/test.ts';

const order = (page: Page) =>
  page.locator('[data-cell]').evaluateAll((cells) => cells.map((cell) => (cell as HTMLElement).dataset.cell));
const focused = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.cell);
const said = (page: Page) => page.getByRole('status').filter({ hasText: /./ }).last();

test('cells are added, moved, duplicated, collapsed and deleted by keys, and all of it is undone', async ({ page }) => {
  await page.goto('/?preset=quick');
  await expect(page.getByRole('region', { name: 'Run: movement' })).toBeVisible();
  const before = await order(page);
  await page.keyboard.press('j');
  await expect.poll(() => focused(page)).toBe(before[0]);

  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await expectAccessible(page);
  const chosen = palette.getByRole('option', { selected: true });
  await page.keyboard.type('Run all');
  await expect(chosen).toContainText('Run all');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('add model');
  await expect(chosen).toContainText('Add: Model');
  await page.keyboard.press('Enter');
  await expect(palette).toBeHidden();
  await expect.poll(async () => (await order(page)).length).toBe(before.length + 1);
  const added = (await order(page))[1];
  await expect.poll(() => focused(page)).toBe(added);

  await page.keyboard.press('Alt+ArrowDown');
  await expect.poll(async () => (await order(page))[2]).toBe(added);
  await expect(page.getByText(`Model moved, now 3 of ${before.length + 1}.`)).toBeAttached();
  await expect.poll(() => focused(page)).toBe(added);

  await page.keyboard.press('Shift+D');
  await expect.poll(async () => (await order(page)).length).toBe(before.length + 2);
  const copy = (await order(page))[3];
  await expect.poll(() => focused(page)).toBe(copy);
  await page.keyboard.press('o');
  await expect(page.getByRole('region', { name: /, collapsed$/ })).toHaveCount(1);
  await page.keyboard.press('d');
  await page.keyboard.press('d');
  await expect.poll(() => order(page)).not.toContain(copy);
  await expect.poll(() => focused(page)).toBe(before[2]);

  await page.keyboard.press('b');
  await expect.poll(async () => (await order(page)).length).toBe(before.length + 2);
  const text = (await order(page))[4];
  await expect.poll(() => focused(page)).toBe(text);
  await page.keyboard.press('Enter');
  await page.keyboard.type('A note');
  await page.keyboard.press('Escape');
  await expect.poll(() => focused(page)).toBe(text);
  await expect(page.getByRole('region', { name: 'Text: A note' })).toBeVisible();

  for (const _ of Array(7)) await page.keyboard.press('z');
  await expect.poll(() => order(page)).toEqual(before);
  await expect(said(page)).toContainText('Undone: Model deleted.');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
  await expectAccessible(page);
});

test('a cell is dragged to another gap, and the shortcut sheet is a key away', async ({ page }) => {
  await page.goto('/?preset=quick');
  await expect(page.getByRole('region', { name: 'Run: movement' })).toBeVisible();
  const [first, second, third, ...rest] = await order(page);
  await page.locator(`[data-cell="${first}"]`).focus();
  const grip = page.locator(`[data-cell="${first}"] .cell-grip`);
  const from = (await grip.boundingBox())!;
  const target = (await page.locator(`[data-cell="${second}"]`).boundingBox())!;
  await page.mouse.move(from.x + 8, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(from.x, target.y + target.height * 0.75, { steps: 4 });
  await expect(page.locator('.cell-slot-drop')).toHaveCount(1);
  await page.mouse.up();
  await expect.poll(() => order(page)).toEqual([second, first, third, ...rest]);

  await page.locator(`[data-cell="${first}"]`).focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expectAccessible(page);
});
