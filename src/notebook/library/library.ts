// All notebooks of this browser, the one that is open, and its saving: what changes is kept a moment later, without
// being asked for.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { writtenByNewer } from '../../runs/database.ts';
import type { NotebookDocument } from '../document.ts';
import { freeNameAmong } from '../new-cells.ts';
import type { NotebookStore } from '../store.ts';
import { renameDocument, renewIds } from '../transitions.ts';
import {
  type EntryChange,
  type ExampleCopy,
  type NotebookEntry,
  type NotebookRepository,
  newEntry,
  type Version,
} from './repository.ts';
import type { Unsaved, UnsavedStore } from './unsaved.ts';

export interface LibraryState {
  /** All, those in the bin included; the one opened last comes first. */
  readonly entries: readonly NotebookEntry[];
  /** Whether storage has what the page shows. */
  readonly saving: 'saved' | 'waiting' | 'failed';
}

export interface Library extends Pick<StoreApi<LibraryState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Saves what a page that was left had not. */
  recover(): Promise<void>;
  /** Reads which notebooks there are. */
  load(): Promise<void>;
  /** Puts a notebook on the page. Where its newest version cannot be read, the one before opens, with a note. */
  open(id: string): Promise<void>;
  /** Adds a notebook, with cell ids and a title of its own, and opens it. Another notebook is never replaced. */
  create(document: NotebookDocument, example?: ExampleCopy): Promise<void>;
  rename(id: string, title: string): Promise<void>;
  /** The copy is not opened. */
  duplicate(id: string): Promise<void>;
  /** Into the bin, or out of it. */
  bin(id: string, isBinned: boolean): Promise<void>;
  /** For ever. */
  remove(id: string): Promise<void>;
  /** Of the open notebook, the newest first. */
  versions(): Promise<readonly Version[]>;
  /** Makes an earlier version the present one, by a change that can be undone; the present one stays a version. */
  restore(document: NotebookDocument): Promise<void>;
  /** Writes at once what is still waiting. */
  flush(): Promise<void>;
  /** For a page that may be gone before a write ends: what is waiting is not lost either way. */
  leave(): void;
}

export interface LibraryOptions {
  readonly notebook: NotebookStore;
  readonly repository: NotebookRepository;
  readonly unsaved: UnsavedStore;
  readonly onError: (error: unknown) => void;
  /** Hears what a reader should know of a notebook that opens or is saved. */
  readonly onNote: (message: string) => void;
  readonly delayMs?: number;
}

