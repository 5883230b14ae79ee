// Files of a zip that was dropped. Its directory is read, each file is unpacked when it is opened, and no name leads out
// of the archive. (fflate's stream finds the end of a stored file by a signature, which weights may hold by chance.)
import { BlobReader, configure, type FileEntry, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js';
import { WinnowError } from '../engine/error.ts';
import { bytes } from '../runs/bytes.ts';

configure({ useWebWorkers: false }); // the browser itself inflates, off the main thread

export interface PackedFile {
  /** Below the archive's name: `my-bert/config.json` of my-bert.zip. */
  readonly path: string;
  /** Unpacked, in bytes. */
  readonly size: number;
  open(): Promise<Blob>;
}

const mostFiles = 1000;
const mostBytes = 16 * 2 ** 30;
/** Text and weights shrink to a tenth at best; what grows a hundredfold and more is no such thing. */
const mostGrowth = 100;
/** Up to here any growth is harmless. */
const smallBytes = 64 * 2 ** 20;
const pieceBytes = 16 * 2 ** 20;

/** @throws WinnowError `bad-data` for what is no zip, a damaged or encrypted one, paths that lead out, and bombs. */
export async function filesOfZip(path: string, zip: Blob): Promise<PackedFile[]> {
  const reader = new ZipReader(new BlobReader(zip), { strictness: 'balanced', checkOverlappingEntry: true });
  const files = await unpacking(path, () => listFiles(path, reader));
  checkAmount(path, zip, files);
  const folder = path.replace(/\.zip$/i, '');
  return files.map((entry) => {
    const within = `${path}, ${entry.filename}`;
    return {
      path: `${folder}/${entry.filename}`,
      size: entry.uncompressedSize,
      open: () => unpacking(within, () => unpack(entry)),
    };
  });
}

/** One after the other: a directory may list a million. */
async function listFiles(path: string, reader: ZipReader<Blob>): Promise<FileEntry[]> {
  const files = new Map<string, FileEntry>();
  let listed = 0;
  for await (const entry of reader.getEntriesGenerator({ filenameValidation: 'strict' })) {
    if (++listed > mostFiles) {
      throw badZip(path, `at most ${mostFiles} files, got more`, 'Drop those that are needed.');
    }
    if (entry.directory) continue;
    if (files.has(entry.filename)) {
      throw badZip(path, `each name once, got ${entry.filename} twice`, 'Unpack it and drop the files.');
    }
    files.set(entry.filename, entry);
  }
  return [...files.values()];
}

function checkAmount(path: string, zip: Blob, files: readonly FileEntry[]): void {
  const locked = files.find(({ encrypted }) => encrypted);
  if (locked) {
    throw badZip(path, `an open archive, got a password on ${locked.filename}`, 'Unpack it and drop the files.');
  }
  const total = files.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  const isBomb = total > smallBytes && total > mostGrowth * zip.size;
  if (total <= mostBytes && !isBomb) return;
  const got = `${bytes(zip.size)} that unpack to ${bytes(total)}`;
  throw badZip(path, `a model or data, got ${got}`, 'Unpack it yourself, if you trust it, and drop the files.');
}

/** In pieces, which the browser may keep on disk: weights are never in memory as a whole. */
async function unpack(entry: FileEntry): Promise<Blob> {
  const pieces: Blob[] = [];
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  let held = 0;
  let length = 0;
  const setAside = () => {
    pieces.push(new Blob(chunks));
    chunks = [];
    held = 0;
  };
  const take = (chunk: Uint8Array<ArrayBuffer>) => {
    chunks.push(chunk);
    held += chunk.length;
    length += chunk.length;
    if (length > entry.uncompressedSize) throw new Error(`more than the ${entry.uncompressedSize} bytes it claims`);
    if (held >= pieceBytes) setAside();
  };
  await entry.getData(new WritableStream({ write: take, close: setAside }), { checkSignature: true });
  return new Blob(pieces);
}

async function unpacking<T>(where: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof DOMException || cause instanceof WinnowError) throw cause; // the browser's, such as a file that can no longer be read
    const got = cause instanceof Error ? cause.message : String(cause);
    throw badZip(where, `a whole zip archive with plain names, got "${got}"`, 'Unpack it and drop the files.', cause);
  }
}

function badZip(where: string, expected: string, remedy: string, cause?: unknown): WinnowError {
  return new WinnowError('bad-data', `${where}: expected ${expected}. ${remedy}`, { cause });
}
