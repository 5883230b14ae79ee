// Notebooks in IndexedDB. A notebook is an entry, for lists, and its versions, of which the newest is what opens. A save
// adds a version and thins out the older ones in one transaction, so neither a crash nor a newer page's document can
// leave the reader with nothing.
import type { DBSchema, IDBPDatabase, IDBPTransaction } from 'idb';
import { WinnowError } from '../../engine/error.ts';
import { databaseOf } from '../../runs/database.ts';
import { firstNotebookId } from '../../runs/repository.ts';
import { documentSchema, type NotebookDocument } from '../document.ts';
import { keptVersions } from './versions.ts';

export interface NotebookEntry {
  readonly id: string;
  readonly title: string;
  /** Times in ms since the epoch. */
  readonly createdAt: number;
  /** That of the newest version. */
  readonly savedAt: number;
  readonly openedAt: number;
  /** Since when it is in the bin. */
  readonly binnedAt: number | null;
  /** The example that it began as, with the example's document of then. */
  readonly example: ExampleCopy | null;
  /** Times of versions that thinning leaves alone. */
  readonly pinned: readonly number[];
}

export interface ExampleCopy {
  readonly id: string;
  readonly document: NotebookDocument;
}

export interface Version {
  readonly at: number;
  /** Null where this page cannot read it: a newer one wrote it. */
  readonly document: NotebookDocument | null;
}

export interface NotebookRepository {
  entries(): Promise<readonly NotebookEntry[]>;
  /** The newest first. */
  versions(id: string): Promise<readonly Version[]>;
  add(entry: NotebookEntry, document: NotebookDocument): Promise<void>;
  /**
   * Adds a version. `basedOn` is the time of the version that the document goes on from: where storage has a newer one,
   * another tab's, that one is pinned.
   */
  save(id: string, document: NotebookDocument, basedOn: number): Promise<SaveResult>;
  /** Changes an entry; throws where there is none. */
  change(id: string, change: EntryChange): Promise<NotebookEntry>;
  /** For ever, with all versions. */
  remove(id: string): Promise<void>;
}

export interface SaveResult {
  readonly entry: NotebookEntry;
  readonly foundOther: boolean;
}

export type EntryChange = Partial<Pick<NotebookEntry, 'openedAt' | 'binnedAt' | 'pinned'>>;

interface LibraryDatabase extends DBSchema {
  entries: { key: string; value: NotebookEntry };
  versions: { key: [notebookId: string, at: number]; value: unknown };
}

type Upgrade = IDBPTransaction<LibraryDatabase, ('entries' | 'versions')[], 'versionchange'>;

export function openNotebookRepository(name = 'winnow-notebook'): NotebookRepository {
  const open = databaseOf<LibraryDatabase>({
    name,
    version: 2,
    what: 'Saved notebooks',
    async upgrade(db, from, _to, transaction) {
      db.createObjectStore('entries', { keyPath: 'id' });
      db.createObjectStore('versions');
      if (from === 1) await takeOverOnlyNotebook(db, transaction);
    },
  });
  return {
    entries: async () => (await open()).getAll('entries'),
    versions: async (id) => readVersions(await open(), id),
    add: async (entry, document) => {
      const transaction = (await open()).transaction(['entries', 'versions'], 'readwrite');
      await transaction.objectStore('versions').put(document, [entry.id, entry.savedAt]);
      await transaction.objectStore('entries').put(entry);
      await transaction.done;
    },
    save: async (id, document, basedOn) => saveVersion(await open(), { id, document, basedOn }),
    change: async (id, change) => {
      const transaction = (await open()).transaction('entries', 'readwrite');
      const changed = { ...found(await transaction.store.get(id)), ...change };
      await transaction.store.put(changed);
      await transaction.done;
      return changed;
    },
    remove: async (id) => {
      const transaction = (await open()).transaction(['entries', 'versions'], 'readwrite');
      await transaction.objectStore('versions').delete(versionsOf(id));
      await transaction.objectStore('entries').delete(id);
      await transaction.done;
    },
  };
}

