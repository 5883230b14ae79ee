// Several notebooks: made, named by the address, left and found again, binned and put back; versions; a shared link; and
// several tabs, of which one works.
import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessibility.ts';
import { expect as expectSoon, test } from './support/test.ts';

/** A page that opens reads storage and starts its engine first. */
const expect = expectSoon.configure({ timeout: 30_000 });

const title = (page: Page) => page.getByRole('textbox', { name: 'Notebook title' });
const saved = (page: Page) => page.getByText(/^Saved \d\d:\d\d$/);

async function openNotebooks(page: Page) {
  await page.keyboard.press('Control+o');
  const dialog = page.getByRole('dialog', { name: 'Notebooks' });
  await expect(dialog).toBeVisible();
  return dialog;
}

test('notebooks are made, found by their address, renamed, duplicated, binned and put back', async ({ page }) => {
  await page.goto('/?preset=quick');
  await expect(title(page)).toHaveValue('Magnitude or movement?');
  await expect(page).toHaveURL(/\?notebook=[\w-]+$/);
  const first = page.url();

  await (await openNotebooks(page)).getByRole('button', { name: 'New notebook' }).click();
  await expect(title(page)).toHaveValue('Untitled');
  await title(page).fill('Second');
  await expect(saved(page)).toBeVisible();
  const second = page.url();
  expect(second).not.toBe(first);
  await page.reload();
  await expect(title(page)).toHaveValue('Second');
  await page.goBack();
  await expect(title(page)).toHaveValue('Magnitude or movement?');
  await expect(page).toHaveURL(first);
  await page.goForward();
  await expect(title(page)).toHaveValue('Second');

  const dialog = await openNotebooks(page);
  const mine = dialog.getByRole('list', { name: 'Your notebooks' });
  await dialog.getByRole('button', { name: 'Duplicate “Second”' }).click();
  await expect(mine.getByRole('link')).toHaveText(['Second 2', 'Second', 'Magnitude or movement?']);
  await dialog.getByRole('button', { name: 'Rename “Second 2”' }).click();
  await page.keyboard.type('Third');
  await page.keyboard.press('Enter');
  await expect(mine.getByRole('link', { name: 'Third' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Move “Second” to the bin' }).click();
  await expect(dialog.getByRole('region', { name: 'Bin' }).getByText('Second')).toBeVisible();
  await expectAccessible(page);
  await expect(page).not.toHaveURL(second);

  await page.keyboard.press('Escape');
  await (await openNotebooks(page)).getByRole('button', { name: 'Put “Second” back' }).click();
  await dialog.getByRole('link', { name: 'Second', exact: true }).click();
  await expect(title(page)).toHaveValue('Second');
  await expect(page).toHaveURL(second);
});

test('an earlier version comes back, and so does the later one', async ({ page }) => {
  await page.goto('/?preset=quick');
  const movement = page.getByRole('region', { name: 'Run: movement' });
  await expect(movement).toBeVisible();
  // Its buttons come with the pointer, and cells that are laid out as they come into sight may move it away.
  await expect(async () => {
    if ((await movement.count()) === 0) return; // a press that took too long was one all the same
    await movement.hover({ timeout: 2000 });
    await movement.getByRole('button', { name: 'Delete cell' }).click({ timeout: 2000 });
  }).toPass();
  await expect(movement).toHaveCount(0);
  await expect(saved(page)).toBeVisible();
  await page.reload();
  await expect(page.getByRole('region', { name: 'Run: magnitude' })).toBeVisible();
  await expect(movement).toHaveCount(0);

  await page.getByRole('button', { name: 'Versions' }).click();
  const dialog = page.getByRole('dialog', { name: 'Versions' });
  await expect(dialog.getByRole('listitem').first()).toContainText('Run: movement deleted');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: /^Restore/ }).click();
  await expect(movement).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(movement).toHaveCount(0);
  await page.keyboard.press('Control+Shift+z');
  await expect(movement).toBeVisible();
  await expect(saved(page)).toBeVisible();
  await page.reload();
  await expect(movement).toBeVisible();
});

test('a page reloaded in mid-edit has every letter that was typed', async ({ page }) => {
  await page.goto('/?preset=quick');
  const run = page.getByRole('region', { name: 'Run: movement' });
  await expect(run).toBeVisible();
  await run.focus();
  await page.keyboard.press('b');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Half a sent');
  await page.reload();
  await expect(page.getByText('Half a sent')).toBeVisible();
  await title(page).press('End');
  await page.keyboard.type(' And th');
  await page.reload();
  await expect(title(page)).toHaveValue('Magnitude or movement? And th');
});

test('of two tabs one works, the other watches it live, and takes its place when asked or when it is closed', async ({
  page,
  context,
}) => {
  const other = await context.newPage();
  await Promise.all([page, other].map((tab) => tab.goto('/?preset=quick')));
  const takeOver = (tab: Page) => tab.getByRole('button', { name: 'Use Winnow here' });
  const runAll = (tab: Page) => tab.getByRole('button', { name: 'Run all' });
  await Promise.all([page, other].map((tab) => expect(title(tab)).toBeVisible()));
  const [one, two] = (await runAll(page).isVisible()) ? [page, other] : [other, page];
  await expect(takeOver(two)).toBeVisible();
  expect([await takeOver(one).count(), await runAll(two).count()]).toEqual([0, 0]);

  await title(one).fill('Changed in the first');
  await expect(title(two)).toHaveValue('Changed in the first');
  await expect(title(two)).toBeDisabled();
  await two.getByRole('region', { name: 'Run: movement' }).focus();
  await two.keyboard.press('b');
  await two.keyboard.press('Control+z');
  await expect(two.getByRole('region', { name: 'Run: movement' })).toBeVisible();
  await expect(title(two)).toHaveValue('Changed in the first');
  await expectAccessible(two);

  await takeOver(two).click();
  await expect(runAll(two)).toBeVisible();
  await expect(takeOver(one)).toBeVisible();
  await title(two).fill('Changed in the second');
  await expect(title(one)).toHaveValue('Changed in the second');
  await two.close();
  await expect(runAll(one)).toBeVisible();
  await title(one).fill('Changed again');
  await expect(saved(one)).toBeVisible();
  await one.reload();
  await expect(title(one)).toHaveValue('Changed again');
});

test('a shared link makes a notebook of its own in another browser, and replaces none', async ({ page, browser }) => {
  await page.goto('/?preset=quick');
  await title(page).fill('For a friend');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Notebook menu' }).click();
  await page.getByRole('button', { name: /^Share by a link/ }).click();
  const link = await page.getByRole('textbox', { name: 'The link' }).inputValue();
  await expectAccessible(page);

  const home = page.url();
  await page.close(); // two engines at once would only slow each other down
  const friend = await (await browser.newContext()).newPage();
  await friend.goto(new URL('/?template=twenty-labels&preset=quick', home).href);
  await expect(title(friend)).toHaveValue('Twenty labels');
  for (const expected of ['For a friend', 'For a friend 2']) {
    await friend.goto(link);
    await expect(title(friend)).toHaveValue(expected);
    await expect(friend).toHaveURL(/\?notebook=[\w-]+$/);
  }
  await expect(friend.getByRole('region', { name: 'Run: movement' }).getByText('done')).toHaveCount(0);
  await friend.reload();
  await expect(title(friend)).toHaveValue('For a friend 2');
  await friend.goto(`${link.slice(0, 200)}`);
  await expect(friend.getByRole('alert')).toContainText('It may have been cut short: copy all of it.');
  await expect(title(friend)).toHaveValue('For a friend 2');
  await expect((await openNotebooks(friend)).getByRole('link')).toHaveCount(3);
  await friend.context().close();
});
