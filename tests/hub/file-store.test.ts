import { describe, expect, it } from 'vitest';
import { deleteImport, importKey, listImports, readImport, saveImport } from '../../src/hub/file-store.ts';
import { writeFile } from '../../src/hub/opfs.ts';
import { FakeDirectory } from './fake-opfs.ts';

const files = [
  { name: 'config.json', blob: new Blob(['{}']) },
  { name: 'model.safetensors', blob: new Blob([Uint8Array.of(1, 2, 3)]) },
];

const fail = (problem: unknown) => {
  throw problem;
};

describe.each([
  ['createWritable', true],
  ['sync access handles', false],
])('an import written through %s', (_, hasWritable) => {
  it('reads back byte for byte, in the order saved', async () => {
    const root = new FakeDirectory({ hasWritable }).asHandle();
    await saveImport('abc', files, root);
    const read = await readImport('abc', root);
    expect(read.map(({ name }) => name)).toEqual(['config.json', 'model.safetensors']);
    expect(new Uint8Array(await read[1]!.blob.arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3));
  });
});

describe('the import store', () => {
  it('lists imports with their files and sizes, and no longer after deletion', async () => {
    const root = new FakeDirectory().asHandle();
    await saveImport('b', files, root);
    await saveImport('a', files.slice(0, 1), root);
    expect(await listImports(fail, root)).toEqual([
      { version: 1, key: 'a', files: [{ name: 'config.json', size: 2 }] },
      {
        version: 1,
        key: 'b',
        files: [
          { name: 'config.json', size: 2 },
          { name: 'model.safetensors', size: 3 },
        ],
      },
    ]);
    await deleteImport('b', root);
    expect((await listImports(fail, root)).map(({ key }) => key)).toEqual(['a']);
  });

  it('lists what it can read, and says what it cannot', async () => {
    const root = new FakeDirectory().asHandle();
    await saveImport('abc', files, root);
    const imports = await root.getDirectoryHandle('imports');
    await writeFile(imports, 'newer.json', new Blob(['{"version":2,"files":{}}']));
    await writeFile(imports, 'torn.json', new Blob(['{"version"']));
    const problems: unknown[] = [];
    expect(await listImports((problem) => problems.push(problem), root)).toMatchObject([{ key: 'abc' }]);
    expect(problems).toMatchObject([
      { code: 'storage', message: expect.stringContaining('import "newer": expected version 1 or older') },
      { code: 'storage', message: expect.stringContaining('import "torn": expected a list of its files') },
    ]);
  });

  it('keeps the stored copy when the same key is saved again', async () => {
    const root = new FakeDirectory().asHandle();
    await saveImport('abc', files, root);
    await saveImport('abc', [{ name: 'other', blob: new Blob(['x']) }], root);
    expect((await readImport('abc', root)).map(({ name }) => name)).toEqual(['config.json', 'model.safetensors']);
  });

  it('says what to do when the import is not there', async () => {
    const reading = readImport('gone', new FakeDirectory().asHandle());
    await expect(reading).rejects.toMatchObject({ code: 'storage', message: expect.stringContaining('again') });
  });

  it('does not count files without a manifest, as a killed tab leaves them', async () => {
    const directory = new FakeDirectory();
    const folder = await (await directory.getDirectoryHandle('imports', { create: true })).getDirectoryHandle('half', {
      create: true,
    });
    await folder.getFileHandle('config.json', { create: true });
    expect(await listImports(fail, directory.asHandle())).toEqual([]);
    await saveImport('half', files, directory.asHandle());
    expect(await readImport('half', directory.asHandle())).toHaveLength(2);
  });

  it('reports a full disk as storage and leaves nothing behind', async () => {
    const directory = new FakeDirectory({ quota: 4 });
    const saving = saveImport('abc', files, directory.asHandle());
    await expect(saving).rejects.toMatchObject({ code: 'storage', message: expect.stringContaining('full') });
    expect(directory.bytesUsed()).toBe(0);
  });

  it('refuses a file whose size is not the recorded one', async () => {
    const directory = new FakeDirectory();
    await saveImport('abc', files, directory.asHandle());
    const folder = await (await directory.getDirectoryHandle('imports')).getDirectoryHandle('abc');
    await folder.removeEntry('model.safetensors');
    await folder.getFileHandle('model.safetensors', { create: true });
    const reading = readImport('abc', directory.asHandle());
    await expect(reading).rejects.toMatchObject({
      message: expect.stringContaining('model.safetensors: expected 3 bytes, got 0'),
    });
  });
});

describe('importKey', () => {
  it('is the same for the same files in another order', async () => {
    expect(await importKey(files)).toBe(await importKey([...files].reverse()));
  });

  it('differs when a byte, a name or a border between files differs', async () => {
    const blob = (text: string) => new Blob([text]);
    const keys = await Promise.all([
      importKey([{ name: 'a', blob: blob('xy') }]),
      importKey([{ name: 'a', blob: blob('xz') }]),
      importKey([{ name: 'b', blob: blob('xy') }]),
      importKey([
        { name: 'a', blob: blob('x') },
        { name: 'b', blob: blob('y') },
      ]),
    ]);
    expect(new Set(keys).size).toBe(4);
  });
});
