// From files dropped or picked to a key in the browser's storage that a model or data choice names.
import { WinnowError } from '../../engine/error.ts';
import { classifyFiles, type DroppedFile, headBytes } from '../../hub/classify-files.ts';
import { importKey, saveImport } from '../../hub/file-store.ts';

export interface PathedFile {
  /** Relative to what was dropped, such as `my-bert/config.json`. */
  readonly path: string;
  readonly file: File;
}

export interface KeptFiles {
  readonly kind: 'model' | 'dataset';
  readonly key: string;
  readonly names: readonly string[];
}

export type KeepFiles = (files: readonly PathedFile[]) => Promise<KeptFiles>;

export const keepFiles: KeepFiles = async (files) => {
  const sorted = classifyFiles(await Promise.all(files.map(withHead)));
  if (sorted.kind === 'neither') throw new WinnowError('bad-data', sorted.message);
  const blobs = sorted.paths.map((path) => {
    const { file } = files.find((candidate) => candidate.path === path)!;
    return { name: file.name, blob: file };
  });
  const key = await importKey(blobs);
  await saveImport(key, blobs);
  return { kind: sorted.kind, key, names: blobs.map(({ name }) => name) };
};

async function withHead({ path, file }: PathedFile): Promise<DroppedFile> {
  const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
  return { path, size: file.size, head };
}

/** Files of a drop, folders walked. */
export async function filesOfDrop(transfer: DataTransfer): Promise<readonly PathedFile[]> {
  // Entries must be taken before the first await: the transfer is emptied after the event.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return (await Promise.all(entries.map(filesOfEntry))).flat();
}

export const filesOfInput = (files: FileList): readonly PathedFile[] =>
  [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

async function filesOfEntry(entry: FileSystemEntry): Promise<readonly PathedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ''), file }];
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
