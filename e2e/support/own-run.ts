// A run of the reader's own tiny model on a table of theirs: its steps are short, so that much can happen between them.
import { expect, type Locator, type Page } from '@playwright/test';
import { ownGpuModel, reviews } from './own-model.ts';

/** Opens the page and sets all up but for the press that starts it. */
export async function prepareRun(
  page: Page,
  { steps, saveEvery, base = '' }: { readonly steps: number; readonly saveEvery: number; readonly base?: string },
): Promise<Locator> {
  await page.goto(`${base}/?preset=quick`);
  const pick = (cell: RegExp, files: readonly (readonly [string, string | Uint8Array])[]) =>
    page
      .getByRole('region', { name: cell })
      .locator('input[type=file]')
      .first()
      .setInputFiles(
        files.map(([name, content]) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) })),
      );
  await pick(/^Model/, Object.entries(ownGpuModel));
  await expect(page.getByRole('region', { name: /^Model/ }).getByText('12', { exact: true })).toBeVisible();
  await pick(/^Data/, [['films.csv', `review,number,verdict\n${reviews.join('\n')}\n`]]);
  const data = page.getByRole('region', { name: /^Data/ });
  await data.getByLabel('Text', { exact: true }).selectOption('review');
  await data.getByLabel('Label', { exact: true }).selectOption('verdict');
  await expect(data.getByText('neg, pos')).toBeVisible();
  const run = page.getByRole('region', { name: 'Run: movement' });
  await run.getByRole('button', { name: 'Settings', exact: true }).click();
  await run.getByText('More settings').click();
  await run.getByLabel(/^Steps \(/).fill(String(steps));
  await run.getByLabel(/^Checkpoint every/).fill(String(saveEvery));
  return run;
}

export async function chooseBackend(page: Page, name: 'WebGPU' | 'WebAssembly'): Promise<void> {
  await page.getByRole('button', { name: /^Backend:/ }).click();
  await page.getByRole('radio', { name }).check();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: new RegExp(`^Backend: ${name}`) })).toBeVisible({ timeout: 60_000 });
}
