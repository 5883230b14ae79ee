// Models of a Hub on this machine, over a fake file system: every fault ends in the right bytes or a clear error.
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HubAccess } from '../../src/hub/hub-client.ts';
import { downloadFiles } from '../../src/hub/hub-download.ts';
import { parseHubName } from '../../src/hub/hub-id.ts';
import { lookUpModel } from '../../src/hub/hub-model.ts';
import { deleteKept, listKept, readKept, readModelFiles, wantFiles } from '../../src/hub/hub-store.ts';
import { writeFile } from '../../src/hub/opfs.ts';
import { commitOf, type FakeHub, type FakeRepository, startFakeHub } from './fake-hub.ts';
import { FakeDirectory } from './fake-opfs.ts';

/** Large enough to be resumed. */
const weights = Uint8Array.from({ length: 1.25 * 2 ** 20 }, (_, i) => (i * 2654435761) >>> 24);
const texts = { 'config.json': '{"model_type":"bert"}', 'vocab.txt': '[PAD]', 'README.md': '# A model' };
const model: FakeRepository = {
  kind: 'models',
  id: 'owner/tiny',
  aliases: ['tiny'],
  licence: 'mit',
  revisions: { main: { ...texts, 'model.safetensors': weights, 'training_args.bin': 'x' } },
};
const secret: FakeRepository = { ...model, id: 'owner/secret', access: { token: 'hf_1', isGated: false } };
const gated: FakeRepository = { ...model, id: 'owner/gated', access: { token: 'hf_1', isGated: true } };
const pytorchOnly: FakeRepository = {
  kind: 'models',
  id: 'owner/old',
  revisions: { main: { ...texts, 'pytorch_model.bin': 'x' } },
};
const converted: FakeRepository = {
  ...pytorchOnly,
  id: 'owner/converted',
  revisions: { ...pytorchOnly.revisions, 'refs/convert/safetensors': { 'model.safetensors': weights } },
};
const sharded: FakeRepository = {
  kind: 'models',
  id: 'owner/sharded',
  revisions: {
    main: {
      ...texts,
      'model.safetensors.index.json': '{}',
      'model-00001-of-00002.safetensors': 'first',
      'model-00002-of-00002.safetensors': 'second',
    },
  },
};

const fail = (problem: unknown) => {
  throw problem;
};

let hub: FakeHub;
let access: HubAccess;
let root: FakeDirectory;

beforeEach(async () => {
  root = new FakeDirectory();
  vi.stubGlobal('navigator', { storage: { getDirectory: async () => root } });
  hub = await startFakeHub([model, secret, gated, pytorchOnly, converted, sharded]);
  access = { endpoint: hub.url, token: null };
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await hub.close();
});

const find = (name: string, token = access.token) => lookUpModel({ ...access, token }, parseHubName(name));

async function fetchModel(name = 'owner/tiny', stallMs = 1500) {
  const { texts: small, weights: large, ...repository } = await find(name);
  const wanted = [...small, ...large].map((file) => ({ ...file, span: null }));
  const kept = await wantFiles(repository, wanted);
  return downloadFiles(access, kept, { waitsMs: [1, 1, 1], stallMs });
}

