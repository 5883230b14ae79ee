// Keeps the notebook in IndexedDB. Each save writes a new revision and swaps the pointer in one transaction; the
// revision before it stays, so neither a crash nor a newer version's file can leave the reader with nothing.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { documentSchema, type NotebookDocument } from './document.ts';
import type { NotebookStore } from './store.ts';

interface NotebookDatabase extends DBSchema {
  revisions: { key: number; value: unknown };
  pointer: { key: 'current'; value: number };
}

export interface NotebookRepository {
  /** The newest readable revision; `unreadable` says that a newer one could not be read. */
  load(): Promise<{ readonly document: NotebookDocument | null; readonly unreadable: boolean }>;
  save(document: NotebookDocument): Promise<void>;
}

export function openNotebookRepository(name = 'winnow-notebook'): NotebookRepository {
  let database: Promise<IDBPDatabase<NotebookDatabase>> | undefined;
  const open = () => {
    database ??= openDB<NotebookDatabase>(name, 1, {
      upgrade(db) {
        db.createObjectStore('revisions');
        db.createObjectStore('pointer');
      },
    });
    return database;
  };
  return { load: async () => loadNewest(await open()), save: async (document) => saveRevision(await open(), document) };
}

async function loadNewest(db: IDBPDatabase<NotebookDatabase>) {
  const current = await db.get('pointer', 'current');
  let unreadable = false;
  for (const revision of current === undefined ? [] : [current, current - 1]) {
    const stored = await db.get('revisions', revision);
    const parsed = documentSchema.safeParse(stored);
    if (parsed.success) return { document: parsed.data, unreadable };
    unreadable ||= stored !== undefined;
  }
  return { document: null, unreadable };
}

async function saveRevision(db: IDBPDatabase<NotebookDatabase>, document: NotebookDocument): Promise<void> {
  const transaction = db.transaction(['revisions', 'pointer'], 'readwrite');
  const revisions = transaction.objectStore('revisions');
  const pointer = transaction.objectStore('pointer');
  const revision = ((await pointer.get('current')) ?? 0) + 1;
  await revisions.put(document, revision);
  await pointer.put(revision, 'current');
  await revisions.delete(revision - 2);
  await transaction.done;
}

export interface Autosave {
  /** Writes at once what is still waiting. */
  flush(): void;
}

export function startAutosave(options: {
  readonly store: NotebookStore;
  readonly repository: NotebookRepository;
  readonly onError: (error: unknown) => void;
  readonly delayMs?: number;
}): Autosave {
  const { store, repository, onError, delayMs = 600 } = options;
  let saved = store.getState().history.present;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    const { present } = store.getState().history;
    if (present === saved) return;
    saved = present;
    repository.save(present).catch(onError);
  };
  store.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(flush, delayMs);
  });
  return { flush };
}
