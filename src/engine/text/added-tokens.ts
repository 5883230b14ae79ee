// Tokens that are recognised whole wherever they stand in a text: `[SEP]`, or words added to a model's vocabulary.
import { z } from 'zod';

/** The largest vocabularies in use have a quarter of a million. Arrays are made by what ids claim. */
export const MOST_TOKENS = 2 ** 21;

/** Of tokenizer.json and vocab.json. */
export const tokenIdSchema = z
  .number()
  .int()
  .nonnegative()
  .max(MOST_TOKENS - 1);

const addedTokenSchema = z.object({
  id: tokenIdSchema,
  content: z.string().min(1).max(512), // all of them become one regular expression
  /** Sought in the normalised text instead of the original. */
  normalized: z.boolean().default(false),
  /** Takes the white space before or after it along. */
  lstrip: z.boolean().optional(),
  rstrip: z.boolean().optional(),
  /** Nowhere within a word, which is not supported. */
  single_word: z.literal(false, 'expected added tokens without single_word').optional(),
});

/** As tokenizer.json lists them. */
export const addedTokensSchema = z.array(addedTokenSchema).max(10_000).default([]);

export type AddedToken = z.infer<typeof addedTokenSchema>;

export interface Section {
  readonly start: number;
  readonly end: number;
  /** The added token found here; null for text in between. */
  readonly id: number | null;
}

/** Splits a text at added tokens: leftmost first, and of those the longest. */
export function createMatcher(tokens: readonly AddedToken[]): (text: string) => Section[] {
  const sought = tokens.filter(({ content }) => content !== ''); // normalising may leave nothing
  if (sought.length === 0) return (text) => [{ start: 0, end: text.length, id: null }];
  const byContent = new Map(sought.map((token) => [token.content, token]));
  const longestFirst = [...byContent.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(
    longestFirst.map((token) => token.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'),
    'g',
  );
  return (text) => {
    const sections: Section[] = [];
    let start = 0;
    for (const { index, 0: found } of text.matchAll(pattern)) {
      const { id, lstrip, rstrip } = byContent.get(found)!;
      let [from, to] = [index, index + found.length];
      while (lstrip && from > start && isSpace(text[from - 1])) from--;
      while (rstrip && isSpace(text[to])) to++;
      sections.push({ start, end: from, id: null }, { start: from, end: to, id });
      start = to;
    }
    sections.push({ start, end: text.length, id: null });
    return sections;
  };
}

const isSpace = (unit: string | undefined): boolean => unit !== undefined && /\p{White_Space}/u.test(unit);
