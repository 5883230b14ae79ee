// A user's own model and data, dropped as files: described, trained, and told about plainly where they do not fit.
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expectAccessible } from './support/accessibility.ts';
import { ownModel, reviews } from './support/own-model.ts';
import { expect, test } from './support/test.ts';

const file = (name: string, content: string | Uint8Array) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
});

const modelFiles = Object.entries(ownModel).map(([name, content]) => file(name, content));
const weights = ownModel['model.safetensors'];
const table = file('films.csv', `review,number,verdict\n${reviews.join('\n')}\n`);

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

/** The picker of the browser, whose files a test cannot choose, hands out one of the page's own file system. */
async function playPicker(page: Page): Promise<(text: string) => Promise<void>> {
  await page.addInitScript(() => {
    const pick = async () => [await (await navigator.storage.getDirectory()).getFileHandle('picked.csv')];
    Object.assign(window, { showOpenFilePicker: pick });
  });
  return (text) =>
    page.evaluate(async (content) => {
      const root = await navigator.storage.getDirectory();
      const writable = await (await root.getFileHandle('picked.csv', { create: true })).createWritable();
      await writable.write(content);
      await writable.close();
    }, text);
}

test('a file that changed on the disk is read again at one press, with all that was chosen', async ({ page }) => {
  const write = await playPicker(page);
  await page.goto('/?preset=quick');
  const data = page.locator('section[data-kind=data]');
  await expect(data).toBeVisible({ timeout: 60_000 });
  await write(`review,number,verdict\n${reviews.join('\n')}\n`);
  await data.getByRole('button', { name: 'Choose files' }).click();
  await data.getByLabel('Text', { exact: true }).selectOption('review');
  await data.getByLabel('Label', { exact: true }).selectOption('verdict');
  await data.getByLabel('Train on').fill('train[:10]');
  await data.getByLabel('Train on').press('Enter');
  await expect(data.getByText('10', { exact: true })).toBeVisible({ timeout: 60_000 });
  await data.getByRole('button', { name: 'Read again from disk' }).click();
  await expect(data.getByText('picked.csv is the same on the disk.')).toBeVisible();
  await expect(page.getByText(/^Saved \d/)).toBeVisible();

  await write(`review,number,verdict\n${reviews.map((row) => `quite ${row}`).join('\n')}\n`);
  await page.reload();
  await expect(data.getByText('picked.csv has changed on the disk since it was read.')).toBeVisible({
    timeout: 60_000,
  });
  await expect(data.getByText('10', { exact: true })).toBeVisible({ timeout: 60_000 }); // the copy serves meanwhile
  await expect(data.getByText(/^quite /)).toHaveCount(0);
  await expectAccessible(page, 'section[data-kind=data]');
  await data.getByRole('button', { name: 'Read again from disk' }).click();
  await expect(data.getByText(/^quite /).first()).toBeVisible({ timeout: 60_000 });
  await expect(data.getByLabel('Train on')).toHaveValue('train[:10]');
  await expect(data.getByText('has changed on the disk')).toBeHidden();
});

/** A zipped model folder, and mail as Hugging Face datasets writes it, gzipped and with the names of its classes. */
const zippedModel = file(
  'tiny.zip',
  zipSync({
    'tiny/config.json': strToU8(ownModel['config.json']),
    'tiny/vocab.txt': strToU8(ownModel['vocab.txt']),
    'tiny/model.safetensors': weights,
  }),
);
const features = { label: { names: ['ham', 'spam'], _type: 'ClassLabel' } };
const texts = Array.from({ length: 2000 }, (_, i) =>
  i % 500 === 499 ? `a turtle ${i}` : `${'very '.repeat(i % 90)}good film ${i}`,
);
const parquet = parquetWriteBuffer({
  codec: 'GZIP',
  compressors: { GZIP: (input) => new Uint8Array(gzipSync(input)) },
  columnData: [
    { name: 'text', data: texts },
    { name: 'label', data: texts.map((_, i) => BigInt(i % 4 === 0 ? 1 : 0)), type: 'INT64' },
  ],
  kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }],
});

test('a zipped model and a parquet file are looked into: rows, search, lengths, labels, tokens', async ({ page }) => {
  await page.goto('/?preset=quick');
  await pick(page, /^Model/, [zippedModel]);
  await expect(page.getByRole('region', { name: /^Model/ }).getByText('12', { exact: true })).toBeVisible({
    timeout: 60_000,
  });
  await pick(page, /^Data/, [file('mail.parquet', new Uint8Array(parquet))]);
  const data = page.locator('section[data-kind=data]');
  await expect(data.getByText('1,600', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(data.getByText('ham, spam')).toBeVisible();

  await data.getByText('Shuffle and filter').click();
  await data.getByLabel('Words, at most').fill('50');
  await data.getByLabel('Words, at most').press('Enter');
  await expect(data.getByText(/^\d{3} of 1,600$/)).toBeVisible();
  await expect(page.locator('[aria-live]').filter({ hasText: /train \d{3} of 1,600, dev/ })).toHaveCount(1);
  await data.getByLabel('spam').uncheck();
  await expect(data.getByText('Shuffle and filter: only ham, at most 50 words')).toBeVisible();
  await expect(data.getByRole('definition').filter({ hasText: /^ham$/ })).toBeVisible();
  await data.getByRole('button', { name: 'Remove the filter' }).click();
  await expect(data.getByText('1,600', { exact: true })).toBeVisible();

  await data.getByRole('radio', { name: 'All rows' }).focus();
  await page.keyboard.press('Space');
  await expect(data.getByText('1,600 rows')).toBeVisible();
  expect(await data.locator('.rows-table tbody tr').count()).toBeLessThan(60);
  await data.getByRole('region', { name: 'All rows' }).press('End');
  await expect(data.getByRole('button', { name: 'Tokens of row 1,600' })).toBeVisible();
  await data.getByLabel('Search the texts').fill('TURTLE');
  await expect(data.getByText(/^[1-4] rows? with “TURTLE”$/)).toBeVisible();
  await expect(data.locator('mark').first()).toHaveText('turtle');
  await expectAccessible(page, 'section[data-kind=data]');

  await data
    .getByRole('button', { name: /^Tokens of row/ })
    .first()
    .press('Enter');
  const tokens = data.getByRole('listbox', { name: 'Tokens of text' });
  await tokens.press('End');
  await expect(tokens.locator('.token-unknown')).not.toHaveCount(0); // the vocabulary knows no turtle
  await expect(data.getByText(/\[UNK\] +id 1 +characters \d+–\d+/)).toBeVisible();
  await expectAccessible(page, 'section[data-kind=data]');

  await data.getByRole('radio', { name: 'Lengths' }).check({ force: true });
  await expect(data.getByText(/^\d+\.\d % of the texts are cut at 32 tokens \(/)).toBeVisible({ timeout: 60_000 });
  await data.getByRole('radio', { name: 'Labels' }).check({ force: true });
  await expect(data.getByRole('rowheader', { name: 'spam' })).toBeVisible();
  await expectAccessible(page, 'section[data-kind=data]');
});
