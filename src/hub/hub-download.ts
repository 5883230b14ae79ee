// Files of the Hub to the browser's file system, so that a cut connection costs what was under way and no more: bytes go
// straight to the disk, a download goes on from what lies there, and a file counts once its hash is right. For workers
// alone, which may write in place.
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { WinnowError } from '../engine/error.ts';
import { type HubAccess, openFile } from './hub-client.ts';
import { folderOf, type KeptFile, type KeptRepository, markComplete, storedName } from './hub-store.ts';
import { isFull, writeAll } from './opfs.ts';

export interface DownloadOptions {
  /** Which of the files that are wanted; all unless it is given. */
  readonly choose?: (file: KeptFile) => boolean;
  /** Bytes of the files that are wanted and chosen, complete ones included. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Between attempts; the first waits the shortest. */
  readonly waitsMs?: readonly number[];
  /** Without a byte for so long, a connection counts as cut. */
  readonly stallMs?: number;
}

/** Small files may come compressed, whose parts are no parts of the file: they are fetched anew. */
const RESUMABLE = 2 ** 20;
const CHECK_BYTES = 4 * 2 ** 20;

/**
 * Downloads what is wanted and not complete, one file after the other.
 * @throws WinnowError `network` for what would not come after several attempts, or came wrong; `storage` for a full disk.
 */
export async function downloadFiles(
  access: HubAccess,
  kept: KeptRepository,
  options: DownloadOptions = {},
): Promise<KeptRepository> {
  const chosen = kept.files.filter((file) => options.choose?.(file) ?? true);
  const total = chosen.reduce((sum, { size }) => sum + size, 0);
  let before = chosen.reduce((sum, { size, isComplete }) => sum + (isComplete ? size : 0), 0);
  let state = kept;
  for (const file of chosen) {
    if (file.isComplete) continue;
    const done = before;
    await downloadFile({
      access,
      kept: state,
      file,
      options,
      report: (bytes) => options.onProgress?.(done + bytes, total),
    });
    state = await markComplete(state, file);
    before += file.size;
  }
  return state;
}

interface Job {
  readonly access: HubAccess;
  readonly kept: KeptRepository;
  readonly file: KeptFile;
  readonly options: DownloadOptions;
  report(bytes: number): void;
}

async function downloadFile(job: Job): Promise<void> {
  const folder = await folderOf(job.kept);
  const handle = await folder.getFileHandle(storedName(job.file), { create: true });
  const disk = await handle.createSyncAccessHandle();
  try {
    const found = usableBytes(disk, job.file);
    await fill(disk, found, job);
    if (isRight(disk, job.file)) return;
    // What lay on the disk may have been of another day: once more, all of it.
    disk.truncate(0);
    if (found > 0) await fill(disk, 0, job);
    if (found > 0 && isRight(disk, job.file)) return;
    disk.truncate(0);
    throw wrongBytes(job);
  } finally {
    disk.close();
  }
}

function usableBytes(disk: FileSystemSyncAccessHandle, { size }: KeptFile): number {
  const found = disk.getSize();
  if (size >= RESUMABLE && found <= size) return found;
  disk.truncate(0);
  return 0;
}

/** Attempts until all is there; only those that bring nothing count towards giving up. */
async function fill(disk: FileSystemSyncAccessHandle, found: number, job: Job): Promise<void> {
  const { waitsMs = [500, 2000, 5000] } = job.options;
  job.report(found);
  for (let done = found, failures = 0; done < job.file.size; ) {
    const failure = await receive(disk, done, job).then(
      () => cutOff(job, disk.getSize()),
      (error: unknown) => failureOf(error, job, disk.getSize()),
    );
    const brought = disk.getSize() - done;
    done += brought;
    if (done === job.file.size) return;
    failures = brought > 0 ? 1 : failures + 1;
    if (failure.code !== 'network' || failures > waitsMs.length) throw failure;
    await new Promise((resolve) => setTimeout(resolve, waitsMs[failures - 1]));
  }
}

function failureOf(error: unknown, job: Job, done: number): WinnowError {
  if (isFull(error)) return noRoom(job, error);
  return error instanceof WinnowError ? error : cutOff(job, done, error);
}

