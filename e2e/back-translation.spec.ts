// Back-translation in the page: asked for, refused, carried out, kept, trained on and taken away as a file.
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './support/accessibility.ts';
import { serveOpusMt } from './support/opus-mt.ts';
import { expect, test } from './support/test.ts';

test.use({ provoked: /huggingface\.co|net::ERR_FAILED/ });

const words = ['good', 'bad', 'film', 'plot'];
/** Forty different texts of two sentences; which word comes first is the label. */
const rows = Array.from({ length: 40 }, (_, i) => {
  const word = (place: number) => words[(i >> (2 * place)) % 4]!;
  return `"a very ${word(0)} film a ${word(1)} plot. A very ${word(2)} film.",${i % 2 ? 'yes' : 'no'}`;
});
const table = { name: 'films.csv', mimeType: 'text/csv', buffer: Buffer.from(`text,label\n${rows.join('\n')}\n`) };

/** A run with few labels on the table, its policy back-translation alone. */
async function openPanel(page: Page): Promise<{ readonly run: Locator; readonly panel: Locator }> {
  await page.goto('/?template=twenty-labels&preset=quick');
  await page.getByRole('region', { name: /^Data/ }).locator('input[type=file]').first().setInputFiles([table]);
  const run = page.getByRole('region', { name: 'Run: uda' });
  await run.getByRole('button', { name: 'Settings', exact: true }).click();
  await run.getByLabel('Operation 1', { exact: true }).selectOption('back-translation');
  const panel = run.getByRole('region', { name: /^Back-translation/ });
  await expect(panel.getByText('0 of 32 texts translated.')).toBeVisible({ timeout: 60_000 });
  return { run, panel };
}

test('a network that refuses is named, with what was tried and what to do; the rest goes on', async ({ page }) => {
  const asked: string[] = [];
  await page.route('https://huggingface.co/**', async (route) => {
    asked.push(route.request().url());
    await route.abort();
  });
  const { run, panel } = await openPanel(page);
  await expect(run.getByRole('alert')).toContainText('expected a paraphrase of each of the', {
    timeout: 60_000,
  });
  expect(asked).toEqual([]); // nothing before the button
  await panel.getByRole('button', { name: 'Translate the texts' }).click();
  const problem = panel.getByRole('alert');
  await expect(problem).toContainText('expected the models Xenova/opus-mt-en-fr and Xenova/opus-mt-fr-en', {
    timeout: 60_000,
  });
  await expect(problem).toContainText('from https://huggingface.co');
  await expect(problem).toContainText('Check the connection');
  expect(asked.length).toBeGreaterThan(0);
  await expectAccessible(page, '.translation');
  // Another policy needs no network.
  await run.getByLabel('Operation 1', { exact: true }).selectOption('swaps');
  await expect(run.getByRole('region', { name: /^Learns from/ }).getByRole('listitem')).toHaveCount(4, {
    timeout: 60_000,
  });
});

test('texts go there and back, stay with the browser, and leave as a file', async ({ page }) => {
  const hub = await serveOpusMt(page);
  const { run, panel } = await openPanel(page);
  await panel.getByRole('button', { name: 'Translate the texts' }).click();
  await expect(panel.getByText('All 32 texts are translated.')).toBeVisible({ timeout: 120_000 });
  expect(hub.weights.filter((path) => path.includes('decoder')).length).toBeGreaterThan(0);

  // Each copy is drawn from the same paraphrases, in which some words became others.
  const twins = run.getByRole('region', { name: /^Learns from/ });
  await expect(twins.getByRole('listitem')).toHaveCount(4, { timeout: 60_000 });
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('button', { name: 'Save the pairs as JSON lines' }).click(),
  ]);
  const lines = (await readFile(await saved.path(), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(32);
  for (const { text, augmented } of lines) {
    expect(augmented.replaceAll('great', 'good').replaceAll('poor', 'bad')).toBe(text);
  }
  const said = lines.map(({ augmented }) => augmented).join(' ');
  for (const word of ['good', 'great', 'bad', 'poor']) expect(said).toContain(word); // sampled, not searched

  // Kept over a reload, for which the Hub is not asked again.
  const before = hub.weights.length;
  await page.reload();
  await run.getByRole('button', { name: 'Settings', exact: true }).click();
  await expect(panel.getByText('All 32 texts are translated.')).toBeVisible({ timeout: 60_000 });
  expect(hub.weights.length).toBe(before);
  await expectAccessible(page, '.translation');

  // Data that bring their paraphrases in a column need no translation.
  const paraphrased = rows.map((row) => row.replace('"', '"said again: ').replace(/,(yes|no)$/, ''));
  const both = rows.map((row, i) => `${row},${paraphrased[i]}`);
  const file = { ...table, name: 'both.csv', buffer: Buffer.from(`text,label,again\n${both.join('\n')}\n`) };
  const data = page.getByRole('region', { name: /^Data/ });
  await data.locator('input[type=file]').first().setInputFiles([file]);
  await data.getByLabel('Paraphrases, for UDA (if any)').selectOption('again');
  await expect(panel).toBeHidden({ timeout: 60_000 });
  await expect(run.getByText('from the column that the data cell names')).toBeVisible();
  await expect(twins.getByRole('listitem').first()).toContainText('said again :', { timeout: 60_000 });
});
