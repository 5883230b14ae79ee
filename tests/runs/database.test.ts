import 'fake-indexeddb/auto';
import { type DBSchema, openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { emptyNotebook } from '../../src/notebook/document.ts';
import { newEntry, openNotebookRepository } from '../../src/notebook/library/repository.ts';
import { databaseOf } from '../../src/runs/database.ts';
import { openRunRepository } from '../../src/runs/repository.ts';

interface Things extends DBSchema {
  things: { key: string; value: unknown };
}

const nobody = () => undefined;
let databases = 0;
const freshName = () => `versions-${databases++}`;
const thingsOf = (name: string, version: number) =>
  databaseOf<Things>({
    name,
    version,
    what: 'Things',
    upgrade: (db, from) => void (from === 0 && db.createObjectStore('things')),
  });

/** As a page of the future leaves it. */
async function leaveNewer(name: string): Promise<() => Promise<unknown>> {
  const db = await openDB(name, 9, { upgrade: (created) => void created.createObjectStore('future') });
  await db.put('future', { version: 9, of: 'the future' }, 'a');
  db.close();
  return async () => {
    const again = await openDB(name, 9);
    const left = { stores: [...again.objectStoreNames], values: await again.getAll('future') };
    again.close();
    return left;
  };
}

describe('a database that a newer page has upgraded', () => {
  it.each([
    ['notebooks', (name: string) => openNotebookRepository(name).entries()],
    ['versions', (name: string) => openNotebookRepository(name).versions('a')],
    [
      'a new notebook',
      (name: string) => openNotebookRepository(name).add(newEntry({ id: 'a', title: '', now: 1 }), emptyNotebook),
    ],
    ['a notebook deleted', (name: string) => openNotebookRepository(name).remove('a')],
    ['runs', (name: string) => openRunRepository(nobody, name).load()],
    ['a run deleted', (name: string) => openRunRepository(nobody, name).remove('a')],
    ['others', (name: string) => thingsOf(name, 1)()],
  ])('refuses %s, says what to do, and is left as it was', async (_, use) => {
    const name = freshName();
    const read = await leaveNewer(name);
    await expect(use(name)).rejects.toThrow(
      /expected version \d or older, but a newer Winnow wrote what is there.*Reload/,
    );
    expect(await read()).toEqual({ stores: ['future'], values: [{ version: 9, of: 'the future' }] });
  });
});

describe('a database that another tab upgrades', () => {
  it('is let go of at once, and refused from then on', async () => {
    const name = freshName();
    const openOld = thingsOf(name, 1);
    await (await openOld()).put('things', 1, 'a');
    const newer = await thingsOf(name, 2)();
    expect(await newer.get('things', 'a')).toBe(1);
    await expect(openOld()).rejects.toThrow('expected version 1 or older');
  });

  it('by this page says so where an older page does not let go, and opens once it has', async () => {
    const name = freshName();
    const old = await openDB(name, 1, { upgrade: (db) => void db.createObjectStore('things') });
    const openNew = thingsOf(name, 2);
    await expect(openNew()).rejects.toThrow('an older Winnow is open in another tab');
    old.close();
    const opened = await openNew();
    expect([opened.version, [...opened.objectStoreNames]]).toEqual([2, ['things']]);
  });
});
