// Checkpoints on the disk, under `checkpoints/<run>/`. Each is a file of its own, written whole and read back before one
// record in IndexedDB names it; so whatever breaks off in between, the record names files that are right. The last two
// are kept: should the newest be damaged later, the run loses the steps between them and no more.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { WinnowError } from '../engine/error.ts';
import { safetensorsParts } from '../engine/model/safetensors.ts';
import { isFull, openFile, openFolder, removeEntry, writeAll } from '../hub/opfs.ts';
import { deleteRecord, type Generation, readRecord, readRecords, writeRecord } from '../runs/checkpoint-records.ts';
import { packCheckpoint, type RunCheckpoint, unpackCheckpoint } from './checkpoint.ts';

const GENERATIONS = 2;
const CHECK_BYTES = 4 * 2 ** 20;

/** @throws WinnowError `storage` where the disk is full or gives back other bytes; earlier checkpoints stay. */
export async function saveCheckpoint(runId: string, checkpoint: RunCheckpoint): Promise<void> {
  const folder = await openFolder('checkpoints', runId);
  await keepOnly(folder, await addGeneration(runId, folder, checkpoint));
}

/** What is kept from now on. */
async function addGeneration(
  runId: string,
  folder: FileSystemDirectoryHandle,
  checkpoint: RunCheckpoint,
): Promise<readonly Generation[]> {
  const { step } = checkpoint;
  const file = `${step}-${Date.now()}.safetensors`;
  const parts = safetensorsParts(packCheckpoint(checkpoint));
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  try {
    const hash = await writeVerified(folder, file, parts);
    // What a run was not resumed from is no good, and comes again.
    const before = ((await readRecord(runId))?.generations ?? []).filter((generation) => generation.step < step);
    const generations = [{ file, step, bytes, hash, savedAt: Date.now() }, ...before].slice(0, GENERATIONS);
    await writeRecord(runId, { version: 1, generations });
    return generations;
  } catch (error) {
    await removeEntry(folder, file);
    if (!isFull(error)) throw error;
    throw new WinnowError(
      'storage',
      `checkpoint of step ${step}: expected room for ${Math.ceil(bytes / 1e6)} MB, got a full disk. ` +
        'The run goes on, and what was saved before is kept. Remove runs or models that you no longer need.',
      { cause: error },
    );
  }
}

export interface FoundCheckpoint {
  /** The newest that is whole; null where there is none. */
  readonly checkpoint: RunCheckpoint | null;
  /** Steps of newer ones that are damaged or gone. */
  readonly damaged: readonly number[];
}

export async function loadCheckpoint(runId: string): Promise<FoundCheckpoint> {
  const generations = (await readRecord(runId))?.generations ?? [];
  const folder = await openFolder('checkpoints', runId);
  const damaged: number[] = [];
  for (const { file, step, hash } of generations) {
    const bytes = await (await openFile(folder, file))?.arrayBuffer();
    if (bytes && bytesToHex(sha256(new Uint8Array(bytes))) === hash) {
      return { checkpoint: unpackCheckpoint(new Uint8Array(bytes), file), damaged };
    }
    damaged.push(step);
  }
  return { checkpoint: null, damaged };
}

/** The record goes first: what is left of a deletion that breaks off is files that nothing names. */
export async function deleteCheckpoints(runId: string): Promise<void> {
  await deleteRecord(runId);
  await removeEntry(await openFolder('checkpoints'), runId);
}

/**
 * Clears away what nobody goes on from: all checkpoints but those of the runs given, records whose files are gone, and
 * files that no record names. What a newer page wrote stays. For when no run is under way, whose save might be half done.
 * @returns the runs that had a record and have none now.
 */
export async function tidyCheckpoints(runIds: readonly string[]): Promise<readonly string[]> {
  const records = await readRecords();
  const folders = await openFolder('checkpoints');
  const gone: string[] = [];
  for (const [runId, record] of records) {
    if (!record || (runIds.includes(runId) && (await hasAny(runId, record.generations)))) continue;
    await deleteCheckpoints(runId);
    gone.push(runId);
  }
  for (const runId of await namesIn(folders)) {
    const record = records.get(runId);
    if (record === undefined) await removeEntry(folders, runId);
    else if (record && !gone.includes(runId))
      await keepOnly(await openFolder('checkpoints', runId), record.generations);
  }
  return gone;
}

async function hasAny(runId: string, generations: readonly Generation[]): Promise<boolean> {
  const folder = await openFolder('checkpoints', runId);
  const files = await Promise.all(generations.map(({ file }) => openFile(folder, file)));
  return files.some((file) => file !== null);
}

/** Written straight to the disk and read back; returns the hash of what lies there. */
async function writeVerified(
  folder: FileSystemDirectoryHandle,
  name: string,
  parts: readonly Uint8Array<ArrayBuffer>[],
): Promise<string> {
  const disk = await (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle();
  try {
    disk.truncate(0);
    const written = sha256.create();
    let at = 0;
    for (const part of parts) {
      writeAll(disk, part, at);
      written.update(part);
      at += part.length;
    }
    disk.flush();
    const hash = bytesToHex(written.digest());
    if (disk.getSize() === at && hashOf(disk, at) === hash) return hash;
    throw new WinnowError('storage', `${name}: expected the ${at} bytes that were written, got others from the disk.`);
  } finally {
    disk.close();
  }
}

function hashOf(disk: FileSystemSyncAccessHandle, size: number): string {
  const digest = sha256.create();
  const buffer = new Uint8Array(CHECK_BYTES);
  for (let at = 0; at < size; ) {
    const read = disk.read(buffer, { at });
    if (read === 0) break;
    digest.update(buffer.subarray(0, read));
    at += read;
  }
  return bytesToHex(digest.digest());
}

/** Older generations, and what a save that broke off has left. */
async function keepOnly(folder: FileSystemDirectoryHandle, generations: readonly Generation[]): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!generations.some(({ file }) => file === name)) await removeEntry(folder, name);
  }
}

async function namesIn(folder: FileSystemDirectoryHandle): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names;
}
