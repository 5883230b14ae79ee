/// <reference lib="dom.asynciterable" />
// Where dropped files lie on the disk, remembered by the key of their copy where the browser lets a page come back to
// them (File System Access API, https://wicg.github.io/file-system-access): so that a page can tell that they have changed
// there, and read them again. What runs use is the copy (`file-store.ts`), which is of one content for ever.
import type { DBSchema } from 'idb';
import { WinnowError } from '../engine/error.ts';
import { databaseOf } from '../runs/database.ts';

export interface DiskFile {
  /** Relative to what was dropped, such as `my-bert/config.json`. */
  readonly path: string;
  readonly file: File;
}

export interface Origin {
  readonly handles: readonly FileSystemHandle[];
  /** Of each file when it was read: path, size and time of its last change. */
  readonly stamps: readonly string[];
}

/** `unknown`: the browser has to ask the reader first, or the files are not where they were. */
export type DiskState = 'same' | 'changed' | 'unknown';

/** What TypeScript's own library lacks of it. */
interface Permitting {
  queryPermission?(options: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>;
}

interface OriginDatabase extends DBSchema {
  origins: { key: string; value: Origin };
}

const openDatabase = databaseOf<OriginDatabase>({
  name: 'winnow-files-on-disk',
  version: 1,
  what: 'Where dropped files lie on the disk',
  upgrade: (created) => void created.createObjectStore('origins'),
});

export async function rememberOrigin(key: string, handles: readonly FileSystemHandle[]): Promise<void> {
  const stamps = (await filesOfHandles(handles)).map(stampOf);
  await (await openDatabase()).put('origins', { handles, stamps }, key);
}

/** Null where the browser could not remember it, or nothing was dropped under this key. */
export async function readOrigin(key: string): Promise<Origin | null> {
  return (await (await openDatabase()).get('origins', key)) ?? null;
}

/** Asks nobody. */
export async function stateOnDisk({ handles, stamps }: Origin): Promise<DiskState> {
  const permissions = await Promise.all(handles.map((handle) => permissionOf(handle, 'queryPermission')));
  if (permissions.some((permission) => permission !== 'granted')) return 'unknown';
  try {
    const now = (await filesOfHandles(handles)).map(stampOf);
    return JSON.stringify(now) === JSON.stringify(stamps) ? 'same' : 'changed';
  } catch {
    return 'unknown'; // moved or deleted: who reads it again is told
  }
}

/**
 * To be called at a press: the browser may have to ask the reader.
 * @throws WinnowError `storage` where the reader refuses, or the files are not where they were.
 */
export async function readAgain({ handles }: Origin): Promise<DiskFile[]> {
  const names = handles.map(({ name }) => name).join(', ');
  for (const handle of handles) {
    if ((await permissionOf(handle, 'requestPermission')) === 'granted') continue;
    throw new WinnowError(
      'storage',
      `${names}: expected leave to read it again, got none. Press once more and allow it, or choose it anew.`,
    );
  }
  try {
    return await filesOfHandles(handles);
  } catch (cause) {
    const message = `${names}: expected it where it was on the disk, got nothing there. Choose it anew.`;
    throw new WinnowError('storage', message, { cause });
  }
}

/** Files as they are, folders walked; in an order of their own. */
export async function filesOfHandles(handles: readonly FileSystemHandle[]): Promise<DiskFile[]> {
  const found = (await Promise.all(handles.map((handle) => walk(handle, handle.name)))).flat();
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function walk(handle: FileSystemHandle, path: string): Promise<DiskFile[]> {
  if (handle.kind === 'file') return [{ path, file: await (handle as FileSystemFileHandle).getFile() }];
  const found: DiskFile[] = [];
  for await (const child of (handle as FileSystemDirectoryHandle).values()) {
    found.push(...(await walk(child, `${path}/${child.name}`)));
  }
  return found;
}

const stampOf = ({ path, file: { size, lastModified } }: DiskFile): string => `${path} ${size} ${lastModified}`;

/** Where a browser knows handles and no permissions, they are granted. */
const permissionOf = (handle: FileSystemHandle, how: keyof Permitting): Promise<PermissionState> =>
  (handle as FileSystemHandle & Permitting)[how]?.({ mode: 'read' }) ?? Promise.resolve('granted');
