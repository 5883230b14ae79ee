// Runs in IndexedDB: what was asked, how it went, its curves. Weights are the worker's (origin-private files).
import type { DBSchema, IDBPDatabase } from 'idb';
import { databaseOf, writtenByNewer } from './database.ts';
import type { PackedSeries } from './metrics.ts';
import type { Run } from './reducer.ts';

export interface RunRecord {
  readonly run: Run;
  readonly series: PackedSeries;
}

export interface RunRepository {
  load(): Promise<readonly RunRecord[]>;
  /** Of all that are kept, also those that this page cannot read. */
  ids(): Promise<readonly string[]>;
  save(record: RunRecord): Promise<void>;
  remove(runId: string): Promise<void>;
}

/** Records without a version are of pages before there was one. */
interface StoredRecord extends RunRecord {
  readonly version?: number;
}

const recordVersion = 1;

interface RunDatabase extends DBSchema {
  records: { key: string; value: StoredRecord };
}

/** The notebook of a browser in which there was only one. */
export const firstNotebookId = 'first';

/** `onNewer` hears of records that a newer page wrote: they are not loaded, and stay as they are. */
export function openRunRepository(onNewer: (problem: Error) => void, name = 'winnow-runs'): RunRepository {
  const upgrade = (db: IDBPDatabase<RunDatabase>) => void db.createObjectStore('records');
  const open = databaseOf<RunDatabase>({ name, version: 1, what: 'Saved runs', upgrade });
  return {
    load: async () => {
      const records = await (await open()).getAll('records');
      const readable = records.filter(({ version = recordVersion }) => version <= recordVersion);
      const newer = records.length - readable.length;
      if (newer > 0) onNewer(writtenByNewer(`Saved runs, ${newer} of ${records.length}`, recordVersion));
      return readable.map(withNewerFields);
    },
    ids: async () => (await open()).getAllKeys('records'),
    save: async (record) =>
      void (await (await open()).put('records', { ...record, version: recordVersion }, record.run.id)),
    remove: async (runId) => (await open()).delete('records', runId),
  };
}

/** Runs that an earlier version kept lack what has been added since. */
const withNewerFields = ({ run, series }: StoredRecord): RunRecord => ({
  series,
  run: {
    ...run,
    notebookId: run.notebookId ?? firstNotebookId,
    variant: run.variant ?? '',
    isPinned: run.isPinned ?? false,
    note: run.note ?? '',
    startedAt: run.startedAt ?? null,
    budgetMinutes: run.budgetMinutes ?? null,
    sources: run.sources ?? null,
    warnings: run.warnings ?? [],
    savedStep: run.savedStep ?? 0,
    recoveries: run.recoveries ?? 0,
    summary: run.summary && { ...run.summary, classes: run.summary.classes ?? null },
  },
});
