/// <reference lib="dom.asynciterable" />
// What came from the Hub, in the browser's own file system, by commit:
//   hub/<models|datasets>/<owner%2Fname>/<commit>/<file> …          the bytes, of a whole file or of a part
//   hub/<models|datasets>/<owner%2Fname>/<commit>/repository.json   what there is of it and what is complete
// A file counts only once its size and hash were checked and the list says so; until then it is what a download goes on
// from. Nothing here asks the network.
import { z } from 'zod';
import { WinnowError } from '../engine/error.ts';
import { versionOf, writtenByNewer } from '../runs/database.ts';
import type { NamedBlob } from './file-store.ts';
import type { HubFile, HubRepository, RepositoryKind } from './hub-client.ts';
import { isNotFound, openFile, openFolder, opfsRoot, removeEntry, writeFile } from './opfs.ts';

const fileFields = {
  path: z.string(),
  commit: z.string(),
  size: z.number(),
  hash: z.object({ kind: z.enum(['sha256', 'git-sha1']), hex: z.string() }).nullable(),
};

const repositorySchema = z.object({
  version: z.literal(1),
  kind: z.enum(['models', 'datasets']),
  id: z.string(),
  revision: z.string(),
  commit: z.string(),
  licence: z.string().nullable(),
  savedAt: z.number(),
  /** Of a data set, all files of its tables: which of them are wanted follows from what is asked of it. */
  tables: z.array(z.object(fileFields)).default([]),
  /** What is wanted of it: a model's files, or the parts of a data set that were asked for so far. */
  files: z.array(
    z.object({
      ...fileFields,
      /** Where only a part is wanted: its bytes [from, to) of the file. `size` is the part's. */
      span: z.object({ from: z.number(), to: z.number() }).nullable(),
      isComplete: z.boolean(),
    }),
  ),
});

export type KeptRepository = z.infer<typeof repositorySchema>;
export type KeptFile = KeptRepository['files'][number];

/** Names a repository at a commit. */
export interface Pinned {
  readonly kind: RepositoryKind;
  readonly id: string;
  readonly commit: string;
}

const list = 'repository.json';

export const folderOf = ({ kind, id, commit }: Pinned): Promise<FileSystemDirectoryHandle> =>
  openFolder('hub', kind, encodeURIComponent(id), commit);

/** The name of a file, or of a part of one, in the folder, where names hold no slash. */
export const storedName = ({ path, span }: Pick<KeptFile, 'path' | 'span'>): string =>
  encodeURIComponent(path) + (span ? ` ${span.from}-${span.to}` : '');

/** Null where nothing of it is kept. */
export async function readKept(pinned: Pinned): Promise<KeptRepository | null> {
  const folder = await findFolder('hub', pinned.kind, encodeURIComponent(pinned.id), pinned.commit);
  const file = folder && (await openFile(folder, list));
  return file ? parseList(pinned, await file.text()) : null;
}

function parseList({ id }: Pinned, text: string): KeptRepository {
  try {
    const list: unknown = JSON.parse(text);
    if (versionOf(list) > 1) throw writtenByNewer(`${id}, the list of its files`, 1);
    return repositorySchema.parse(list);
  } catch (cause) {
    if (cause instanceof WinnowError) throw cause;
    const expected = `${id}: expected a list of what is kept that this version of the page can read, got another`;
    throw new WinnowError('storage', `${expected}. Reload the page; if that does not help, clear its storage.`, {
      cause,
    });
  }
}

export type WantedFile = Omit<KeptFile, 'isComplete'>;

/** Adds files to what is wanted of a repository; those that are kept stay complete. */
export async function wantFiles(
  repository: Omit<HubRepository, 'files'> & { readonly tables?: readonly HubFile[] },
  files: readonly WantedFile[],
): Promise<KeptRepository> {
  const { kind, id, revision, commit, licence } = repository;
  const kept = await readKept(repository);
  const known = kept?.files ?? [];
  const names = new Set(known.map(storedName));
  const added = files.filter((file) => !names.has(storedName(file)));
  const wanted = [...known, ...added.map((file) => ({ ...file, isComplete: false }))];
  const tables = [...(repository.tables ?? kept?.tables ?? [])];
  return saveKept({ version: 1, kind, id, revision, commit, licence, savedAt: Date.now(), tables, files: wanted });
}

