// The main journey, on WebGPU: a first visit, Run all, curves that move, masks that differ, weights that come home.
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { readSafetensors } from '../src/engine/model/safetensors.ts';
import { unzip } from './support/download.ts';
import { chooseBackend } from './support/own-run.ts';
import { expect, test } from './support/test.ts';

const cell = (page: Page, label: string) => page.getByRole('region', { name: label });

test('a stranger prunes a transformer both ways and takes the weights home', async ({ page }) => {
  test.setTimeout(600_000);
  await page.goto('/?preset=quick');
  await expect(page.getByRole('textbox', { name: 'Notebook title' })).toHaveValue('Magnitude or movement?');
  await chooseBackend(page, 'WebGPU');
  await page.getByRole('button', { name: 'Run all' }).click();

  // The curves move: the loss of a later step stands in the legend.
  const magnitude = cell(page, 'Run: magnitude');
  const loss = magnitude.getByRole('img', { name: /^Loss/ });
  // Charts are drawn where they can be seen, and cells that come into sight may move them.
  await expect(async () => {
    await magnitude.locator('.live-chart').first().scrollIntoViewIfNeeded({ timeout: 5000 });
    await expect(loss).toBeVisible();
  }).toPass({ timeout: 120_000 });
  const early = await loss.getAttribute('aria-label');
  await expect.poll(() => loss.getAttribute('aria-label'), { timeout: 120_000 }).not.toBe(early);

  const movement = cell(page, 'Run: movement');
  for (const run of [magnitude, movement]) {
    await expect(run.getByText('done', { exact: true })).toBeVisible({ timeout: 400_000 });
    await expect(run.getByText('10.0 %')).toBeVisible();
  }
  await expect(loss).toHaveAccessibleName(/warm-up .*pruning from step \d+ to \d+, cool-down/);
  await expectTradeoff(page);

  // The masks differ: most of what one keeps the other drops.
  const masks = cell(page, 'Masks').first();
  await masks.scrollIntoViewIfNeeded();
  await expect(masks).toContainText(/IoU\s*0\.\d+/, { timeout: 60_000 });
  const iou = Number((await masks.textContent())?.match(/IoU\s*(0\.\d+)/)?.[1]);
  expect(iou).toBeGreaterThan(0);
  expect(iou).toBeLessThan(0.5);

  await expectLab(page, masks);

  for (const name of ['magnitude', 'movement']) await expectPrunedZip(page, name);

  // Finished work survives a reload.
  await page.reload();
  await expect(movement.getByText('done', { exact: true })).toBeVisible();
  await expect(movement.getByText('10.0 %')).toBeVisible();
  await expect(masks).toContainText(/IoU\s*0\.\d+/, { timeout: 60_000 });
});

/** Both runs as points of quality against weights kept, and as files; by keys. */
async function expectTradeoff(page: Page): Promise<void> {
  const compare = cell(page, 'Compare');
  await compare.getByRole('radio', { name: 'Settings' }).focus();
  await page.keyboard.press('ArrowRight');
  const chart = compare.getByRole('img', { name: /magnitude: .*10\.0 % kept.*topK: .*10\.0 % kept.*Pareto front/ });
  await expect(chart).toBeVisible();
  const button = compare.getByRole('button', { name: /chart of .* as SVG$/ });
  await button.focus();
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(await readFile(await download.path(), 'utf8')).toMatch(/^<svg .*magnitude.*topK.*<\/svg>$/s);
  await compare.getByRole('radio', { name: 'Curves' }).check({ force: true });
}