async function storedWeights(id = 'owner/tiny'): Promise<Buffer> {
  const files = await readModelFiles(id, commitOf(model));
  const blob = files.find(({ name }) => name === 'model.safetensors')!.blob;
  return Buffer.from(await blob.arrayBuffer());
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const bytesSent = (path: string) =>
  hub.asked.filter((asked) => asked.path.endsWith(path)).reduce((sum, { bytes }) => sum + bytes, 0);

describe('a name on the Hub', () => {
  it.each([
    ['google-bert/bert-base-uncased', 'google-bert/bert-base-uncased', 'main'],
    ['  bert-base-uncased ', 'bert-base-uncased', 'main'],
    ['a/b@v1.0', 'a/b', 'v1.0'],
    ['a/b@refs/pr/1', 'a/b', 'refs/pr/1'],
    ['https://huggingface.co/a/b', 'a/b', 'main'],
    ['https://huggingface.co/datasets/a/b/tree/refs%2Fpr%2F2', 'a/b', 'refs/pr/2'],
  ])('%s is read', (text, id, revision) => {
    expect(parseHubName(text)).toEqual({ id, revision });
  });

  it.each(['', 'a/b/c', '../etc/passwd', 'a/..', 'a b', 'http://x', 'a/b@'])('%j is refused', (text) => {
    expect(() => parseHubName(text)).toThrow(/expected owner\/name/);
  });
});

describe('looking a model up', () => {
  it('pins it to a commit, under the name that the Hub has for it', async () => {
    const found = await find('tiny');
    expect(found).toMatchObject({ id: 'owner/tiny', revision: 'main', commit: commitOf(model), licence: 'mit' });
    expect(found.texts.map(({ path }) => path)).toEqual(['config.json', 'vocab.txt', 'README.md']);
    expect(found.weights).toMatchObject([{ size: weights.length, hash: { kind: 'sha256', hex: sha256(weights) } }]);
  });

  it('takes shards where there is no whole file', async () => {
    expect((await find('owner/sharded')).weights.map(({ path }) => path)).toEqual([
      'model-00001-of-00002.safetensors',
      'model-00002-of-00002.safetensors',
    ]);
  });

  it('takes weights from the conversion branch where the model has PyTorch’s alone', async () => {
    const found = await find('owner/converted');
    expect(found.commit).toBe(commitOf(converted));
    expect(found.weights[0]).toMatchObject({ commit: commitOf(converted, 'refs/convert/safetensors') });
  });

  it('says that a safetensors revision is needed where there is none', async () => {
    await expect(find('owner/old')).rejects.toThrow(/expected model\.safetensors.*got pytorch_model\.bin/);
  });

  it.each([
    ['owner/none', null, /expected a model of this name, got none.*token/],
    ['owner/secret', null, /expected a model of this name, got none/],
    ['owner/gated', null, /gated.*enter a token/],
    ['owner/gated', 'hf_other', /gated.*token is of the same account/],
    ['owner/tiny@gone', null, /expected the revision “gone”/],
  ])('%s with token %s is refused with a way on', async (name, token, message) => {
    await expect(find(name, token)).rejects.toThrow(message);
  });

  it('sends a token to the Hub alone, where it opens what is private', async () => {
    access = { ...access, token: 'hf_1' };
    await fetchModel('owner/secret');
    const [store, own] = [true, false].map((isStore) =>
      hub.asked.filter(({ path }) => path.startsWith('/store/') === isStore).map(({ authorization }) => authorization),
    );
    expect(new Set(own)).toEqual(new Set(['Bearer hf_1']));
    expect(new Set(store)).toEqual(new Set([null])); // asked, and without it
  });

  it('without a network says what still works', async () => {
    await hub.close();
    await expect(find('owner/tiny')).rejects.toThrow(/expected an answer, got none.*goes on working/);
    hub = await startFakeHub([]);
  });
});

describe('downloading', () => {
  it('keeps every file, and reports up to the total', async () => {
    const { texts: small, weights: large, ...repository } = await find('owner/tiny');
    const kept = await wantFiles(
      repository,
      [...small, ...large].map((file) => ({ ...file, span: null })),
    );
    const seen: [number, number][] = [];
    const after = await downloadFiles(access, kept, { onProgress: (...bytes) => seen.push(bytes) });
    const total = after.files.reduce((sum, { size }) => sum + size, 0);
    expect(after.files.every(({ isComplete }) => isComplete)).toBe(true);
    expect(seen.at(-1)).toEqual([total, total]);
    expect(sha256(await storedWeights())).toBe(sha256(weights));
    expect(await readKept(after)).toEqual(after);
  });

  it('asks for nothing that is complete', async () => {
    await fetchModel();
    const before = hub.asked.length;
    const kept = await readKept({ kind: 'models', id: 'owner/tiny', commit: commitOf(model) });
    await downloadFiles(access, kept!);
    expect(hub.asked).toHaveLength(before);
  });

  it('goes on by range where the connection was cut, and no byte comes twice', async () => {
    hub.fail({ path: 'model.safetensors', kind: 'cut', at: 2 ** 19, times: 2 });
    await fetchModel();
    expect(sha256(await storedWeights())).toBe(sha256(weights));
    expect(hub.asked.filter(({ range }) => range !== null).length).toBeGreaterThanOrEqual(2);
    expect(bytesSent('model.safetensors')).toBeLessThan(weights.length + 2 * 65_536);
  });

  it('goes on from what an ended page had left, days later', async () => {
    hub.fail(
      { path: 'model.safetensors', kind: 'cut', at: 2 ** 19, times: 1 },
      { path: 'model.safetensors', kind: 'status' },
    );
    await expect(fetchModel()).rejects.toThrow(/status 503/);
    const left = root.bytesUsed();
    expect(left).toBeGreaterThan(2 ** 18);
    hub.fail();
    const before = bytesSent('model.safetensors');
    await fetchModel();
    expect(sha256(await storedWeights())).toBe(sha256(weights));
    expect(bytesSent('model.safetensors') - before).toBeLessThan(weights.length - 2 ** 18);
  });

  it('skips what it has where a mirror knows no ranges', async () => {
    hub.fail(
      { path: 'model.safetensors', kind: 'cut', at: 2 ** 19, times: 1 },
      { path: 'model.safetensors', kind: 'no-range', times: 1 },
    );
    await fetchModel();
    expect(sha256(await storedWeights())).toBe(sha256(weights));
  });

  it('takes a connection without a byte for cut', async () => {
    hub.fail({ path: 'model.safetensors', kind: 'stall', at: 2 ** 19, times: 1 });
    await fetchModel();
    expect(sha256(await storedWeights())).toBe(sha256(weights));
  });

  it('deletes wrong bytes and says so', async () => {
    hub.fail({ path: 'model.safetensors', kind: 'wrong-bytes' });
    await expect(fetchModel()).rejects.toThrow(/expected a file of sha256 .*got other bytes, which were deleted/);
    await expect(storedWeights()).rejects.toMatchObject({ code: 'not-kept' });
    hub.fail();
    await fetchModel();
    expect(sha256(await storedWeights())).toBe(sha256(weights));
  });

  it('checks small files by git’s name for them', async () => {
    hub.fail({ path: 'config.json', kind: 'wrong-bytes' });
    await expect(fetchModel()).rejects.toThrow(/config\.json: expected a file of git-sha1/);
  });

  it('fetches all anew where what lay on the disk was wrong', async () => {
    hub.fail(
      { path: 'model.safetensors', kind: 'cut', at: 2 ** 19, times: 1 },
      { path: 'model.safetensors', kind: 'status' },
    );
    await expect(fetchModel()).rejects.toThrow();
    const folder = await root.getDirectoryHandle('hub');
    const models = await folder.getDirectoryHandle('models');
    const files = await (await models.getDirectoryHandle('owner%2Ftiny')).getDirectoryHandle(commitOf(model));
    const part = files.entriesByName.get('model.safetensors') as unknown as { bytes: Uint8Array };
    part.bytes[10]! ^= 1;
    hub.fail();
    await fetchModel();
    expect(sha256(await storedWeights())).toBe(sha256(weights));
  });

  it('on a full disk keeps what came, and goes on once there is room', async () => {
    const small = new FakeDirectory({ quota: 2 ** 20 });
    root = small;
    await expect(fetchModel()).rejects.toThrow(/expected room for 2 MB in all, got: the browser's storage is full/);
    expect(small.bytesUsed()).toBeGreaterThan(2 ** 19);
    Object.assign(small.options, { quota: 2 ** 30 });
    await fetchModel();
    expect(sha256(await storedWeights())).toBe(sha256(weights));
  });

  it('fetches a part of a file alone', async () => {
    const { weights: large, texts: _, ...repository } = await find('owner/tiny');
    const span = { from: 1000, to: 5000 };
    const kept = await wantFiles(repository, [{ ...large[0]!, size: 4000, span }]);
    await downloadFiles(access, kept);
    const files = await readModelFiles('owner/tiny', commitOf(model));
    expect(Buffer.from(await files[0]!.blob.arrayBuffer())).toEqual(Buffer.from(weights.subarray(1000, 5000)));
    expect(bytesSent('model.safetensors')).toBe(4000);
  });
});

describe('what is kept', () => {
  it('is listed with its bytes, and gone once deleted', async () => {
    const kept = await fetchModel();
    expect(await listKept(fail)).toMatchObject([{ id: 'owner/tiny', bytes: root.bytesUsed() }]);
    await deleteKept(kept);
    expect(await listKept(fail)).toEqual([]);
    expect(root.bytesUsed()).toBe(0);
    await expect(storedWeights()).rejects.toMatchObject({ code: 'not-kept' });
  });

  it('is listed without what a newer page wrote, which is named and left as it is', async () => {
    await fetchModel();
    const other = await root.getDirectoryHandle('hub').then((hub) => hub.getDirectoryHandle('models'));
    const folder = await other
      .getDirectoryHandle('owner%2Fnew', { create: true })
      .then((id) => id.getDirectoryHandle('0'.repeat(40), { create: true }));
    await writeFile(folder.asHandle(), 'repository.json', new Blob(['{"version":2}']));
    const problems: unknown[] = [];
    expect(await listKept((problem) => problems.push(problem))).toMatchObject([{ id: 'owner/tiny' }]);
    expect(String(problems)).toMatch(/owner\/new, the list of its files: expected version 1 or older/);
    expect(folder.entriesByName.size).toBe(1);
  });

  it('is not what was kept once its size has changed', async () => {
    await fetchModel();
    const commit = commitOf(model);
    const hubFolder = await root.getDirectoryHandle('hub');
    const models = await hubFolder.getDirectoryHandle('models');
    const files = await (await models.getDirectoryHandle('owner%2Ftiny')).getDirectoryHandle(commit);
    (files.entriesByName.get('vocab.txt') as unknown as { bytes: Uint8Array }).bytes = new Uint8Array(1);
    await expect(readModelFiles('owner/tiny', commit)).rejects.toThrow(/vocab\.txt: expected 5 bytes.*got 1/);
  });
});