/** Before there were several notebooks, revisions 1, 2, … were kept of one, and a pointer to the newest. */
async function takeOverOnlyNotebook(db: IDBPDatabase<LibraryDatabase>, transaction: Upgrade): Promise<void> {
  const old = transaction as unknown as IDBPTransaction<unknown, string[], 'versionchange'>;
  const revisions = old.objectStore('revisions');
  const now = Date.now();
  const documents = await revisions.getAll(); // in order of their numbers
  const times = documents.map((_, index) => now - documents.length + 1 + index);
  for (const [index, at] of times.entries()) {
    await transaction.objectStore('versions').put(documents[index], [firstNotebookId, at]);
  }
  const newest = documents.at(-1) as { readonly title?: unknown } | undefined;
  if (newest) {
    const title = typeof newest.title === 'string' ? newest.title : '';
    const entry = { ...newEntry({ id: firstNotebookId, title, now }), pinned: times };
    await transaction.objectStore('entries').put(entry);
  }
  const oldDatabase = db as unknown as IDBPDatabase<unknown>;
  oldDatabase.deleteObjectStore('revisions');
  oldDatabase.deleteObjectStore('pointer');
}

export function newEntry({ id, title, now, example = null }: NewEntry): NotebookEntry {
  return { id, title, createdAt: now, savedAt: now, openedAt: now, binnedAt: null, example, pinned: [now] };
}

interface NewEntry {
  readonly id: string;
  readonly title: string;
  readonly now: number;
  readonly example?: ExampleCopy | null;
}

const versionsOf = (id: string) => IDBKeyRange.bound([id], [id, []]);

async function readVersions(db: IDBPDatabase<LibraryDatabase>, id: string): Promise<readonly Version[]> {
  const transaction = db.transaction('versions');
  const range = versionsOf(id);
  const [keys, values] = await Promise.all([transaction.store.getAllKeys(range), transaction.store.getAll(range)]);
  const versions = keys.map(([, at], index) => {
    const parsed = documentSchema.safeParse(values[index]);
    return { at, document: parsed.success ? parsed.data : null };
  });
  return versions.reverse();
}

const isReadable = (document: unknown): boolean => documentSchema.safeParse(document).success;

interface Save {
  readonly id: string;
  readonly document: NotebookDocument;
  readonly basedOn: number;
}

async function saveVersion(db: IDBPDatabase<LibraryDatabase>, { id, document, basedOn }: Save): Promise<SaveResult> {
  const transaction = db.transaction(['entries', 'versions'], 'readwrite');
  const versions = transaction.objectStore('versions');
  const entry = found(await transaction.objectStore('entries').get(id));
  const times = (await versions.getAllKeys(versionsOf(id))).map(([, at]) => at);
  // A clock that was set back must not put the newest version among the older ones.
  const now = Math.max(Date.now(), ...times.map((at) => at + 1));
  const foundOther = entry.savedAt > basedOn;
  const pinned = foundOther ? [...entry.pinned, entry.savedAt] : entry.pinned;
  const kept = keptVersions({ times: [...times, now], pinned }, now);
  await versions.put(document, [id, now]);
  for (const at of times.filter((time) => !kept.includes(time))) {
    // What this page cannot read is not its own to throw away.
    if (isReadable(await versions.get([id, at]))) await versions.delete([id, at]);
  }
  const saved = { ...entry, title: document.title, savedAt: now, pinned: pinned.filter((at) => kept.includes(at)) };
  await transaction.objectStore('entries').put(saved);
  await transaction.done;
  return { entry: saved, foundOther };
}

function found(entry: NotebookEntry | undefined): NotebookEntry {
  if (entry) return entry;
  throw new WinnowError(
    'storage',
    'This notebook: expected to find it in the browser’s storage, but it is gone, perhaps deleted in another tab. ' +
      'Save it as a file to keep it.',
  );
}
