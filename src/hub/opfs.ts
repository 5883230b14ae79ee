/// <reference lib="dom.asynciterable" />
// The origin private file system, as far as Winnow needs it: folders by path, whole files, atomic writes.
import { WinnowError } from '../engine/error.ts';

const writeBytes = 16 * 2 ** 20;

export function opfsRoot(): Promise<FileSystemDirectoryHandle> {
  if (typeof navigator === 'undefined' || !navigator.storage?.getDirectory) {
    throw new WinnowError(
      'storage',
      'storage: expected a browser with the origin private file system, got none. Update the browser, or leave its private mode.',
    );
  }
  return navigator.storage.getDirectory();
}

/** Opens a folder under the root, made where it is not there yet. */
export async function openFolder(...path: readonly string[]): Promise<FileSystemDirectoryHandle> {
  let folder = await opfsRoot();
  for (const name of path) folder = await folder.getDirectoryHandle(name, { create: true });
  return folder;
}

/** A file to read from; null where there is no such file. */
export async function openFile(folder: FileSystemDirectoryHandle, name: string): Promise<File | null> {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/** A file's bytes; null where there is no such file. */
export async function readBytes(
  folder: FileSystemDirectoryHandle,
  name: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const file = await openFile(folder, name);
  return file && new Uint8Array(await file.arrayBuffer());
}

/** `createWritable` replaces the file only on close; a browser without it writes in place, in workers alone. */
export async function writeFile(folder: FileSystemDirectoryHandle, name: string, blob: Blob): Promise<void> {
  const handle = await folder.getFileHandle(name, { create: true });
  if ('createWritable' in handle) return blob.stream().pipeTo(await handle.createWritable());
  await writeInPlace(handle as FileSystemFileHandle, blob);
}

async function writeInPlace(handle: FileSystemFileHandle, blob: Blob): Promise<void> {
  const access = await handle.createSyncAccessHandle();
  try {
    access.truncate(0);
    for (let from = 0; from < blob.size; from += writeBytes) {
      writeAll(access, new Uint8Array(await blob.slice(from, from + writeBytes).arrayBuffer()), from);
    }
    access.flush();
  } finally {
    access.close();
  }
}

/**
 * Writes all of it or throws. Over its quota Chromium 156 does not: `write` returns an error's number as if it had written
 * four billion bytes.
 */
export function writeAll(access: FileSystemSyncAccessHandle, bytes: Uint8Array<ArrayBuffer>, at: number): void {
  const written = access.write(bytes, { at });
  if (written !== bytes.length) throw new DOMException('not all was written', 'QuotaExceededError');
}

/** Removing what is not there is no error. */
export async function removeEntry(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  try {
    await folder.removeEntry(name, { recursive: true });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

export const isNotFound = (error: unknown): boolean => error instanceof DOMException && error.name === 'NotFoundError';

export const isFull = (error: unknown): boolean => error instanceof DOMException && error.name === 'QuotaExceededError';
