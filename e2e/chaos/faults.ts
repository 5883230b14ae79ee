// What a browser may do to a run, by name. Each leaves a page of which nothing is known but that it will load.
import { expect, type Page } from '@playwright/test';
import type { KillableBrowser } from './killable-browser.ts';
import { type SavingPhase, savingPhases } from './saving.ts';

export interface Scene {
  readonly browser: KillableBrowser;
  /** The page that works. */
  page: Page;
  /** Of the page's address. */
  readonly base: string;
  /** In [0, 1). */
  readonly random: () => number;
}

export interface Fault {
  readonly name: string;
  /** How many of the newest checkpoints it takes with it. */
  readonly spoils: 0 | 1;
  /** Whether the run is broken off by it. */
  readonly breaksOff: boolean;
  /** Where it must happen; null: anywhere. */
  readonly phase: SavingPhase | null;
  inject(scene: Scene): Promise<void>;
}

const anywhere = { spoils: 0, breaksOff: true, phase: null } as const;
const phases = Object.keys(savingPhases) as readonly SavingPhase[];
const inEachPhase = (name: string, inject: Fault['inject']): readonly Fault[] =>
  phases.map((phase) => ({ ...anywhere, name: `${name} ${phase}`, phase, inject }));

const gpuFaults: readonly Fault[] = [
  { ...anywhere, name: 'GPU process crashed', inject: crashGpuProcess },
  ...inEachPhase('GPU process crashed', crashGpuProcess),
];

const commonFaults: readonly Fault[] = [
  { ...anywhere, name: 'worker terminated', inject: terminateWorker },
  ...inEachPhase('worker terminated', terminateWorker),
  { ...anywhere, name: 'page reloaded', inject: reload },
  ...inEachPhase('page reloaded', reload),
  { ...anywhere, name: 'browser killed', inject: killBrowser },
  ...inEachPhase('browser killed', killBrowser),
  { ...anywhere, name: 'tab closed', inject: closeTab },
  { ...anywhere, name: 'tab closed, another takes over', inject: takeOver },
  { ...anywhere, name: 'two tabs race for the place', inject: race },
  {
    ...anywhere,
    name: 'disk full in mid-write',
    breaksOff: false,
    phase: 'as its bytes are written',
    inject: fillDisk,
  },
  { ...anywhere, name: 'newest checkpoint: a bit flipped', spoils: 1, inject: (scene) => spoil(scene, 'flip') },
  { ...anywhere, name: 'newest checkpoint: cut short', spoils: 1, inject: (scene) => spoil(scene, 'cut') },
  { ...anywhere, name: 'newest checkpoint: gone', spoils: 1, inject: (scene) => spoil(scene, 'remove') },
];

export const faultsOf = (backend: 'WebGPU' | 'WebAssembly'): readonly Fault[] =>
  backend === 'WebGPU' ? [...gpuFaults, ...commonFaults] : commonFaults;

const watching = (page: Page) => page.getByText('Winnow is open in another tab');

function crashGpuProcess({ browser }: Scene): Promise<void> {
  return browser.crashGpuProcess();
}

/** All of them: a helper of the engine may be the first to die, too. The browser tells the page by this event. */
function terminateWorker({ page }: Scene): Promise<void> {
  return page.evaluate(() => {
    for (const worker of (window as unknown as { workers: Worker[] }).workers.splice(0)) {
      worker.terminate();
      worker.dispatchEvent(new ErrorEvent('error', { message: 'it was terminated' }));
    }
  });
}

async function reload({ page }: Scene): Promise<void> {
  await page.reload();
}

async function killBrowser(scene: Scene): Promise<void> {
  await scene.browser.kill();
  await openAgain(scene);
}

async function closeTab(scene: Scene): Promise<void> {
  await scene.page.close();
  await openAgain(scene);
}

async function openAgain(scene: Scene): Promise<void> {
  scene.page = await scene.browser.open();
  await scene.page.goto(`${scene.base}/`);
}

async function takeOver(scene: Scene): Promise<void> {
  const second = await scene.browser.open();
  await second.goto(`${scene.base}/`);
  await expect(watching(second)).toBeVisible({ timeout: 30_000 });
  await scene.page.close();
  scene.page = second;
  await expect(watching(second)).toBeHidden({ timeout: 30_000 });
}

/** Two are opened at once, and one of them works. */
async function race(scene: Scene): Promise<void> {
  const pages = [await scene.browser.open(), await scene.browser.open()];
  await scene.page.close();
  await Promise.all(pages.map((page) => page.goto(`${scene.base}/`)));
  const watchers = async () => {
    const areWatching = await Promise.all(pages.map((page) => watching(page).isVisible()));
    return pages.filter((_, index) => areWatching[index]);
  };
  await expect.poll(async () => (await watchers()).length, { timeout: 30_000 }).toBe(1);
  const [loser] = await watchers();
  scene.page = pages.find((page) => page !== loser) as Page;
  await loser?.close();
}

async function fillDisk({ page, random }: Scene): Promise<void> {
  const { origin } = new URL(page.url());
  const used = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: used + 2000 * random() });
  await expect(page.getByText(/expected room for .* got a full disk/)).toBeVisible({ timeout: 30_000 });
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await session.detach();
}

/** From a page without workers, so that nothing is written beside it. */
async function spoil({ page, base }: Scene, how: 'flip' | 'cut' | 'remove'): Promise<void> {
  await page.goto(`${base}/favicon.svg`);
  await page.evaluate(async (kind) => {
    const root = await navigator.storage.getDirectory();
    for await (const entry of (await root.getDirectoryHandle('checkpoints')).values()) {
      const folder = entry as FileSystemDirectoryHandle;
      const names: string[] = [];
      for await (const name of folder.keys()) names.push(name);
      const [newest] = names.sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10));
      if (newest === undefined) continue;
      const handle = await folder.getFileHandle(newest);
      const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
      const middle = bytes.length >> 1;
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      if (kind === 'remove') {
        await folder.removeEntry(newest);
        continue;
      }
      const stream = await handle.createWritable();
      await stream.write(kind === 'flip' ? bytes : bytes.slice(0, middle));
      await stream.close();
    }
  }, how);
  await page.goto(`${base}/`);
}
