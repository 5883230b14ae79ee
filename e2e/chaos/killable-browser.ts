// A browser with a disk of its own that can be killed like any process, and comes back to what it had kept.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { requireChromium, softwareFlags } from '../../scripts/lib/chromium.ts';

/** Chromium gives up a GPU, and a page's claim to it, that fails too often; here that is what it is for. */
const forgivingFlags = ['--disable-gpu-process-crash-limit', '--disable-domain-blocking-for-3d-apis'];

export class KillableBrowser {
  private readonly profile = mkdtempSync(join(tmpdir(), 'winnow-chaos-'));
  private process: ChildProcess | null = null;
  private browser: Browser | null = null;
  /** Errors that no page caught. */
  readonly uncaught: string[] = [];

  /** A new page, in a new process where none is running. Its workers are within reach as `window.workers`. */
  async open(): Promise<Page> {
    this.browser ??= await this.launch();
    const [context] = this.browser.contexts();
    if (!context) throw new Error('browser: expected its own context, got none');
    const page = await context.newPage();
    page.on('pageerror', ({ message }) => this.uncaught.push(message));
    await page.addInitScript(() => {
      const workers: Worker[] = [];
      class KnownWorker extends Worker {
        constructor(...args: ConstructorParameters<typeof Worker>) {
          super(...args);
          workers.push(this);
        }
      }
      Object.assign(window, { workers, Worker: KnownWorker });
    });
    return page;
  }

  async crashGpuProcess(): Promise<void> {
    if (!this.browser) throw new Error('browser: expected one that runs, got none');
    const session = await this.browser.newBrowserCDPSession();
    await session.send('Browser.crashGpuProcess' as never);
    await session.detach();
  }

  /** SIGKILL, to all of its processes at once. */
  async kill(): Promise<void> {
    const { process: running } = this;
    this.process = null;
    this.browser = null;
    if (!running?.pid || running.exitCode !== null) return;
    const gone = once(running, 'exit');
    process.kill(-running.pid, 'SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  private async launch(): Promise<Browser> {
    const own = ['--headless', '--remote-debugging-port=0', `--user-data-dir=${this.profile}`, 'about:blank'];
    this.process = spawn(requireChromium(), [...softwareFlags, ...forgivingFlags, ...own], {
      detached: true, // a group of its own, to be killed as one
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return chromium.connectOverCDP(await addressOf(this.process));
  }
}

/** Goes on reading, so that the pipe never fills. */
function addressOf({ stderr }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-10_000);
      const address = /DevTools listening on (\S+)/.exec(said)?.[1];
      if (address) resolve(address);
    });
    stderr?.on('end', () => reject(new Error(`browser: expected the address of its tools, got "${said}"`)));
  });
}
