// Every kind of record that the page keeps: an older one is read as it was meant, and one of a newer page is refused with
// what to do, and still there byte for byte after this page has read, written and pruned around it.
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readImport, saveImport } from '../../src/hub/file-store.ts';
import { readKept, wantFiles } from '../../src/hub/hub-store.ts';
import { openFolder, writeFile } from '../../src/hub/opfs.ts';
import { emptyNotebook, type NotebookDocument } from '../../src/notebook/document.ts';
import { newestReadable } from '../../src/notebook/library/library.ts';
import { newEntry, openNotebookRepository } from '../../src/notebook/library/repository.ts';
import { createUnsavedStore } from '../../src/notebook/library/unsaved.ts';
import { MOST_VERSIONS } from '../../src/notebook/library/versions.ts';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import { openRunRepository } from '../../src/runs/repository.ts';
import { parseManifest } from '../../src/worker/artefact.ts';
import { findRunNamed } from '../../src/worker/run-store.ts';
import { FakeDirectory } from '../hub/fake-opfs.ts';
import { runOfCell } from '../notebook/run-records.ts';

const refusal = /expected version 1 or older, but a newer Winnow wrote what is there.*Reload the page/;
const nobody = () => undefined;
let databases = 0;
const freshName = () => `records-${databases++}`;

describe('a run record', () => {
  const old = {
    run: {
      id: 'old',
      cellId: 'c',
      spec: { name: 'r' },
      createdAt: 5,
      status: 'done',
      started: null,
      progress: null,
      summary: null,
    },
    series: { 'train/loss': Float64Array.of(1, 0.5) },
  };

  async function storeRecord(name: string, id: string, record: unknown): Promise<void> {
    const db = await openDB(name, 1, { upgrade: (created) => void created.createObjectStore('records') });
    await db.put('records', record, id);
    db.close();
  }

  it('of the first pages gets what has been added since', async () => {
    const name = freshName();
    await storeRecord(name, 'old', old);
    const [record] = await openRunRepository(nobody, name).load();
    expect(record).toMatchObject({ run: { id: 'old', notebookId: 'first', variant: '', sources: null, warnings: [] } });
    expect(record!.series).toEqual(old.series);
  });

  it('of a newer page is refused, and left there beside what this page saves', async () => {
    const name = freshName();
    const newer = { version: 2, run: { id: 'newer', whatever: true } };
    await storeRecord(name, 'newer', newer);
    await storeRecord(name, 'old', old);
    const problems: Error[] = [];
    const repository = openRunRepository((problem) => problems.push(problem), name);
    const [record, ...others] = await repository.load();
    expect([record?.run.id, others]).toEqual(['old', []]);
    expect(problems.map(String)).toEqual([expect.stringMatching(refusal)]);
    await repository.save(record!);
    expect(await repository.ids()).toEqual(['newer', 'old']);
    const db = await openDB(name, 1);
    expect(await db.get('records', 'newer')).toEqual(newer);
    expect(await db.get('records', 'old')).toMatchObject({ version: 1 });
  });
});

describe('a version of a notebook', () => {
  const newer = { version: 2, title: 'of the future' };
  const titled = (title: string): NotebookDocument => ({ ...emptyNotebook, title });

  it('of a newer page is refused where there is no other', async () => {
    const repository = openNotebookRepository(freshName());
    await repository.add(newEntry({ id: 'a', title: '', now: 1 }), newer as unknown as NotebookDocument);
    const versions = await repository.versions('a');
    expect(() => newestReadable(versions)).toThrow(refusal);
  });

  it('of a newer page outlives the pruning of those that this page can read', async () => {
    const name = freshName();
    const repository = openNotebookRepository(name);
    await repository.add(newEntry({ id: 'a', title: '', now: 1 }), newer as unknown as NotebookDocument);
    const db = await openDB(name, 2);
    for (let day = 1; day < MOST_VERSIONS + 5; day++) await db.put('versions', titled('old'), ['a', day * 86_400_000]);
    await repository.save('a', titled('now'), 1);
    expect(await db.get('versions', ['a', 1])).toEqual(newer);
    expect(await db.count('versions')).toBe(MOST_VERSIONS + 1);
  });

  it('that waits in localStorage is neither replaced nor dropped', () => {
    const left = JSON.stringify({ document: newer, basedOn: 1 });
    const items = new Map([['winnow-unsaved-a', left]]);
    const storage = {
      length: 1,
      key: (index: number) => [...items.keys()][index] ?? null,
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
      removeItem: (key: string) => void items.delete(key),
      clear: () => items.clear(),
    };
    const unsaved = createUnsavedStore(storage);
    unsaved.keep({ id: 'a', document: emptyNotebook, basedOn: 1 });
    unsaved.drop('a');
    expect([unsaved.all(), items.get('winnow-unsaved-a')]).toEqual([[], left]);
  });
});

