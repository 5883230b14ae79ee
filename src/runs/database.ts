// An IndexedDB database of this page, opened when it is first needed. One that a newer page has upgraded is refused and
// left as it is; and no tab keeps another from upgrading it, or waits for one that does.
import { type DBSchema, type IDBPDatabase, type OpenDBCallbacks, openDB } from 'idb';
import { WinnowError } from '../engine/error.ts';

export interface DatabaseOptions<S extends DBSchema> {
  readonly name: string;
  readonly version: number;
  /** What it holds, to begin a message: `Saved runs`. */
  readonly what: string;
  readonly upgrade: NonNullable<OpenDBCallbacks<S>['upgrade']>;
}

/** @returns its opener, which throws WinnowError `storage` where a newer page wrote it or an older one is in the way. */
export function databaseOf<S extends DBSchema>(options: DatabaseOptions<S>): () => Promise<IDBPDatabase<S>> {
  let database: Promise<IDBPDatabase<S>> | undefined;
  const forget = () => {
    database = undefined;
  };
  return () => {
    database ??= open(options, forget).catch((problem: unknown) => {
      forget();
      throw problem;
    });
    return database;
  };
}

/** `onClosed`: the browser closed it, or another tab wants to upgrade it and this one made way. */
function open<S extends DBSchema>(options: DatabaseOptions<S>, onClosed: () => void): Promise<IDBPDatabase<S>> {
  const { name, version, what, upgrade } = options;
  return new Promise((resolve, reject) => {
    let isTooLate = false;
    const opening = openDB<S>(name, version, {
      upgrade,
      blocked() {
        isTooLate = true;
        const message =
          `${what}: expected to be alone with them, but an older Winnow is open in another tab. ` +
          'Close that tab and reload this one.';
        reject(new WinnowError('storage', message));
      },
      blocking(_current, _blocked, event) {
        (event.target as IDBDatabase).close();
        onClosed();
      },
      terminated: onClosed,
    });
    opening.then(
      (opened) => (isTooLate ? opened.close() : resolve(opened)),
      (problem: Error) => reject(problem.name === 'VersionError' ? writtenByNewer(what, version, problem) : problem),
    );
  });
}

/** Of what this page cannot read because a newer one wrote it. `expected` is the newest version that it knows. */
export function writtenByNewer(what: string, expected: number, cause?: unknown): WinnowError {
  const message =
    `${what}: expected version ${expected} or older, but a newer Winnow wrote what is there. It is left as it is. ` +
    'Reload the page; if this stays, clear the cache of this page, but not its data.';
  return new WinnowError('storage', message, { cause });
}

/** The version that a record says it has; 0 where it says none. */
export function versionOf(record: unknown): number {
  const version = typeof record === 'object' && record !== null && 'version' in record ? record.version : 0;
  return typeof version === 'number' ? version : 0;
}
