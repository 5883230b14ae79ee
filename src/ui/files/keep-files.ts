// From files dropped or picked to a key in the browser's storage that a model or data choice names.
import { WinnowError } from '../../engine/error.ts';
import { classifyFiles, type DroppedFile, headBytes } from '../../hub/classify-files.ts';
import { importKey, type NamedBlob, saveImport } from '../../hub/file-store.ts';

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

export type KeepFiles = (files: readonly PathedFile[]) => Promise<KeptFiles>;

export const keepFiles: KeepFiles = async (dropped) => {
  const files = (await Promise.all(dropped.map(unpacked))).flat();
  const sorted = classifyFiles(await Promise.all(files.map(withHead)));
  if (sorted.kind === 'neither') throw new WinnowError('bad-data', sorted.message);
  const blobs: NamedBlob[] = [];
  for (const path of sorted.paths) {
    const blob = await files.find((file) => file.path === path)!.open();
    blobs.push({ name: path.slice(path.lastIndexOf('/') + 1), blob });
  }
  const key = await importKey(blobs);
  await saveImport(key, blobs);
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
export async function filesOfDrop(transfer: DataTransfer): Promise<readonly PathedFile[]> {
  // Entries must be taken before the first await: the transfer is emptied after the event.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return (await Promise.all(entries.map(filesOfEntry))).flat();
}

export const filesOfInput = (files: FileList): readonly PathedFile[] =>
  [...files].map((file) => pathedFile(file.webkitRelativePath || file.name, file));

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
