import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it, vi } from 'vitest';
import { emptyNotebook, type NotebookDocument } from '../../../src/notebook/document.ts';
import { createLibrary } from '../../../src/notebook/library/library.ts';
import { openNotebookRepository } from '../../../src/notebook/library/repository.ts';
import { createUnsavedStore } from '../../../src/notebook/library/unsaved.ts';
import { createNotebookStore } from '../../../src/notebook/store.ts';
import { magnitudeOrMovement } from '../../../src/notebook/templates/magnitude-or-movement.ts';
import { renameDocument } from '../../../src/notebook/transitions.ts';
import { firstNotebookId } from '../../../src/runs/repository.ts';

const template = magnitudeOrMovement('quick');
let databases = 0;
const freshName = () => `test-${databases++}`;

/** localStorage, as far as it is used. */
function createStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}

/** A tab on the browser's notebooks. */
async function openTab(name: string, storage: Storage = createStorage()) {
  const notebook = createNotebookStore(emptyNotebook);
  const onError = vi.fn();
  const onNote = vi.fn();
  const repository = openNotebookRepository(name);
  const unsaved = createUnsavedStore(storage);
  const library = createLibrary({ notebook, repository, unsaved, onError, onNote });
  await library.recover();
  await library.load();
  const titled = (title: string) => library.getState().entries.find((entry) => entry.title === title)!;
  const present = () => notebook.getState().history.present;
  const type = (title: string) => notebook.apply(renameDocument(title), 'title');
  return { notebook, library, repository, onError, onNote, titled, present, type };
}

const withTitle = (title: string): NotebookDocument => ({ ...emptyNotebook, title });

describe('the notebook of a browser in which there was only one', () => {
  async function leaveOld(name: string, revisions: readonly unknown[]) {
    const old = await openDB(name, 1, {
      upgrade(db) {
        db.createObjectStore('revisions');
        db.createObjectStore('pointer');
      },
    });
    for (const [index, revision] of revisions.entries()) await old.put('revisions', revision, index + 7);
    await old.put('pointer', 6 + revisions.length, 'current');
    old.close();
  }

  it('is the first of several, as it was left, with the revision before as a version', async () => {
    const name = freshName();
    await leaveOld(name, [withTitle('before'), template]);
    const { library, present } = await openTab(name);
    expect(library.getState().entries).toMatchObject([{ id: firstNotebookId, title: template.title }]);
    await library.open(firstNotebookId);
    expect(present()).toEqual(template);
    expect((await library.versions()).map(({ document }) => document?.title)).toEqual([template.title, 'before']);
  });

  it('opens at the last readable revision, and keeps what a newer page wrote', async () => {
    const name = freshName();
    const newer = { version: 9, title: 'from the future' };
    await leaveOld(name, [template, newer]);
    const { library, present, onNote, type } = await openTab(name);
    await library.open(firstNotebookId);
    expect(present()).toEqual(template);
    expect(onNote).toHaveBeenCalledOnce();
    type('changed');
    await library.flush();
    expect((await library.versions()).map(({ document }) => document?.title)).toEqual([
      'changed',
      undefined,
      template.title,
    ]);
  });
});

