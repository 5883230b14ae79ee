// WordNet's synonyms, for augmentation policies that use them: fetched when one first does, and kept.
import { createSynonyms, type Synonyms } from '../engine/uda/synonyms.ts';
import { downloadAll, type LoadOptions } from './download.ts';
import { synonymFileSchema } from './embedded-data.ts';

let kept: Synonyms | null = null;

/** @throws WinnowError `bad-data` where the file cannot be fetched. */
export async function loadSynonyms(options: LoadOptions = {}): Promise<Synonyms> {
  if (kept) return kept;
  const [bytes] = await downloadAll(['data/wordnet-synonyms.json'], 'bad-data', options);
  const { sets } = synonymFileSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  kept = createSynonyms(sets);
  return kept;
}