/** The mask lab on the two runs: history and single weights, by keys; layers, scores, distribution and sums. */
async function expectLab(page: Page, masks: Locator): Promise<void> {
  const show = (view: string) => masks.getByRole('radio', { name: view, exact: true }).check({ force: true });
  const history = masks.getByRole('slider', { name: 'Masks as of step' });
  await history.focus();
  await page.keyboard.press('Home');
  await expect(masks.getByRole('img', { name: /^Mask of movement/ })).toHaveAttribute('aria-label', /100\.0\s%/);
  await page.keyboard.press('End');
  await expect(masks.getByRole('img', { name: /^Mask of movement/ })).toHaveAttribute('aria-label', /10\.0\s%/);

  await expectMouse(page, masks);

  // Magnitude's masks follow the pretrained weights, movement's do not.
  await show('By layer');
  const table = masks.getByRole('region', { name: 'Masks by layer' });
  await expect(table.getByRole('row')).toHaveCount(7, { timeout: 60_000 });
  for (const row of (await table.getByRole('row').all()).slice(1)) {
    const cells = await row.getByRole('cell').allTextContents();
    const [magnitude, movement] = cells.slice(-2).map(Number);
    console.log(`rank correlation of |pretrained| with the masks: ${cells[0]}, ${magnitude}, ${movement}`);
    expect(magnitude).toBeGreaterThan(0.4);
    expect(Math.abs(movement!)).toBeLessThan(magnitude! / 2);
  }

  await show('Scores');
  await expect(masks.getByText('magnitude learned no scores')).toBeVisible();
  await expect(masks.getByRole('img', { name: /^movement: fine-tuned weight against score/ })).toBeVisible();

  await masks.getByRole('radio', { name: 'Scores' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(masks.getByRole('img', { name: /^movement, Pruned weights that came back: [\d,]+ of/ })).toBeVisible();
  await masks.getByRole('radio', { name: 'All matrices' }).check({ force: true });
  const numbers = masks.getByRole('region', { name: 'The distribution in numbers' });
  await expect(numbers.getByRole('row', { name: /^weights kept/ })).toContainText(/10\.0\s%.*10\.0\s%/);

  await show('Movement');
  await masks.getByRole('img', { name: /^movement: pretrained weight/ }).focus();
  for (let presses = 0; presses < 13; presses++) await page.keyboard.press('+');
  await expect(masks.getByText(/^[\d,]+ weights in view, each a dot/)).toHaveCount(2, { timeout: 30_000 });
  await expectScatterDrag(page, masks);

  await show('Sums');
  await expect(masks.getByText(/^By head/)).toBeVisible();

  await show('Masks');
}

/** What a drag took hold of stays under the pointer, so the axis moves by as much as the pointer did. */
async function expectScatterDrag(page: Page, masks: Locator): Promise<void> {
  const scatter = masks.getByRole('img', { name: /^movement: pretrained weight/ });
  const ticks = async () => (await masks.locator('.scatter-text').allTextContents()).join(' ');
  const before = await ticks();
  const box = await scatter.boundingBox();
  if (!box) throw new Error('scatter of movement: expected it to be on the page');
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  await page.mouse.move(middle.x + box.width / 3, middle.y, { steps: 6 });
  await expect.poll(ticks).not.toBe(before);
  await page.mouse.move(middle.x, middle.y, { steps: 6 });
  await page.mouse.up();
  await expect.poll(ticks).toBe(before);
}

/** Pictures by the mouse: a click gives them the wheel, a drag moves what is under the pointer along with it. */
async function expectMouse(page: Page, masks: Locator): Promise<void> {
  const picture = masks.getByRole('img', { name: /^Mask of movement/ });
  const zoom = masks.locator('.masks-zoom output');
  const column = async () => Number(await masks.locator('.masks-readout dd').nth(1).textContent());
  await picture.click();
  const box = await picture.boundingBox();
  if (!box) throw new Error('mask of movement: expected it to be on the page');
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.wheel(0, -700);
  await expect(zoom).toHaveText('4.1×'); // e^1.4
  const before = await column();
  await page.mouse.down();
  await page.mouse.move(middle.x + 60, middle.y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(column).toBe(before);
  await page.mouse.move(middle.x, middle.y);
  await expect.poll(column).toBeLessThan(before);
  await masks.getByRole('button', { name: 'Show all' }).click();
  await expect(zoom).toHaveText('1.0×');
}

/** Downloads a run's folder and counts the zeros of its masked matrices. */
async function expectPrunedZip(page: Page, name: string): Promise<void> {
  const button = cell(page, `Download: ${name}`).getByRole('button', { name: /Download the folder/ });
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  const files = await unzip(download);
  const file = (path: string) => files.get(`${name}/${path}`) ?? new Uint8Array();
  const config = JSON.parse(new TextDecoder().decode(file('config.json')));
  expect(config.architectures).toEqual(['BertForSequenceClassification']);
  const weights = readSafetensors(file('model.safetensors')).entries;
  const masks = readSafetensors(file('masks.safetensors')).entries;
  expect(masks.size).toBe(6);
  for (const key of masks.keys()) {
    const bytes = weights.get(key)!.data;
    const values = new Float32Array(bytes.slice().buffer);
    const zeros = values.filter((value) => value === 0).length;
    expect(zeros, `${name}: zeros in ${key}`).toBe(values.length - Math.floor(values.length * 0.1));
  }
}