describe('a list of files', () => {
  const root = new FakeDirectory().asHandle();
  const pinned = { kind: 'models', id: 'a/b', commit: 'c'.repeat(40) } as const;
  const newer = JSON.stringify({ version: 2, key: 'k', shards: [] });
  const files = [{ name: 'config.json', blob: new Blob(['{}']) }];

  beforeEach(() => vi.stubGlobal('navigator', { storage: { getDirectory: async () => root } }));
  afterEach(() => void vi.unstubAllGlobals());

  async function fileAt(path: readonly string[]): Promise<FileSystemFileHandle> {
    let folder = root;
    for (const name of path.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
    return folder.getFileHandle(path.at(-1)!, { create: true });
  }

  it.each([
    ['an import read', ['imports', 'k.json'], () => readImport('k')],
    ['an import dropped again', ['imports', 'k.json'], () => saveImport('k', files)],
    ['a repository read', ['hub', 'models', 'a%2Fb', pinned.commit, 'repository.json'], () => readKept(pinned)],
    [
      'a repository downloaded',
      ['hub', 'models', 'a%2Fb', pinned.commit, 'repository.json'],
      () => wantFiles({ ...pinned, revision: 'main', licence: null }, []),
    ],
  ])('of a newer page is refused, and left as it is: %s', async (_, path, use) => {
    const writable = await (await fileAt(path)).createWritable();
    await new Blob([newer]).stream().pipeTo(writable);
    await expect(use()).rejects.toThrow(refusal);
    expect(await (await (await fileAt(path)).getFile()).text()).toBe(newer);
  });

  it('of an import of the first pages, which has no version, is read', async () => {
    await saveImport('old', files);
    const writable = await (await fileAt(['imports', 'old.json'])).createWritable();
    await new Blob([JSON.stringify({ key: 'old', files: [{ name: 'config.json', size: 2 }] })])
      .stream()
      .pipeTo(writable);
    expect((await readImport('old')).map(({ name }) => name)).toEqual(['config.json']);
  });

  it('of a finished run of a newer page is refused', () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ version: 2 }));
    expect(() => parseManifest(bytes)).toThrow(refusal);
  });

  it('of a finished run of a newer page hides none that this page can read, and is named where it finds none', async () => {
    const writeManifest = async (runId: string, manifest: object) =>
      writeFile(await openFolder('runs', runId), 'manifest.json', new Blob([JSON.stringify(manifest)]));
    const summary = { metrics: {}, encoderKept: 1, encoderTotal: 1, keptByMatrix: [], modelNonZero: 1, modelTotal: 1 };
    const { spec } = runOfCell(magnitudeOrMovement('quick'), 'movement');
    const manifest = { version: 1, spec, finishedAt: 5, labels: [], stepsPerEpoch: 1, history: [] };
    await writeManifest('newer', { version: 2 });
    await writeManifest('ours', { ...manifest, summary: { ...summary, elapsedMs: 1 } });
    expect((await findRunNamed('movement', null))?.runId).toBe('ours');
    await expect(findRunNamed('magnitude', null)).rejects.toThrow(refusal);
    expect(await findRunNamed('magnitude', ['ours'])).toBeNull();
  });
});
