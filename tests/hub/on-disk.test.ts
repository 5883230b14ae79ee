// Files on the disk of a person, played by handles in memory.
import { describe, expect, it } from 'vitest';
import { filesOfHandles, type Origin, readAgain, stateOnDisk } from '../../src/hub/on-disk.ts';

type Permission = 'granted' | 'prompt' | 'denied';

interface FakeFile {
  text: string;
  lastModified: number;
  isGone?: boolean;
}

const permitting = (state: Permission, asked: Permission) => ({
  queryPermission: async () => state,
  requestPermission: async () => asked,
});

const fileHandle = (name: string, file: FakeFile, state: Permission = 'granted', asked: Permission = state) =>
  ({
    kind: 'file',
    name,
    ...permitting(state, asked),
    async getFile() {
      if (file.isGone) throw new DOMException(name, 'NotFoundError');
      return new File([file.text], name, { lastModified: file.lastModified });
    },
  }) as unknown as FileSystemHandle;

const folderHandle = (name: string, children: readonly FileSystemHandle[]) =>
  ({
    kind: 'directory',
    name,
    ...permitting('granted', 'granted'),
    async *values() {
      yield* children;
    },
  }) as unknown as FileSystemHandle;

async function originOf(...handles: FileSystemHandle[]): Promise<Origin> {
  const files = await filesOfHandles(handles);
  return { handles, stamps: files.map(({ path, file }) => `${path} ${file.size} ${file.lastModified}`) };
}

describe('files on the disk', () => {
  it('are found in folders, by path, in one order', async () => {
    const deep = folderHandle('tiny', [
      fileHandle('vocab.txt', { text: '', lastModified: 1 }),
      folderHandle('more', [fileHandle('a', { text: '', lastModified: 1 })]),
    ]);
    expect((await filesOfHandles([deep])).map(({ path }) => path)).toEqual(['tiny/more/a', 'tiny/vocab.txt']);
  });

  it.each<[string, (file: FakeFile) => void]>([
    ['another size', (file) => (file.text += 'b')],
    ['another time of change', (file) => (file.lastModified = 2)],
  ])('have changed with %s', async (_, change) => {
    const file: FakeFile = { text: 'a', lastModified: 1 };
    const origin = await originOf(fileHandle('rows.csv', file));
    expect(await stateOnDisk(origin)).toBe('same');
    change(file);
    expect(await stateOnDisk(origin)).toBe('changed');
  });

  it('are not looked at before the reader allows it, and then read', async () => {
    const file = { text: 'a', lastModified: 1 };
    const asking = fileHandle('rows.csv', file, 'prompt', 'granted');
    const origin = { handles: [asking], stamps: [] };
    expect(await stateOnDisk(origin)).toBe('unknown');
    const [read] = await readAgain(origin);
    expect([read!.path, await read!.file.text()]).toEqual(['rows.csv', 'a']);
  });

  it('that may not be read, or are gone, are named with what to do', async () => {
    const file: FakeFile = { text: 'a', lastModified: 1 };
    const refused = { handles: [fileHandle('rows.csv', file, 'prompt', 'denied')], stamps: [] };
    await expect(readAgain(refused)).rejects.toThrow('rows.csv: expected leave to read it again, got none.');
    const origin = await originOf(fileHandle('rows.csv', file));
    file.isGone = true;
    expect(await stateOnDisk(origin)).toBe('unknown');
    await expect(readAgain(origin)).rejects.toThrow('expected it where it was on the disk, got nothing there');
  });
});
