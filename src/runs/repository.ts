// Runs in IndexedDB: what was asked, how it went, its curves. Weights are the worker's (origin-private files).
import type { DBSchema, IDBPDatabase } from 'idb';
import { databaseOf } from './database.ts';
import type { PackedSeries } from './metrics.ts';
import type { Run } from './reducer.ts';

export interface RunRecord {
  readonly run: Run;
  readonly series: PackedSeries;
}

export interface RunRepository {
  load(): Promise<readonly RunRecord[]>;
  save(record: RunRecord): Promise<void>;
  remove(runId: string): Promise<void>;
}

interface RunDatabase extends DBSchema {
  records: { key: string; value: RunRecord };
}

/** The notebook of a browser in which there was only one. */
export const firstNotebookId = 'first';

export function openRunRepository(name = 'winnow-runs'): RunRepository {
  const upgrade = (db: IDBPDatabase<RunDatabase>) => void db.createObjectStore('records');
  const open = databaseOf<RunDatabase>({ name, version: 1, what: 'Saved runs', upgrade });
  return {
    load: async () => (await (await open()).getAll('records')).map(withNewerFields),
    save: async (record) => void (await (await open()).put('records', record, record.run.id)),
    remove: async (runId) => (await open()).delete('records', runId),
  };
}

/** Runs that an earlier version kept lack what has been added since. */
const withNewerFields = ({ run, ...record }: RunRecord): RunRecord => ({
  ...record,
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
