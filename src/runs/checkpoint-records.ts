// Which checkpoints of a run lie on the disk: one record in IndexedDB per run, written by the worker, read by the page.
import type { DBSchema } from 'idb';
import { databaseOf } from './database.ts';

export interface Generation {
  /** Under `checkpoints/<run>/` in the origin-private files. */
  readonly file: string;
  /** Updates made. */
  readonly step: number;
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
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

export const readRecord = async (runId: string) => (await open()).get('records', runId);

/** Strict: on the disk when it says so, and not only on its way there. */
export async function writeRecord(runId: string, record: CheckpointRecord): Promise<void> {
  const transaction = (await open()).transaction('records', 'readwrite', { durability: 'strict' });
  await transaction.store.put(record, runId);
  await transaction.done;
}

export const deleteRecord = async (runId: string) => (await open()).delete('records', runId);

/** Updates that the newest checkpoint of each run has. */
export async function readSavedSteps(): Promise<ReadonlyMap<string, number>> {
  const { store } = (await open()).transaction('records');
  const [runIds, records] = await Promise.all([store.getAllKeys(), store.getAll()]);
  return new Map(runIds.map((runId, index) => [runId, records[index]?.generations[0]?.step ?? 0]));
}
