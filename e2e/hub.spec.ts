// A model by its name: found, fetched through every fault of a network, kept, used without one, and deleted.
import { parseConfig } from '../src/engine/model/config.ts';
import { bertJson, tinyFile, tinyTensors } from '../tests/engine/model/tiny.ts';
import { type FakeHub, type FakeRepository, startFakeHub } from '../tests/hub/fake-hub.ts';
import { questionTable } from '../tests/hub/parquet-files.ts';
import { expectAccessible } from './support/accessibility.ts';
import { chooseHub, find, modelCell, openStorage } from './support/hub.ts';
import { ownModel, padWeights } from './support/own-model.ts';
import { expect, test } from './support/test.ts';

/** Weights large enough to be resumed, and to outgrow what Chromium sets aside ahead: a tensor that no model uses pads them. */
const padded = padWeights(ownModel['model.safetensors'], 2 ** 23);
const tiny: FakeRepository = {
  kind: 'models',
  id: 'owner/tiny',
  aliases: ['tiny'],
  licence: 'mit',
  revisions: { main: { ...ownModel, 'model.safetensors': padded } },
};
const large = {
  max_position_embeddings: 512,
  hidden_size: 2048,
  num_hidden_layers: 10,
  num_attention_heads: 16,
  intermediate_size: 8192,
};
const repositories: readonly FakeRepository[] = [
  tiny,
  { ...tiny, id: 'owner/gated', access: { token: 'hf_secret', isGated: true } },
  {
    ...tiny,
    id: 'owner/old',
    revisions: { main: { 'config.json': ownModel['config.json'], 'pytorch_model.bin': 'PK' } },
  },
  {
    ...tiny,
    id: 'owner/gpt',
    revisions: { main: { 'config.json': '{"model_type":"gpt2","auto_map":{}}', 'model.safetensors': padded } },
  },
  {
    ...tiny,
    id: 'owner/large',
    revisions: {
      main: {
        'config.json': JSON.stringify({ ...bertJson, vocab_size: 30_522, ...large }),
        'vocab.txt': ownModel['vocab.txt'],
        'model.safetensors': { size: 2.1e9 },
      },
    },
  },
  { ...tiny, id: 'owner/huge', revisions: { main: { ...ownModel, 'model.safetensors': { size: 2e15 } } } },
];

/** What the template names, in small: a question is answered by the number that its context holds. */
const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...'the plot of film is very good which'.split(' ')];
const bertConfig = { ...bertJson, vocab_size: words.length, max_position_embeddings: 64 };
const bert: FakeRepository = {
  ...tiny,
  id: 'google-bert/bert-base-uncased',
  revisions: {
    main: {
      'config.json': JSON.stringify(bertConfig),
      'vocab.txt': words.join('\n'),
      'model.safetensors': tinyFile(tinyTensors(parseConfig(bertConfig), 'question-answering')),
    },
  },
};
const squad: FakeRepository = {
  kind: 'datasets',
  id: 'rajpurkar/squad',
  revisions: {
    main: {},
    'refs/convert/parquet': {
      'plain_text/train/0000.parquet': questionTable(6400, 100),
      'plain_text/validation/0000.parquet': questionTable(100, 100),
    },
  },
};

let hub: FakeHub;
test.beforeEach(async () => {
  hub = await startFakeHub([...repositories, bert, squad]);
});
test.afterEach(() => hub.close());
// The Hub is asked, and refuses some of it.
test.use({ provoked: /left this machine: http:\/\/localhost:\d+\/|Failed to load resource/ });

