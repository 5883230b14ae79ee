// From files dropped or picked to a key in the browser's storage that a model or data choice names.
import { WinnowError } from '../../engine/error.ts';
import { classifyFiles, type DroppedFile, headBytes } from '../../hub/classify-files.ts';
import { importKey, type NamedBlob, saveImport } from '../../hub/file-store.ts';
import { type DiskFile, rememberOrigin } from '../../hub/on-disk.ts';

/** A file, or one of a zip, which is unpacked when it is opened. */
export interface PathedFile {
  /** Relative to what was dropped, such as `my-bert/config.json`. */
  readonly path: string;
  readonly size: number;
  open(): Promise<Blob>;
}

export interface KeptFiles {
  readonly kind: 'model' | 'dataset';
  readonly key: string;
  readonly names: readonly string[];
}

/** What was dropped or picked. */
export interface TakenFiles {
  readonly files: readonly PathedFile[];
  /** Of the same, where the browser lets a page come back to them; empty elsewhere. */
  readonly handles: readonly FileSystemHandle[];
}

export type KeepFiles = (taken: TakenFiles) => Promise<KeptFiles>;

export const keepFiles: KeepFiles = async (taken) => {
  const files = (await Promise.all(taken.files.map(unpacked))).flat();
  const sorted = classifyFiles(await Promise.all(files.map(withHead)));
  if (sorted.kind === 'neither') throw new WinnowError('bad-data', sorted.message);
  const blobs: NamedBlob[] = [];
  for (const path of sorted.paths) {
    const blob = await files.find((file) => file.path === path)!.open();
    blobs.push({ name: path.slice(path.lastIndexOf('/') + 1), blob });
  }
  const key = await importKey(blobs);
  await saveImport(key, blobs);
  // Where that cannot be, the copy serves without it: files that changed are chosen anew, as in other browsers.
  if (taken.handles.length > 0) await rememberOrigin(key, taken.handles).catch(() => undefined);
  return { kind: sorted.kind, key, names: blobs.map(({ name }) => name) };
};

async function unpacked(file: PathedFile): Promise<readonly PathedFile[]> {
  if (!/\.zip$/i.test(file.path)) return [file];
  const { filesOfZip } = await import('../../hub/unzip.ts');
  return filesOfZip(file.path, await file.open());
}

/** Only weights are told by their first bytes. */
async function withHead({ path, size, open }: PathedFile): Promise<DroppedFile> {
  if (!path.endsWith('.safetensors')) return { path, size, head: new Uint8Array() };
  const start = (await open()).slice(0, headBytes);
  return { path, size, head: new Uint8Array(await start.arrayBuffer()) };
}

export const pathedFile = (path: string, file: File): PathedFile => ({
  path,
  size: file.size,
  open: async () => file,
});

/** Files of a drop, folders walked. */
export async function filesOfDrop(transfer: DataTransfer): Promise<TakenFiles> {
  // Entries must be taken before the first await: the transfer is emptied after the event.
  const items = [...transfer.items] as (DataTransferItem & { getAsFileSystemHandle?(): Promise<Handle | null> })[];
  const entries = items.flatMap((item) => item.webkitGetAsEntry() ?? []);
  const handles = items.map((item) => item.getAsFileSystemHandle?.() ?? null);
  const files = (await Promise.all(entries.map(filesOfEntry))).flat();
  return { files, handles: (await Promise.all(handles)).filter((handle) => handle !== null) };
}

type Handle = FileSystemHandle;

export const filesOfInput = (files: FileList): TakenFiles => ({
  files: [...files].map((file) => pathedFile(file.webkitRelativePath || file.name, file)),
  handles: [],
});

/** The pickers that give handles. */
interface PickingWindow {
  showOpenFilePicker?(options: { multiple: true }): Promise<Handle[]>;
  showDirectoryPicker?(): Promise<Handle>;
}

export const canPickHandles = (): boolean => 'showOpenFilePicker' in window && 'showDirectoryPicker' in window;

/** Null where the reader chose nothing. */
export async function pickHandles(isFolder: boolean): Promise<readonly FileSystemHandle[] | null> {
  const { showOpenFilePicker, showDirectoryPicker } = window as PickingWindow;
  try {
    if (isFolder) return showDirectoryPicker ? [await showDirectoryPicker()] : null;
    return (await showOpenFilePicker?.({ multiple: true })) ?? null;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

export const takenOf = (handles: readonly FileSystemHandle[], files: readonly DiskFile[]): TakenFiles => ({
  files: files.map(({ path, file }) => pathedFile(path, file)),
  handles,
});

async function filesOfEntry(entry: FileSystemEntry): Promise<readonly PathedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [pathedFile(entry.fullPath.replace(/^\//, ''), file)];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const children: FileSystemEntry[] = [];
  // readEntries answers in portions, and ends with an empty one.
  for (let portion = await readEntries(reader); portion.length > 0; portion = await readEntries(reader)) {
    children.push(...portion);
  }
  return (await Promise.all(children.map(filesOfEntry))).flat();
}

const readEntries = (reader: FileSystemDirectoryReader) =>
  new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