/** One answer of the Hub, written as it comes behind the `found` bytes of the file that are there. */
async function receive(disk: FileSystemSyncAccessHandle, found: number, job: Job): Promise<void> {
  const { access, kept, file, options } = job;
  const watch = createStallWatch(options.stallMs ?? 30_000);
  const first = file.span?.from ?? 0;
  let done = found;
  const span = file.span || done > 0 ? { from: first + done, to: file.span?.to ?? null } : null;
  const response = await openFile(access, kept, file, { span, signal: watch.signal });
  if (response.status === 416 || !response.body) throw wrongSize(job, response);
  // A server that knows no ranges sends all of it: what is there already is passed over.
  let at = response.status === 206 ? first + done : 0;
  const end = first + file.size;
  const reader = response.body.getReader();
  try {
    for (let part = await reader.read(); !part.done && first + done < end; part = await reader.read()) {
      watch.touch();
      const from = Math.max(0, first + done - at);
      const piece = part.value.subarray(from, Math.max(from, Math.min(part.value.length, end - at)));
      at += part.value.length;
      if (piece.length === 0) continue;
      writeAll(disk, piece, done);
      done += piece.length;
      job.report(done);
    }
    disk.flush();
  } finally {
    watch.end();
    reader.cancel().catch(() => undefined); // the connection may be gone already, which is no news
  }
}

function createStallWatch(ms: number) {
  const controller = new AbortController();
  const stop = () => controller.abort(new Error(`no byte for ${ms / 1000} s`));
  let timer = setTimeout(stop, ms);
  return {
    signal: controller.signal,
    touch() {
      clearTimeout(timer);
      timer = setTimeout(stop, ms);
    },
    end: () => clearTimeout(timer),
  };
}

/** By hash; a part of a file has none, and is right by its size. */
function isRight(disk: FileSystemSyncAccessHandle, { size, hash, span }: KeptFile): boolean {
  if (disk.getSize() !== size) return false;
  if (!hash || span) return true;
  return hashOf(disk, hash.kind) === hash.hex;
}

function hashOf(disk: FileSystemSyncAccessHandle, kind: 'sha256' | 'git-sha1'): string {
  const size = disk.getSize();
  const digest = kind === 'sha256' ? sha256.create() : sha1.create();
  if (kind === 'git-sha1') digest.update(new TextEncoder().encode(`blob ${size}\0`));
  const buffer = new Uint8Array(CHECK_BYTES);
  for (let at = 0; at < size; ) {
    const read = disk.read(buffer, { at });
    digest.update(buffer.subarray(0, read));
    at += read;
  }
  return bytesToHex(digest.digest());
}

const where = ({ kept, file }: Job): string => `${kept.id}, ${file.path}`;

function cutOff(job: Job, done: number, cause?: unknown): WinnowError {
  const got = `${done} before the connection was cut${cause instanceof Error ? ` (${cause.message})` : ''}`;
  const message = `${where(job)}: expected ${job.file.size} bytes, got ${got}. They are kept: go on when it is back.`;
  return new WinnowError('network', message, { cause });
}

function wrongSize(job: Job, { status }: Response): WinnowError {
  return new WinnowError(
    'network',
    `${where(job)}: expected ${job.file.size} bytes, got an answer of status ${status}. The server has another file than it lists; try another endpoint.`,
  );
}

function wrongBytes(job: Job): WinnowError {
  const { hash } = job.file;
  return new WinnowError(
    'network',
    `${where(job)}: expected a file of ${hash?.kind} ${hash?.hex.slice(0, 12)}…, got other bytes, which were deleted. Download it again; if it stays so, the server or something on the way changes files.`,
  );
}

function noRoom(job: Job, cause: unknown): WinnowError {
  const size = Math.ceil(job.kept.files.reduce((sum, file) => sum + file.size, 0) / 1e6);
  return new WinnowError(
    'storage',
    `${where(job)}: expected room for ${size} MB in all, got: the browser's storage is full. Delete models, data or runs, or free disk space; then go on. What came so far is kept.`,
    { cause },
  );
}
