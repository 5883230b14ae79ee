// Which checkpoints of a run lie on the disk: one record in IndexedDB per run, written by the worker, read by the page.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

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

export const readRecord = (runId: string) => withRecords((database) => database.get('records', runId));

/** Strict: on the disk when it says so, and not only on its way there. */
export const writeRecord = (runId: string, record: CheckpointRecord) =>
  withRecords(async (database) => {
    const transaction = database.transaction('records', 'readwrite', { durability: 'strict' });
    await transaction.store.put(record, runId);
    await transaction.done;
  });

export const deleteRecord = (runId: string) => withRecords((database) => database.delete('records', runId));

/** Updates that the newest checkpoint of each run has. */
export const readSavedSteps = (): Promise<ReadonlyMap<string, number>> =>
  withRecords(async (database) => {
    const transaction = database.transaction('records');
    const [runIds, records] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()]);
    return new Map(runIds.map((runId, index) => [runId, records[index]?.generations[0]?.step ?? 0]));
  });

async function withRecords<T>(use: (database: IDBPDatabase<CheckpointDatabase>) => Promise<T>): Promise<T> {
  const database = await openDB<CheckpointDatabase>('winnow-checkpoints', 1, {
    upgrade: (created) => void created.createObjectStore('records'),
  });
  try {
    return await use(database);
  } finally {
    database.close();
  }
}
