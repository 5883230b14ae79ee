// Texts as the lists of words that augmentation changes: BERT's words before WordPiece (the authors' tokenize_to_word),
// so that joined by spaces they are tokenised as the text itself would be.
import type { Random } from '../random.ts';
import { normalize, splitWords } from '../text/normalize.ts';
import type { Tokenizer } from '../text/tokenizer.ts';

/** How the model's tokenizer folds text. */
export type WordSettings = Pick<Tokenizer, 'lowercase' | 'stripAccents' | 'chineseChars'>;

/** A word of an augmented text. */
export interface Word {
  readonly text: string;
  /** Its place in the original, or that of the word it stands for; null where it was inserted. */
  readonly origin: number | null;
}

/** One way to change a text; pure but for the numbers that it draws. */
export type Operation = (words: readonly Word[], random: Random) => readonly Word[];

/** Where the tokenizer splits; what it removes, such as U+FEFF, parts no words though Unicode calls it white space. */
const SPACES = /[\t\n\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const ASCII = /^[\x21-\x7e]*$/;
const ASCII_WORDS = /[a-z\d]+|[^a-z\d]/gi;

/** Words and single punctuation signs, cleaned and folded. */
export function splitText(text: string, { lowercase, stripAccents, chineseChars }: WordSettings): string[] {
  const settings = { lowercase, stripAccents: stripAccents ?? lowercase, chineseChars, cleanText: true };
  const splitChunk = (chunk: string) => {
    if (ASCII.test(chunk)) return (lowercase ? chunk.toLowerCase() : chunk).match(ASCII_WORDS) ?? [];
    const { text: folded } = normalize(chunk, settings);
    return splitWords(folded, 0, folded.length).map(([from, to]) => folded.slice(from, to));
  };
  return text.split(SPACES).flatMap(splitChunk);
}

export const unchanged = (texts: readonly string[]): Word[] => texts.map((text, origin) => ({ text, origin }));

export const joinWords = (words: readonly Word[]): string => words.map(({ text }) => text).join(' ');

/** Letters or digits in it; the rest is punctuation, which operations on words leave alone. */
export const isWordLike = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);
