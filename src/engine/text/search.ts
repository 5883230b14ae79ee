// A query in texts, whatever its case. The worker counts with it and the page marks with it, so that both agree.
import type { Offsets } from './tokenizer.ts';

export interface Search {
  isIn(text: string): boolean;
  /** Where it stands, [from, to) in UTF-16 units, in order and apart from each other. */
  placesIn(text: string): readonly Offsets[];
}

/** The query is plain text, with white space around it ignored; an empty one is in every text, and stands nowhere. */
export function createSearch(query: string): Search {
  const source = query.trim().replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  if (source === '') return { isIn: () => true, placesIn: () => [] };
  const once = new RegExp(source, 'iu');
  const all = new RegExp(source, 'giu');
  return {
    isIn: (text) => once.test(text),
    placesIn: (text) => Array.from(text.matchAll(all), ({ index, 0: found }) => [index, index + found.length] as const),
  };
}