test('a model of the Hub, with what can go wrong on the way', async ({ page }) => {
  await page.goto('/?preset=quick');
  const cell = modelCell(page);
  const problem = cell.getByRole('alert');
  await expect(cell).toBeVisible({ timeout: 60_000 });
  await chooseHub(page, hub.url);

  await find(page, 'owner/none');
  await expect(problem).toContainText('owner/none: expected a model of this name, got none.');
  await find(page, 'owner/tiny@gone');
  await expect(problem).toContainText('expected the revision “gone”');
  await find(page, 'owner/old');
  await expect(problem).toContainText('expected model.safetensors (or its shards), got pytorch_model.bin');
  await find(page, 'owner/gpt');
  await expect(problem).toContainText(/expected model_type "bert".*got "gpt2"/);
  await find(page, 'owner/gated');
  await expect(problem).toContainText('it is gated');
  await problem.getByRole('button', { name: 'Address and token' }).click();
  let storage = page.getByRole('dialog', { name: 'Models and data on this machine' });
  await storage.getByLabel(/^Token/).fill('hf_secret');
  await storage.getByRole('button', { name: 'Close' }).click();
  await find(page, 'owner/gated');
  await expect(cell.getByRole('heading', { name: /^owner\/gated at [0-9a-f]{7}$/ })).toBeVisible();
  await cell.getByRole('button', { name: /^Download/ }).click();
  await expect(cell.getByText('Vocabulary')).toBeVisible();
  const stored = hub.asked.filter(({ path, method }) => path.startsWith('/store/') && method === 'GET');
  expect(stored.map(({ authorization }) => authorization)).toEqual([null]); // the token went to the Hub alone

  // What it would need is known before its weights are fetched.
  await find(page, 'owner/large');
  await expect(cell.getByRole('button', { name: 'Download 2100 MB' })).toBeVisible();
  const run = page.getByRole('region', { name: 'Run: movement' });
  await expect(run.getByText(/^Needs up to about [\d.]+ GiB, more than the 4 GiB that WebAssembly/)).toBeVisible();
  const room = run.getByText(
    /^Takes up to [\d.]+ GiB on the disk \(up to three checkpoints of .* GiB left for this page/,
  );
  await expect(room).toBeVisible();
  expect(hub.asked.some(({ path }) => path.startsWith('/owner/large/resolve/') && path.endsWith('.safetensors'))).toBe(
    false,
  );

  await find(page, 'owner/huge');
  await expect(cell.getByRole('heading', { name: /^owner\/huge/ })).toBeVisible();
  await cell.getByRole('button', { name: /^Download/ }).click();
  await expect(problem).toContainText(/expected room for 1860000 GiB, got [\d.]+ GiB that this browser still allows/);

  await find(page, 'tiny');
  await expect(cell.getByRole('heading', { name: /^owner\/tiny at [0-9a-f]{7}$/ })).toBeVisible();
  await expectAccessible(page);
  hub.fail(
    { path: 'model.safetensors', kind: 'cut', at: 2 ** 20, times: 1 },
    { path: 'model.safetensors', kind: 'status' },
  );
  await cell.getByRole('button', { name: 'Download 8.4 MB' }).click();
  await expect(problem).toContainText('got status 503', { timeout: 30_000 });
  hub.fail({ path: 'model.safetensors', kind: 'wrong-bytes' });
  await cell.getByRole('button', { name: /^Download/ }).click();
  await expect(problem).toContainText('got other bytes, which were deleted', { timeout: 30_000 });
  hub.fail();
  hub.slowTo(800_000);
  await cell.getByRole('button', { name: /^Download/ }).click();
  await expect(cell.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /MB, 0\.\d MB\/s, about .* left/);
  await cell.getByRole('button', { name: 'Break off' }).click();
  const devtools = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await cell.getByRole('button', { name: /^Download/ }).click();
  await expect(cell.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /MB\/s/);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await expect(problem).toContainText("the browser's storage is full. Delete", { timeout: 30_000 });
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  hub.slowTo(null);
  const before = bytesOf('model.safetensors');
  await cell.getByRole('button', { name: /^Download/ }).click();
  await expect(cell.getByText('Vocabulary')).toBeVisible({ timeout: 30_000 });
  expect(bytesOf('model.safetensors') - before).toBeLessThan(padded.length); // it went on from where it was broken off
  await expect(cell.getByText('1 key of the file not used')).toBeVisible();

  // Kept: a reload asks nobody, and what was pinned trains without a network.
  await hub.close();
  const asked = hub.asked.length;
  await page.reload();
  await expect(modelCell(page).getByText('Vocabulary')).toBeVisible({ timeout: 30_000 });
  expect(hub.asked.length).toBe(asked);
  await find(page, 'owner/other');
  await expect(problem).toContainText('expected an answer, got none');

  await page.evaluate(async () => {
    const imports = await (await navigator.storage.getDirectory()).getDirectoryHandle('imports', { create: true });
    const writable = await (await imports.getFileHandle('later.json', { create: true })).createWritable();
    await writable.write('{"version":2}');
    await writable.close();
  });
  storage = await openStorage(page);
  await expect(storage.getByText(/^import "later": expected version 1 or older/)).toBeVisible();
  await expect(storage.getByText(/model, .* at [0-9a-f]{7}/).first()).toBeVisible();
  await expectAccessible(page);
  await storage.getByRole('button', { name: 'Delete owner/tiny' }).click();
  await storage.getByRole('button', { name: 'Yes, delete owner/tiny' }).click();
  await expect(storage.getByText('owner/tiny')).toBeHidden();
  await storage.getByRole('button', { name: 'Close' }).click();
  await expect(modelCell(page).getByText('Not on this machine yet')).toBeVisible();
});

test('the recipe “A tenth of SQuAD”, from the Hub to a pruned model', async ({ page }) => {
  await page.goto('/?template=tenth-of-squad&preset=quick');
  await expect(modelCell(page)).toBeVisible({ timeout: 60_000 });
  await chooseHub(page, hub.url);
  await expect(modelCell(page)).toContainText('has not been looked up on this machine');
  await modelCell(page).getByRole('button', { name: 'Download' }).click();
  await expect(modelCell(page).getByText('Vocabulary')).toBeVisible({ timeout: 30_000 });

  const data = page.getByRole('region', { name: /^Data/ });
  await data.getByRole('button', { name: 'Download' }).click();
  await expect(data.getByRole('definition').filter({ hasText: 'Question answering' })).toBeVisible({ timeout: 30_000 });
  await expect(data.getByText('320', { exact: true })).toBeVisible();
  await expect(data.getByText(/train 6400, dev 100, test 0\. It has no test split/)).toBeVisible();
  const table = squad.revisions['refs/convert/parquet']!['plain_text/train/0000.parquet'] as Uint8Array;
  // 4 of 64 row groups, and the footer.
  expect(bytesOf('train/0000.parquet')).toBeLessThan(table.length / 16 + 2 ** 16);

  // Shuffled, a tenth lies all over the split: how much more that is, is said before it is fetched.
  await data.getByText('Shuffle and filter').click();
  await data.getByLabel(/^Shuffle by seed/).fill('42');
  await data.getByLabel(/^Shuffle by seed/).press('Enter');
  await expect(
    data.getByText(/expected 0\.\d MB more for these slices \(shuffled rows lie all over a split\)/),
  ).toBeVisible();
  expect(bytesOf('train/0000.parquet')).toBeLessThan(table.length / 16 + 2 ** 16);
  await data.getByRole('button', { name: 'Download' }).click();
  await expect(data.getByText('320', { exact: true })).toBeVisible({ timeout: 30_000 });
  await data.getByLabel('Text contains').fill('FILM 1');
  await data.getByLabel('Text contains').press('Enter');
  await expect(data.getByText(/^\d\d of 320$/)).toBeVisible();
  await expect(data.getByText('Shuffle and filter: shuffled by 42, with “FILM 1”')).toBeVisible();
  await expectAccessible(page);

  const run = page.getByRole('region', { name: 'Run: movement' });
  await run.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(run.getByText('done', { exact: true })).toBeVisible({ timeout: 120_000 });
  await expect(run.getByText('F1, dev')).toBeVisible();
});

const bytesOf = (path: string) =>
  hub.asked.filter((asked) => asked.path.endsWith(path)).reduce((sum, { bytes }) => sum + bytes, 0);
