// Which checkpoints of a run lie on the disk: one record in IndexedDB per run, written by the worker, read by the page.
import type { DBSchema } from 'idb';
import { databaseOf, versionOf, writtenByNewer } from './database.ts';

export interface Generation {
  /** Under `checkpoints/<run>/` in the origin-private files. */
  readonly file: string;
  /** Updates made. */
  readonly step: number;
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
  /** Milliseconds since the epoch; unknown of those that were saved before it was told. */
  readonly savedAt?: number;
}

export interface CheckpointRecord {
  readonly version: 1;
  /** The newest first. */
  readonly generations: readonly Generation[];
}

interface CheckpointDatabase extends DBSchema {
  records: { key: string; value: CheckpointRecord };
}

const open = databaseOf<CheckpointDatabase>({
  name: 'winnow-checkpoints',
  version: 1,
  what: 'Checkpoints',
  upgrade: (created) => void created.createObjectStore('records'),
});

/** @throws WinnowError `storage` for a record of a newer page. */
export async function readRecord(runId: string): Promise<CheckpointRecord | undefined> {
  const record = await (await open()).get('records', runId);
  if (versionOf(record) > 1) throw writtenByNewer('Checkpoints of this run', 1);
  return record;
}

/** By run; null where a newer page wrote it. */
export async function readRecords(): Promise<ReadonlyMap<string, CheckpointRecord | null>> {
  const { store } = (await open()).transaction('records');
  const [runIds, records] = await Promise.all([store.getAllKeys(), store.getAll()]);
  return new Map(records.map((record, index) => [runIds[index] ?? '', versionOf(record) > 1 ? null : record]));
}

/** Strict: on the disk when it says so, and not only on its way there. */
export async function writeRecord(runId: string, record: CheckpointRecord): Promise<void> {
  const transaction = (await open()).transaction('records', 'readwrite', { durability: 'strict' });
  await transaction.store.put(record, runId);
  await transaction.done;
}

export const deleteRecord = async (runId: string) => (await open()).delete('records', runId);

/** Updates that the newest checkpoint of each run has. */
export async function readSavedSteps(): Promise<ReadonlyMap<string, number>> {
  return new Map([...(await readRecords())].map(([runId, record]) => [runId, record?.generations[0]?.step ?? 0]));
}