describe('a library', () => {
  it('saves what changes, tells so, and reads it back in the next visit', async () => {
    const name = freshName();
    const { library, type, notebook } = await openTab(name);
    await library.create(template);
    expect(library.getState().saving).toBe('saved');
    type('mine');
    expect(library.getState().saving).toBe('waiting');
    await library.flush();
    expect(library.getState().saving).toBe('saved');
    const next = await openTab(name);
    await next.library.open(next.titled('mine').id);
    expect(next.present()).toEqual(notebook.getState().history.present);
  });

  it('saves what undo brings back while a change is being saved', async () => {
    const { library, type, notebook, present, repository } = await openTab(freshName());
    await library.create(template);
    const { save } = repository;
    vi.spyOn(repository, 'save').mockImplementationOnce((...given) => {
      notebook.undo();
      return save(...given);
    });
    const before = present();
    type('changed');
    await library.flush();
    await vi.waitFor(() => expect(library.getState().saving).toBe('saved'), { timeout: 5000 });
    const [newest] = await repository.versions(notebook.getState().id);
    expect(newest?.document).toEqual(before);
  });

  it('gives every notebook cells and a title of its own, copies too', async () => {
    const { library, titled, present } = await openTab(freshName());
    await library.create(template);
    const first = present();
    await library.create(template);
    expect(present().title).toBe('Magnitude or movement? 2');
    await library.duplicate(titled(template.title).id);
    await library.open(titled('Magnitude or movement? 3').id);
    const ids = [...first.cells, ...present().cells].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('writes what is waiting before another notebook opens', async () => {
    const { library, titled, present, type } = await openTab(freshName());
    await library.create(withTitle('a'));
    type('a, changed');
    await library.create(withTitle('b'));
    await library.open(titled('a, changed').id);
    expect(present().title).toBe('a, changed');
  });

  it('renames the open notebook by a change that can be undone, and others where they lie', async () => {
    const { library, titled, notebook, present } = await openTab(freshName());
    await library.create(withTitle('a'));
    await library.create(withTitle('b'));
    await library.rename(titled('b').id, 'c');
    notebook.undo();
    expect(present().title).toBe('b');
    await library.rename(titled('a').id, 'd');
    await library.open(titled('d').id);
    expect(present().title).toBe('d');
  });

  it('puts into the bin and back, and deletes for ever', async () => {
    const name = freshName();
    const { library, titled } = await openTab(name);
    await library.create(withTitle('a'));
    await library.create(withTitle('b'));
    await library.bin(titled('a').id, true);
    expect(titled('a').binnedAt).not.toBeNull();
    await library.bin(titled('a').id, false);
    await library.remove(titled('b').id);
    const { library: next } = await openTab(name);
    expect(next.getState().entries).toMatchObject([{ title: 'a', binnedAt: null }]);
  });

  it('restores a version by a change that can be undone, and keeps the one before', async () => {
    const { library, notebook, present, type } = await openTab(freshName());
    await library.create(withTitle('one'));
    type('two');
    const [, first] = await library.versions();
    await library.restore(first!.document!);
    expect(present().title).toBe('one');
    const titles = async () => (await library.versions()).map(({ document }) => document?.title);
    expect(await titles()).toEqual(['one', 'two', 'one']);
    notebook.undo();
    expect(present().title).toBe('two');
  });

  it('keeps what another tab saved of the same notebook, and says so', async () => {
    const name = freshName();
    const here = await openTab(name);
    await here.library.create(withTitle('start'));
    const there = await openTab(name);
    await there.library.open(here.notebook.getState().id);
    there.type('there');
    await there.library.flush();
    here.type('here');
    await here.library.flush();
    expect(here.onNote).toHaveBeenCalledWith(expect.stringContaining('another tab'));
    expect((await here.library.versions()).map(({ document }) => document?.title)).toEqual(['here', 'there', 'start']);
  });

  it('says that it could not save, and tries again with the next change', async () => {
    const { library, repository, onError, type } = await openTab(freshName());
    await library.create(withTitle('a'));
    const refuse = vi.spyOn(repository, 'save').mockRejectedValueOnce(new Error('The disk is full.'));
    type('b');
    await library.flush();
    expect(onError).toHaveBeenCalledWith(new Error('The disk is full.'));
    expect(library.getState().saving).toBe('failed');
    type('c');
    await library.flush();
    expect(refuse).toHaveBeenCalledTimes(2);
    expect(library.getState().saving).toBe('saved');
  });
});

describe('a page that is left in mid-edit', () => {
  /** It closes before its database has answered. */
  async function leave(name: string, storage: Storage, title: string) {
    const tab = await openTab(name, storage);
    await tab.library.create(template);
    const { id } = tab.notebook.getState();
    tab.type(title);
    vi.spyOn(tab.repository, 'save').mockReturnValue(Promise.race([]));
    tab.library.leave();
    return { id, document: tab.present() };
  }

  it('finds its last change at the next visit, as a version like any other', async () => {
    const [name, storage] = [freshName(), createStorage()];
    const { id, document } = await leave(name, storage, 'half a ti');
    const { library, present, onNote } = await openTab(name, storage);
    await library.open(id);
    expect(present()).toEqual(document);
    expect((await library.versions()).map((version) => version.document?.title)).toEqual(['half a ti', template.title]);
    expect(onNote).not.toHaveBeenCalled();
    expect(storage.length).toBe(0);
  });

  it('is saved once, where its database did answer', async () => {
    const [name, storage] = [freshName(), createStorage()];
    const { library, type } = await openTab(name, storage);
    await library.create(template);
    type('whole');
    library.leave();
    const left = storage.getItem(storage.key(0)!)!;
    await library.flush();
    expect(storage.length).toBe(0);
    storage.setItem(`winnow-unsaved-${library.getState().entries[0]!.id}`, left);
    const next = await openTab(name, storage);
    await next.library.open(next.titled('whole').id);
    expect(await next.library.versions()).toHaveLength(2);
    expect(storage.length).toBe(0);
  });

  it('keeps what another tab saved meanwhile, and says so', async () => {
    const [name, storage] = [freshName(), createStorage()];
    const { id } = await leave(name, storage, 'mine');
    const other = await openTab(name);
    await other.library.open(id);
    other.type('theirs');
    await other.library.flush();
    const { library, onNote } = await openTab(name, storage);
    expect(onNote).toHaveBeenCalledOnce();
    await library.open(id);
    expect((await library.versions()).map((version) => version.document?.title)).toEqual([
      'mine',
      'theirs',
      template.title,
    ]);
  });

  it('is found although its notebook was never stored, and left alone where a newer page wrote it', async () => {
    const [name, storage] = [freshName(), createStorage()];
    storage.setItem('winnow-unsaved-new', JSON.stringify({ document: withTitle('just begun'), basedOn: 1 }));
    storage.setItem('winnow-unsaved-newer', JSON.stringify({ document: { version: 9 }, basedOn: 1 }));
    const { library, titled, present } = await openTab(name, storage);
    await library.open(titled('just begun').id);
    expect(present()).toEqual(withTitle('just begun'));
    expect(storage.key(0)).toBe('winnow-unsaved-newer');
  });
});
