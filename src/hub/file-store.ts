/// <reference lib="dom.asynciterable" />
// Dropped files, kept in the browser's own file system (OPFS) so that a notebook opens with its model and data:
//   imports/<key>/<file> …   the bytes
//   imports/<key>.json       the manifest, written last: an import without one was interrupted and does not exist
// The key is a digest of the content. The same folder dropped twice is stored once, and a specification that names
// it works in any browser where that folder was dropped.
import { z } from 'zod';
import { WinnowError } from '../engine/error.ts';
import { versionOf, writtenByNewer } from '../runs/database.ts';
import { isFull, isNotFound, opfsRoot, removeEntry, writeFile } from './opfs.ts';

export interface NamedBlob {
  /** A base name, such as `config.json`. */
  readonly name: string;
  readonly blob: Blob;
}

const manifestSchema = z.object({
  /** Manifests of earlier pages have none. */
  version: z.literal(1).default(1),
  key: z.string().min(1),
  files: z.array(z.object({ name: z.string().min(1), size: z.number().int().nonnegative() })).min(1),
});
export type ImportManifest = z.infer<typeof manifestSchema>;

type Root = FileSystemDirectoryHandle | Promise<FileSystemDirectoryHandle>;

export async function saveImport(
  key: string,
  files: readonly NamedBlob[],
  root: Root = opfsRoot(),
): Promise<ImportManifest> {
  const imports = await importsFolder(root);
  const known = await readManifest(imports, key);
  if (known) return known;
  const manifest = { version: 1 as const, key, files: files.map(({ name, blob }) => ({ name, size: blob.size })) };
  try {
    await removeEntry(imports, key);
    const folder = await imports.getDirectoryHandle(key, { create: true });
    for (const { name, blob } of files) await writeFile(folder, name, blob);
    await writeFile(imports, manifestName(key), new Blob([JSON.stringify(manifest)]));
  } catch (error) {
    await removeEntry(imports, key).catch(() => undefined); // the first error is the one to report
    throw storageError(key, files, error);
  }
  return manifest;
}

export async function readImport(key: string, root: Root = opfsRoot()): Promise<NamedBlob[]> {
  const imports = await importsFolder(root);
  const manifest = await readManifest(imports, key);
  if (!manifest) {
    throw new WinnowError(
      'storage',
      `import "${key}": expected its files in this browser's storage, got none. Drop the folder or file on the page again.`,
    );
  }
  const folder = await imports.getDirectoryHandle(key);
  return Promise.all(manifest.files.map((file) => readFile(folder, key, file)));
}

/** A stored file's bytes, read in pieces so that a large one can say how far it is. */
export async function readBytes(blob: Blob, advance: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(blob.size);
  for (let from = 0; from < blob.size; from += pieceBytes) {
    const piece = new Uint8Array(await blob.slice(from, from + pieceBytes).arrayBuffer());
    bytes.set(piece, from);
    advance(piece.length);
  }
  return bytes;
}

/** `onUnreadable` hears of what another version of the page wrote: it is left out, and stays as it is. */
export async function listImports(
  onUnreadable: (problem: unknown) => void,
  root: Root = opfsRoot(),
): Promise<ImportManifest[]> {
  const imports = await importsFolder(root);
  const manifests: ImportManifest[] = [];
  const read = (key: string) => readManifest(imports, key).catch((problem: unknown) => void onUnreadable(problem));
  for await (const name of imports.keys()) {
    const manifest = name.endsWith('.json') ? await read(name.slice(0, -'.json'.length)) : null;
    if (manifest) manifests.push(manifest);
  }
  return manifests.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The manifest goes first: an interrupted deletion leaves files that nothing refers to, never a broken import. */
export async function deleteImport(key: string, root: Root = opfsRoot()): Promise<void> {
  const imports = await importsFolder(root);
  await removeEntry(imports, manifestName(key));
  await removeEntry(imports, key);
}

const pieceBytes = 16 * 2 ** 20;

/** Names, sizes and content; in pieces, because WebCrypto digests only what lies in memory as a whole. */
export async function importKey(files: readonly NamedBlob[]): Promise<string> {
  const pieces: Uint8Array[] = [];
  for (const { name, blob } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    pieces.push(new TextEncoder().encode(`${JSON.stringify(name)} ${blob.size}\n`));
    for (let from = 0; from < blob.size; from += pieceBytes) {
      pieces.push(await sha256(blob.slice(from, from + pieceBytes)));
    }
  }
  const digest = await sha256(new Blob(pieces as Uint8Array<ArrayBuffer>[]));
  return Array.from(digest.subarray(0, 10), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function sha256(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
}

async function importsFolder(root: Root) {
  return (await root).getDirectoryHandle('imports', { create: true });
}

const manifestName = (key: string) => `${key}.json`;

async function readManifest(imports: FileSystemDirectoryHandle, key: string): Promise<ImportManifest | null> {
  try {
    const file = await (await imports.getFileHandle(manifestName(key))).getFile();
    const manifest: unknown = JSON.parse(await file.text());
    if (versionOf(manifest) > 1) throw writtenByNewer(`import "${key}"`, 1);
    return manifestSchema.parse(manifest);
  } catch (error) {
    if (isNotFound(error)) return null;
    if (error instanceof WinnowError) throw error;
    const expected = `import "${key}": expected a list of its files that this version of the page can read, got another`;
    const remedy = 'Reload the page; if that does not help, clear its storage.';
    throw new WinnowError('storage', `${expected}. ${remedy}`, { cause: error });
  }
}

async function readFile(folder: FileSystemDirectoryHandle, key: string, file: ImportManifest['files'][number]) {
  const blob = await (await folder.getFileHandle(file.name)).getFile();
  if (blob.size !== file.size) {
    throw new WinnowError(
      'storage',
      `import "${key}", ${file.name}: expected ${file.size} bytes, got ${blob.size}. Delete the import and drop the files again.`,
    );
  }
  return { name: file.name, blob };
}

function storageError(key: string, files: readonly NamedBlob[], cause: unknown): WinnowError {
  const megabytes = Math.ceil(files.reduce((sum, { blob }) => sum + blob.size, 0) / 1e6);
  const wasFull = isFull(cause);
  const got = wasFull ? "the browser's storage is full" : `"${cause instanceof Error ? cause.message : String(cause)}"`;
  const remedy = wasFull ? 'Delete earlier imports or runs, or free disk space.' : 'Drop the files again.';
  return new WinnowError('storage', `import "${key}": expected to store ${megabytes} MB, got: ${got}. ${remedy}`, {
    cause,
  });
}
