// What a page that is left in mid-edit still holds. Its database may answer only when the page is gone; localStorage
// writes at once, so the document waits there for the next visit.
import { z } from 'zod';
import { documentSchema, type NotebookDocument } from '../document.ts';

export interface Unsaved {
  readonly id: string;
  readonly document: NotebookDocument;
  /** Time of the version that it goes on from. */
  readonly basedOn: number;
}

export interface UnsavedStore {
  keep(unsaved: Unsaved): void;
  drop(id: string): void;
  /** All that this page can read; what a newer one left stays for it. */
  all(): readonly Unsaved[];
}

const prefix = 'winnow-unsaved-';
const unsavedSchema = z.object({ document: documentSchema, basedOn: z.number() });

export function createUnsavedStore(storage: Storage): UnsavedStore {
  const read = (key: string) => unsavedSchema.safeParse(JSON.parse(storage.getItem(key) ?? 'null'));
  /** What a newer page left under this name is neither replaced nor dropped. */
  const isOwn = (key: string) => storage.getItem(key) === null || read(key).success;
  return {
    keep({ id, ...unsaved }) {
      if (isOwn(prefix + id)) storage.setItem(prefix + id, JSON.stringify(unsaved));
    },
    drop(id) {
      if (isOwn(prefix + id)) storage.removeItem(prefix + id);
    },
    all: () =>
      Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
        .filter((key) => key.startsWith(prefix))
        .flatMap((key) => {
          const found = read(key);
          return found.success ? [{ id: key.slice(prefix.length), ...found.data }] : [];
        }),
  };
}
