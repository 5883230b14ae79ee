// Back-translations made on this machine, in IndexedDB text by text. A key is how a text was translated and the digest of
// it, so that slices, draws and seeds of the same data share what they have in common.
import type { DBSchema } from 'idb';
import { WinnowError } from '../engine/error.ts';
import { databaseOf } from '../runs/database.ts';
import type { BackTranslation } from '../runs/translation.ts';
import { isFull } from './opfs.ts';

export interface ParaphraseStore {
  /** In the order of `texts`; null for those that have none yet. */
  read(how: BackTranslation, texts: readonly string[]): Promise<(string | null)[]>;
  /** @throws WinnowError `storage` where the browser has no room left. */
  save(how: BackTranslation, text: string, paraphrase: string): Promise<void>;
}

interface ParaphraseDatabase extends DBSchema {
  paraphrases: { key: [how: string, digest: string]; value: string };
}

export const keptParaphrases: ParaphraseStore = {
  async read(how, texts) {
    const digests = await Promise.all(texts.map(digestOf));
    const { store } = (await openDatabase()).transaction('paraphrases');
    const found = digests.map((digest) => store.get([nameOf(how), digest]));
    return (await Promise.all(found)).map((paraphrase) => paraphrase ?? null);
  },
  async save(how, text, paraphrase) {
    const key: [string, string] = [nameOf(how), await digestOf(text)];
    try {
      await (await openDatabase()).put('paraphrases', paraphrase, key);
    } catch (cause) {
      if (!isFull(cause)) throw cause;
      const message = "paraphrases: expected to keep one more, got: the browser's storage is full. Free disk space, or";
      throw new WinnowError('storage', `${message} delete earlier runs; what was translated is kept.`, { cause });
    }
  },
};

const openDatabase = databaseOf<ParaphraseDatabase>({
  name: 'winnow-paraphrases',
  version: 1,
  what: 'Back-translations',
  upgrade: (created) => void created.createObjectStore('paraphrases'),
});

const nameOf = ({ language, temperature }: BackTranslation): string => `opus-mt ${language} ${temperature}`;

async function digestOf(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