export function createLibrary(options: LibraryOptions): Library {
  const { notebook, repository, unsaved, onError, onNote, delayMs = 600 } = options;
  const store = createStore<LibraryState>(() => ({ entries: [], saving: 'saved' }));
  const present = () => notebook.getState().history.present;
  /** What storage has of the open notebook. */
  let saved = { document: present(), at: 0 };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastSave: Promise<void> = Promise.resolve();

  const setEntries = (entries: readonly NotebookEntry[]) => store.setState({ entries: byOpening(entries) });
  const put = (changed: NotebookEntry) =>
    setEntries([changed, ...store.getState().entries.filter(({ id }) => id !== changed.id)]);
  const entryOf = (id: string) => store.getState().entries.find((entry) => entry.id === id);
  const change = async (id: string, to: EntryChange) => put(await repository.change(id, to));

  async function save(): Promise<void> {
    const { id } = notebook.getState();
    const document = present();
    if (document === saved.document) return store.setState({ saving: 'saved' });
    try {
      const { entry, foundOther } = await repository.save(id, document, saved.at);
      saved = { document, at: entry.savedAt };
      put(entry);
      if (foundOther) onNote(otherTab);
      if (present() !== document) return;
      unsaved.drop(id);
      store.setState({ saving: 'saved' });
    } catch (problem) {
      store.setState({ saving: 'failed' });
      onError(problem);
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    lastSave = lastSave.then(save);
    return lastSave;
  }

  notebook.subscribe(() => {
    // While a save is under way, even what was saved before it has to be saved again.
    if (present() === saved.document && store.getState().saving === 'saved') return;
    store.setState({ saving: 'waiting' });
    clearTimeout(timer);
    timer = setTimeout(flush, delayMs);
  });

  function show(entry: NotebookEntry, document: NotebookDocument): void {
    saved = { document, at: entry.savedAt };
    put(entry);
    store.setState({ saving: 'saved' });
    notebook.open(entry.id, document);
  }

  async function readNewest(id: string): Promise<NotebookDocument> {
    const versions = await repository.versions(id);
    const newest = newestReadable(versions);
    const unreadable = versions.slice(0, versions.indexOf(newest)).map(({ at }) => at);
    if (unreadable.length > 0) {
      await change(id, { pinned: [...(entryOf(id)?.pinned ?? []), ...unreadable] });
      onNote('The last version of this notebook could not be read, so an older one was opened. It is kept.');
    }
    return newest.document;
  }

  async function add(document: NotebookDocument, example: ExampleCopy | null = null) {
    const titles = store.getState().entries.flatMap(({ binnedAt, title }) => (binnedAt === null ? [title] : []));
    const own = renewIds(() => crypto.randomUUID())({ ...document, title: freeNameAmong(titles, document.title) });
    const entry = newEntry({ id: crypto.randomUUID(), title: own.title, now: Date.now(), example });
    return { entry, document: own, stored: repository.add(entry, own) };
  }

  async function saveUnsaved({ id, document, basedOn }: Unsaved): Promise<void> {
    const [newest] = await repository.versions(id);
    if (!newest) await repository.add(newEntry({ id, title: document.title, now: Date.now() }), document);
    else if (JSON.stringify(newest.document) !== JSON.stringify(document)) {
      const { foundOther } = await repository.save(id, document, basedOn);
      if (foundOther) onNote(otherTab);
    }
    unsaved.drop(id);
  }

  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    flush,
    leave() {
      const { id } = notebook.getState();
      if (store.getState().saving !== 'saved') unsaved.keep({ id, document: present(), basedOn: saved.at });
      void flush();
    },
    async recover() {
      for (const left of unsaved.all()) await saveUnsaved(left);
    },
    async load() {
      setEntries(await repository.entries());
    },
    async open(id) {
      await flush();
      const document = await readNewest(id);
      show(await repository.change(id, { openedAt: Date.now() }), document);
    },
    async create(document, example) {
      await flush();
      const added = await add(document, example);
      show(added.entry, added.document);
      await added.stored.catch((problem: unknown) => {
        store.setState({ saving: 'failed' });
        onError(problem);
      });
    },
    async rename(id, title) {
      if (id === notebook.getState().id) return notebook.apply(renameDocument(title));
      const document = renameDocument(title)(await readNewest(id));
      put((await repository.save(id, document, entryOf(id)?.savedAt ?? 0)).entry);
    },
    async duplicate(id) {
      await flush();
      const { entry, stored } = await add(await readNewest(id), entryOf(id)?.example);
      await stored;
      put(entry);
    },
    bin: (id, isBinned) => change(id, { binnedAt: isBinned ? Date.now() : null }),
    async remove(id) {
      await repository.remove(id);
      store.setState(({ entries }) => ({ entries: entries.filter((entry) => entry.id !== id) }));
    },
    async versions() {
      await flush();
      return repository.versions(notebook.getState().id);
    },
    async restore(document) {
      await flush();
      const { id } = notebook.getState();
      await change(id, { pinned: [...(entryOf(id)?.pinned ?? []), saved.at] });
      notebook.apply(() => document);
    },
  };
}

const otherTab =
  'This notebook was also changed in another tab. What was saved there is kept: see Versions. ' +
  'Go on in one of the two tabs only.';

export const byOpening = (entries: readonly NotebookEntry[]): readonly NotebookEntry[] =>
  entries.toSorted((a, b) => b.openedAt - a.openedAt);

type ReadableVersion = Version & { readonly document: NotebookDocument };

/** Of versions, newest first, the one that opens. Throws where this page can read none. */
export function newestReadable(versions: readonly Version[]): ReadableVersion {
  const newest = versions.find(isReadable);
  if (newest) return newest;
  throw writtenByNewer('This notebook’s versions', 1);
}

const isReadable = (version: Version): version is ReadableVersion => version.document !== null;