export async function markComplete(kept: KeptRepository, done: WantedFile): Promise<KeptRepository> {
  const isIt = (file: KeptFile) => storedName(file) === storedName(done);
  const files = kept.files.map((file) => (isIt(file) ? { ...file, isComplete: true } : file));
  return saveKept({ ...kept, files });
}

async function saveKept(kept: KeptRepository): Promise<KeptRepository> {
  await writeFile(await folderOf(kept), list, new Blob([JSON.stringify(kept)]));
  return kept;
}

/**
 * A model's files, all of them.
 * @throws WinnowError `not-kept` where some are not on this machine.
 */
export async function readModelFiles(id: string, commit: string): Promise<NamedBlob[]> {
  const kept = await readKept({ kind: 'models', id, commit });
  if (!kept) throw notKept(id, 'its files', 'none');
  const missing = kept.files.filter(({ isComplete }) => !isComplete);
  if (missing.length > 0) throw notKept(id, missing.map(({ path }) => path).join(', '), 'a part');
  return Promise.all(kept.files.map((file) => readNamed(kept, file)));
}

/** One small file of a model, such as config.json, which is there before the weights are. */
export async function readModelFile(id: string, commit: string, path: string): Promise<NamedBlob> {
  const kept = await readKept({ kind: 'models', id, commit });
  const file = kept?.files.find((candidate) => candidate.path === path);
  if (!kept || !file?.isComplete) throw notKept(id, path, 'none');
  return readNamed(kept, file);
}

/** @throws WinnowError `storage` where it is not of the size that it had. */
export async function readNamed(kept: KeptRepository, file: KeptFile): Promise<NamedBlob> {
  const blob = await openFile(await folderOf(kept), storedName(file));
  if (blob && blob.size === file.size) return { name: file.path, blob };
  throw new WinnowError(
    'storage',
    `${kept.id}, ${file.path}: expected ${file.size} bytes in this browser's storage, got ${blob?.size ?? 'none'}. Delete it under “Models and data on this machine” and download it again.`,
  );
}

export interface KeptEntry extends KeptRepository {
  /** What lies on the disk, whole or not. */
  readonly bytes: number;
}

/** `onUnreadable` hears of what another version of the page wrote: it is left out, and stays as it is. */
export async function listKept(onUnreadable: (problem: unknown) => void): Promise<KeptEntry[]> {
  const entries: KeptEntry[] = [];
  const read = (pinned: Pinned) => readKept(pinned).catch((problem: unknown) => void onUnreadable(problem));
  for (const kind of ['models', 'datasets'] as const) {
    for (const [name, folder] of await subfolders(await findFolder('hub', kind))) {
      for (const [commit, files] of await subfolders(folder)) {
        const kept = await read({ kind, id: decodeURIComponent(name), commit });
        if (kept) entries.push({ ...kept, bytes: await bytesIn(files) });
      }
    }
  }
  return entries.sort((a, b) => b.savedAt - a.savedAt);
}

/** The list goes first: an interrupted deletion leaves files that nothing refers to, and that a download overwrites. */
export async function deleteKept(pinned: Pinned): Promise<void> {
  const parent = await findFolder('hub', pinned.kind, encodeURIComponent(pinned.id));
  if (!parent) return;
  await removeEntry(await folderOf(pinned), list);
  await removeEntry(parent, pinned.commit);
}

async function findFolder(...path: readonly string[]): Promise<FileSystemDirectoryHandle | null> {
  let folder = await opfsRoot();
  try {
    for (const name of path) folder = await folder.getDirectoryHandle(name);
    return folder;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

async function subfolders(folder: FileSystemDirectoryHandle | null) {
  const found: [name: string, folder: FileSystemDirectoryHandle][] = [];
  if (!folder) return found;
  for await (const [name, entry] of folder.entries()) {
    if (entry.kind === 'directory') found.push([name, entry as FileSystemDirectoryHandle]);
  }
  return found;
}

async function bytesIn(folder: FileSystemDirectoryHandle): Promise<number> {
  let sum = 0;
  for await (const entry of folder.values()) {
    if (entry.kind === 'file') sum += (await (entry as FileSystemFileHandle).getFile()).size;
  }
  return sum;
}

export const notKept = (id: string, wanted: string, got: string): WinnowError =>
  new WinnowError(
    'not-kept',
    `${id}: expected ${wanted} on this machine, got ${got}. Download ${got === 'none' ? 'it' : 'the rest'} in its cell.`,
  );
