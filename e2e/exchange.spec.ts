// A notebook with a finished run leaves as a Jupyter file and as a report, and the file comes back as an equal notebook.
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { newestRun } from './support/kept.ts';
import { expect, test } from './support/test.ts';

interface Ipynb {
  readonly metadata: { readonly winnow: { readonly title: string } };
  readonly cells: readonly {
    readonly id: string;
    readonly source: readonly string[];
    readonly metadata: { readonly winnow: { readonly kind: string } };
    readonly outputs?: readonly { readonly data: Readonly<Record<string, unknown>> }[];
  }[];
}

async function saveAs(page: Page, item: RegExp): Promise<string> {
  await page.getByRole('button', { name: 'Notebook menu' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: item }).click(),
  ]);
  const path = test.info().outputPath(download.suggestedFilename().replace(/[^\w.]+/g, '-'));
  await download.saveAs(path);
  return path;
}

const readIpynb = async (path: string): Promise<Ipynb> => JSON.parse(await readFile(path, 'utf8'));

/** The notebook without results, its cells called by their places. */
function contentOf({ cells, metadata: { winnow } }: Ipynb): unknown {
  const text = JSON.stringify(cells.map(({ id, source, metadata }) => ({ id, source, metadata })));
  const renamed = cells.reduce(
    (all, { id }, index) => all.replaceAll(`${id}\\"`, `${index}\\"`).replaceAll(`${id}"`, `${index}"`),
    text,
  );
  return [{ ...winnow, title: winnow.title.replace(/ 2$/, '') }, JSON.parse(renamed)];
}

async function openFile(page: Page, name: string, text: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Notebook menu' }).click();
  await page.getByRole('button', { name: /^Open a notebook file/ }).click();
  await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

async function shareLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Notebook menu' }).click();
  await page.getByRole('button', { name: /^Share by a link/ }).click();
  const link = page.getByRole('dialog').getByRole('textbox');
  await expect(link).toHaveValue(/^http/);
  const address = await link.inputValue();
  await page.keyboard.press('Escape');
  return address;
}

/** With results that would run in a reader that trusts them, and a model that would have to be fetched. */
function hostile(file: Ipynb): unknown {
  const script = 'window.wasRun = true';
  const data = {
    'text/html': `<b class="hostile-result"><script>${script}</script><img src="x" onerror="${script}"></b>`,
    'image/svg+xml': `<svg class="hostile-result" onload="${script}"/>`,
    'application/javascript': `${script} // hostile-result`,
  };
  const outputs = [{ output_type: 'display_data', data, metadata: data }];
  const choice = { kind: 'hub', id: 'owner/name', revision: 'main', commit: '0'.repeat(40), layers: null };
  return {
    ...file,
    metadata: { ...file.metadata, ...data, winnow: { ...file.metadata.winnow, title: 'Hostile' } },
    cells: file.cells.map((cell) => {
      const { winnow } = cell.metadata;
      const changed = winnow.kind === 'model' ? { ...winnow, choice } : winnow;
      return { ...cell, outputs, metadata: { ...data, outputs, winnow: changed } };
    }),
  };
}

test('a notebook goes to Jupyter and comes back equal; its report opens offline; a stranger’s runs nothing', async ({
  page,
  browser,
}) => {
  await page.goto('/?preset=quick');
  const run = page.getByRole('region', { name: 'Run: movement' });
  await run.getByRole('button', { name: 'Settings', exact: true }).click({ timeout: 60_000 });
  await run.getByLabel(/^Steps/).fill('6');
  await run.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(run.getByText('done', { exact: true })).toBeVisible({ timeout: 120_000 });

  const path = await saveAs(page, /^Save as a Jupyter notebook/);
  const file = await readIpynb(path);
  const outputs = file.cells.flatMap((cell) => cell.outputs ?? []).map(({ data }) => data);
  const loss = outputs.find((data) => String(data['text/plain']).startsWith('Loss, by step'))!;
  const spec = loss['application/vnd.vegalite.v5+json'] as { data: { values: { step: number; value: number }[] } };
  expect(spec.data.values.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const { value } of spec.data.values) expect(value).toBeGreaterThan(0);
  const size = await page.evaluate(async (png) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (sign) => sign.charCodeAt(0))]));
    return [bitmap.width, bitmap.height];
  }, String(loss['image/png']));
  expect(size).toEqual([1280, 680]);
  expect(outputs.some((data) => /test\/accuracy +[\d.]+/.test(String(data['text/plain'])))).toBe(true);

  const report = await saveAs(page, /^Save as a report/);
  const context = await browser.newContext({ offline: true, javaScriptEnabled: false });
  const reader = await context.newPage();
  await reader.goto(pathToFileURL(report).href);
  await expect(reader.getByRole('heading', { level: 1 })).toHaveText('Magnitude or movement?');
  await expect(reader.getByRole('img', { name: /^Loss, by step/ }).first()).toBeVisible();
  await expect(reader.getByRole('row', { name: /^test\/accuracy [\d.]+/ }).first()).toBeVisible();
  await expect(reader.getByText(/^Written by Winnow \d/)).toBeVisible();
  await context.close();

  const newest = await newestRun(page);
  const before = page.url();
  await openFile(page, 'again.ipynb', await readFile(path, 'utf8'));
  await expect(page.getByText(/^again\.ipynb is open\. Left out: \d+ results\.$/)).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Notebook title' })).toHaveValue('Magnitude or movement? 2');
  expect(page.url()).not.toBe(before);
  await page.reload();
  const again = await readIpynb(await saveAs(page, /^Save as a Jupyter notebook/));
  expect(contentOf(again)).toEqual(contentOf(file));

  // Whatever comes from outside, by file or by link: nothing runs, nothing is fetched, and no result is drawn.
  await openFile(page, 'hostile.ipynb', JSON.stringify(hostile(file)));
  await expect(page.getByText(/^hostile\.ipynb is open\. Left out: \d+ results\.$/)).toBeVisible();
  const link = await shareLink(page);
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByRole('textbox', { name: 'Notebook title' })).toHaveValue('Hostile 2');
  await expect(page.getByRole('button', { name: /^Backend: WebAssembly/ })).toBeVisible({ timeout: 60_000 });
  await expect(run.getByRole('button', { name: 'Run', exact: true })).toBeVisible();
  expect(await newestRun(page)).toEqual(newest);
  expect(page.workers().map((worker) => /translator|hub|worker/.exec(worker.url())?.[0])).toEqual(['worker']);
  expect(await page.content()).not.toContain('hostile-result');
  expect(await page.evaluate(() => 'wasRun' in window)).toBe(false);
});
