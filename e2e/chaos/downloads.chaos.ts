// Downloads that are cut off again and again. Each ends with the right bytes, or with a word about what went wrong.
// DOWNLOADS and SEED in the environment say how many faults, and which.
import { createHash } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { createRandom } from '../../src/engine/random.ts';
import { commitOf, type FakeHub, type FakeRepository, startFakeHub } from '../../tests/hub/fake-hub.ts';
import { chooseHub, find, modelCell } from '../support/hub.ts';
import { hashOnDisk } from '../support/kept.ts';
import { ownModel, padWeights } from '../support/own-model.ts';
import { KillableBrowser } from './killable-browser.ts';
import { tableOf } from './table.ts';

const FAULTS = Number(process.env.DOWNLOADS ?? 24);
const SEED = Number(process.env.SEED ?? 1);
const FAULTS_EACH = 3;
const WEIGHTS = 'model.safetensors';
const padded = padWeights(ownModel[WEIGHTS], 2 ** 23);
const repositoryOf = (id: string): FakeRepository => ({
  kind: 'models',
  id,
  revisions: { main: { ...ownModel, [WEIGHTS]: padded } },
});

interface Scene {
  readonly browser: KillableBrowser;
  readonly hub: FakeHub;
  page: Page;
  readonly base: string;
  /** A byte of the file. */
  readonly place: () => number;
}

/** Each leaves a page on which the download can be asked for again. */
const faults: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  'connection cut, then back': async ({ hub, page, place }) => {
    hub.fail({ path: WEIGHTS, kind: 'cut', at: place(), times: 2 });
    await download(page);
    await expect(whole(page)).toBeVisible({ timeout: 60_000 });
  },
  'connection cut, server without ranges': async ({ hub, page, place }) => {
    hub.fail({ path: WEIGHTS, kind: 'cut', at: place(), times: 1 }, { path: WEIGHTS, kind: 'no-range' });
    await download(page);
    await expect(whole(page)).toBeVisible({ timeout: 60_000 });
  },
  'connection gone': async ({ hub, page, place }) => {
    hub.fail({ path: WEIGHTS, kind: 'cut', at: place(), times: 1 }, { path: WEIGHTS, kind: 'cut', at: 0 });
    await download(page);
    await expect(problem(page)).toContainText(/before the connection was cut|expected an answer, got none/, {
      timeout: 60_000,
    });
  },
  'server refuses': async ({ hub, page }) => {
    hub.fail({ path: WEIGHTS, kind: 'status' });
    await download(page);
    await expect(problem(page)).toContainText('got status 503', { timeout: 60_000 });
  },
  'wrong bytes': async ({ hub, page }) => {
    hub.fail({ path: WEIGHTS, kind: 'wrong-bytes' });
    await download(page);
    await expect(problem(page)).toContainText('got other bytes, which were deleted', { timeout: 60_000 });
  },
  'disk full': async (scene) => {
    await midway(scene);
    const { origin } = new URL(scene.page.url());
    const session = await scene.page.context().newCDPSession(scene.page);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    await expect(problem(scene.page)).toContainText("the browser's storage is full. ", { timeout: 60_000 });
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    await session.detach();
  },
  'page reloaded': async (scene) => {
    await midway(scene);
    await scene.page.reload();
  },
  'tab closed': async (scene) => {
    await midway(scene);
    await scene.page.close();
    await openAgain(scene);
  },
  'browser killed': async (scene) => {
    await midway(scene);
    await scene.browser.kill();
    await openAgain(scene);
  },
};

const whole = (page: Page) => modelCell(page).getByText('Vocabulary');
const problem = (page: Page) => modelCell(page).getByRole('alert');

const download = (page: Page) =>
  modelCell(page)
    .getByRole('button', { name: /^Download/ })
    .click();

async function openAgain(scene: Scene): Promise<void> {
  scene.page = await scene.browser.open();
  await scene.page.goto(`${scene.base}/`);
}

/** Under way, and not at its end. */
async function midway({ hub, page, place }: Scene): Promise<void> {
  hub.fail({ path: WEIGHTS, kind: 'stall', at: place() });
  await download(page);
  await expect(modelCell(page).getByRole('progressbar')).toHaveAttribute('aria-valuetext', /MB/, { timeout: 30_000 });
}

test(`${FAULTS} faults of downloads`, async ({ baseURL: base = '' }) => {
  const random = createRandom(SEED);
  const repositories = Array.from({ length: FAULTS }, (_, index) => repositoryOf(`owner/model-${index}`));
  const hub = await startFakeHub(repositories);
  const browser = new KillableBrowser();
  const place = () => Math.floor(random.float() * padded.length);
  const injected: string[] = [];
  try {
    const scene: Scene = { browser, hub, page: await browser.open(), base, place };
    await scene.page.goto(`${base}/?preset=quick`);
    await expect(modelCell(scene.page)).toBeVisible({ timeout: 60_000 });
    await chooseHub(scene.page, hub.url);
    let models = 0;
    for (const repository of repositories) {
      if (injected.length === FAULTS) break;
      models++;
      const { id } = repository;
      await find(scene.page, id);
      for (let fault = 0; fault < FAULTS_EACH && injected.length < FAULTS; fault++) {
        await expect(modelCell(scene.page).getByRole('heading', { name: new RegExp(`^${id} at`) })).toBeVisible({
          timeout: 60_000,
        });
        const name = Object.keys(faults)[injected.length % Object.keys(faults).length] as string;
        await faults[name]?.(scene);
        injected.push(name);
        if (await whole(scene.page).isVisible()) break;
      }
      hub.fail();
      if (!(await whole(scene.page).isVisible())) await download(scene.page);
      await expect(whole(scene.page)).toBeVisible({ timeout: 60_000 });
      const path = ['hub', 'models', encodeURIComponent(id), commitOf(repository), WEIGHTS];
      expect(await hashOnDisk(scene.page, path)).toBe(hashOf(padded));
    }
    expect(injected).toHaveLength(FAULTS);
    expect(browser.uncaught).toEqual([]);
    console.log(tableOf(injected.map((fault) => ({ fault, lost: null }))));
    console.log(`${FAULTS} faults, ${models} models of ${padded.length} bytes, each with the right SHA-256.`);
  } finally {
    await browser.close();
    await hub.close();
  }
});

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
