// `npm run pictures`: the main views of the page as its readers see them, with real runs of the first notebook in them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Locator, type Page } from 'playwright';
import { sizeIds } from '../src/notebook/sizes.ts';
import { ensurePage } from './lib/build.ts';
import { hardwareFlags, requireChromium } from './lib/chromium.ts';
import { oneOf, runCommand } from './lib/command.ts';
import { productHeaders } from './lib/headers.ts';
import { serve } from './lib/static-server.ts';

const looks = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1200, height: 860 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1200, height: 860 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const;

const TRAINED_MS = 60 * 60_000;

await runCommand({
  usage: 'npm run pictures -- [--size quick|full] [--out DIR]',
  options: {
    size: { type: 'string', default: 'quick' },
    out: { type: 'string', default: 'docs/views' },
  },
  positionals: 0,
  async run({ size, out }) {
    const preset = oneOf('size', sizeIds, size);
    mkdirSync(out, { recursive: true });
    const server = await serve({
      mounts: [{ prefix: '/', folder: await ensurePage() }],
      headers: productHeaders,
      port: 0,
    });
    const browser = await chromium.launch({ executablePath: requireChromium(), args: [...hardwareFlags] });
    try {
      const page = await browser.newPage();
      await page.goto(`${server.url}/?preset=${preset}`);
      await page.getByRole('button', { name: 'Run all' }).click();
      const movement = cell(page, 'Run: movement');
      await movement.getByText(/^Step [1-9]\d+ of/).waitFor({ timeout: TRAINED_MS });
      await picture(page, movement, join(out, 'run'));
      await movement.getByText('done', { exact: true }).waitFor({ timeout: TRAINED_MS });
      await picture(page, cell(page, 'Compare'), join(out, 'compare'));
      const masks = cell(page, 'Masks').first();
      await picture(page, masks, join(out, 'masks'));
      await masks.getByRole('radio', { name: 'Movement', exact: true }).check({ force: true });
      await picture(page, masks, join(out, 'movement'));
      await page.goto(`${server.url}/?template=twenty-labels&preset=${preset}`);
      const few = cell(page, 'Run: uda');
      await few.getByRole('listitem').first().waitFor();
      await picture(page, few, join(out, 'few-labels'));
      return 0;
    } finally {
      await browser.close();
      await server.close();
    }
  },
});

function cell(page: Page, name: string): Locator {
  return page.getByRole('region', { name });
}

/** What stands at the top of the window when `target` is under the page's header, once for each look. */
async function picture(page: Page, target: Locator, path: string): Promise<void> {
  for (const { name, colorScheme, viewport } of looks) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    // Cells that come into sight are laid out then, and move what is below them.
    for (let turn = 0; turn < 3; turn++) {
      await target.evaluate((element) => {
        element.scrollIntoView({ block: 'start' });
        window.scrollBy(0, -72);
      });
      await page.waitForTimeout(400);
    }
    await page.screenshot({ path: `${path}-${name}.png` });
    console.log(`${path}-${name}.png`);
  }
}
