// A user's own model and data, dropped as files: described, trained, and told about plainly where they do not fit.
import type { Page } from '@playwright/test';
import { parseConfig } from '../src/engine/model/config.ts';
import { bertJson, tinyFile, tinyTensors } from '../tests/engine/model/tiny.ts';
import { expect, test } from './support/test.ts';

const config = { ...bertJson, vocab_size: 12, max_position_embeddings: 40 };
const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'good', 'bad', 'film', 'very', 'a', '##s', 'plot'];
const file = (name: string, content: string | Uint8Array) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
});

const weights = tinyFile(tinyTensors(parseConfig(config), 'text-classification'));
const modelFiles = [
  file('config.json', JSON.stringify(config)),
  file('vocab.txt', words.join('\n')),
  file('model.safetensors', weights),
];
const rows = Array.from({ length: 60 }, (_, i) =>
  i % 2 ? `a very good film ${i},${i},pos` : `bad plot bad film ${i},${i},neg`,
);
const table = file('films.csv', `review,number,verdict\n${rows.join('\n')}\n`);

const pick = (page: Page, cell: RegExp, files: ReturnType<typeof file>[]) =>
  page.getByRole('region', { name: cell }).locator('input[type=file]').first().setInputFiles(files);

test('a dropped model trains on a dropped table', async ({ page }) => {
  await page.goto('/?preset=quick');
  await pick(page, /^Model/, modelFiles);
  const model = page.getByRole('region', { name: /^Model/ });
  await expect(model.getByText('12', { exact: true })).toBeVisible({ timeout: 60_000 }); // the vocabulary

  await pick(page, /^Data/, [table]);
  const data = page.getByRole('region', { name: /^Data/ });
  await data.getByLabel('Text', { exact: true }).selectOption('review');
  await data.getByLabel('Label', { exact: true }).selectOption('verdict');
  await expect(data.getByText('neg, pos')).toBeVisible({ timeout: 60_000 });
  await expect(data.getByText('a very good film').first()).toBeVisible();

  const run = page.getByRole('region', { name: 'Run: movement' });
  await run.getByRole('button', { name: 'Settings', exact: true }).click();
  await run.getByLabel(/^Tokens/).fill('41');
  await expect(run.getByRole('alert')).toContainText(/max_seq_length\): expected at most 40/, { timeout: 60_000 });
  await run.getByLabel(/^Tokens/).fill('32');
  await expect(run.getByText(/^Needs up to about/)).toBeVisible();
  await run.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(run.getByText('done', { exact: true })).toBeVisible({ timeout: 120_000 });
  await expect(run.getByText('Accuracy, test')).toBeVisible();
  await expect(run.getByText(/^\d.* estimated$/)).toBeVisible();
});

test('files that do not fit are refused with what was expected', async ({ page }) => {
  await page.goto('/?preset=quick');
  const model = page.getByRole('region', { name: /^Model/ });
  await pick(page, /^Model/, [modelFiles[0]!, modelFiles[1]!, file('pytorch_model.bin', 'PK')]);
  await expect(model.getByRole('alert')).toContainText(/pytorch_model\.bin/);
  await pick(page, /^Model/, [modelFiles[0]!, modelFiles[1]!, file('model.safetensors', weights.slice(0, 900))]);
  await expect(model.getByRole('alert')).toContainText(/model\.safetensors: expected/, { timeout: 60_000 });
});
