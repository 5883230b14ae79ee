// Runs one page of tools/ in headless Chromium: the built engine and worker, with folders of this machine to read.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { ensureTools } from './build.ts';
import { hardwareFlags, requireChromium } from './chromium.ts';
import { isolationHeaders } from './headers.ts';
import { repositoryRoot } from './paths.ts';
import { type Mount, serve } from './static-server.ts';

export interface PageOptions {
  /** `golden` opens tools/golden.html. */
  readonly name: string;
  /** Folders that the page may read, the first under `/files/0/`, the next under `/files/1/`, … */
  readonly folders?: readonly string[];
  /** Functions that the page finds on `globalThis`; their arguments travel as JSON. */
  readonly receivers?: Readonly<Record<string, (...values: never[]) => unknown>>;
}

export interface OpenPage {
  readonly page: Page;
  /** The server's address, without a slash at the end. */
  readonly url: string;
  /** The same page once more, in the same browser. */
  openAnother(): Promise<Page>;
}

type Callable = Readonly<Record<string, (...values: never[]) => unknown>>;

/** Calls what a page has put on `globalThis`; arguments and result travel as JSON. */
export function callPage<Functions extends Callable>(page: Page) {
  return async <Name extends keyof Functions & string>(
    name: Name,
    ...values: Parameters<Functions[Name]>
  ): Promise<Awaited<ReturnType<Functions[Name]>>> => {
    try {
      return await page.evaluate(
        ([key, given]) => (globalThis as unknown as Record<string, (...values: unknown[]) => never>)[key]!(...given),
        [name, values] as const,
      );
    } catch (error) {
      throw new Error(ownMessage(error as Error), { cause: error });
    }
  };
}

/** What the page itself said, without Playwright's prefix and the page's stack. */
function ownMessage({ message }: Error): string {
  return message.replace(/^page\.evaluate: (\w+: )?/, '').replace(/\n {4}at [\s\S]*$/, '');
}

/** Opens a page that does one thing, called `run`. */
export function runInPage<Result>(options: PageOptions, input: unknown): Promise<Result> {
  return withPage(options, ({ page }) => callPage<{ run(input: unknown): Promise<Result> }>(page)('run', input));
}

/** Opens the page, hands it to `use` and closes browser and server, whatever happens. */
export async function withPage<Result>(
  options: PageOptions,
  use: (open: OpenPage) => Promise<Result>,
): Promise<Result> {
  const { name, folders = [], receivers = {} } = options;
  const tools = await ensureTools();
  const mounts = [...folders.map(mountFolder), { prefix: '/', folder: tools }, publicFolder];
  const server = await serve({ mounts, headers: () => isolationHeaders, port: 0 });
  try {
    const profile = mkdtempSync(join(tmpdir(), 'winnow-browser-'));
    // A profile on disk: a private window would hold stored runs in memory, and few of them.
    const browser = await chromium.launchPersistentContext(profile, {
      executablePath: requireChromium(),
      args: [...hardwareFlags],
    });
    try {
      const open = async () => {
        const page = await browser.newPage();
        for (const [receiver, receive] of Object.entries(receivers)) await page.exposeFunction(receiver, receive);
        reportTrouble(page);
        const response = await page.goto(`${server.url}/${name}.html`);
        if (!response?.ok()) throw new Error(`tools/${name}.html: expected a page of the tools build, got none.`);
        return page;
      };
      return await use({ page: await open(), url: server.url, openAnother: open });
    } finally {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    }
  } finally {
    await server.close();
  }
}

const publicFolder: Mount = { prefix: '/', folder: join(repositoryRoot, 'public') };

function mountFolder(folder: string, index: number): Mount {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${folder}: expected a folder, found none. Check the path.`);
  }
  return { prefix: `/files/${index}/`, folder };
}

/** Standard output belongs to the command's result; what goes wrong in the page goes to standard error. */
function reportTrouble(page: Page): void {
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`page: ${message.text()}`);
  });
}
