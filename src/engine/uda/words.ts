// Texts as the lists of words that augmentation changes: BERT's words before WordPiece (the authors' tokenize_to_word),
// so that joined again they are tokenised as the text itself would be. Unlike the authors', words that nothing came
// between keep their spacing, which a byte-level BPE reads too.
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
const SPACES = /([\t\n\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+)/;
const ASCII = /^[\x21-\x7e]*$/;
const ASCII_WORDS = /[a-z\d]+|[^a-z\d]/gi;

export interface SplitText {
  /** Words and single punctuation signs, cleaned and folded. */
  readonly words: readonly string[];
  /** White space before each word; empty within `film.` */
  readonly gaps: readonly string[];
}

export function splitText(text: string, { lowercase, stripAccents, chineseChars }: WordSettings): SplitText {
  const settings = { lowercase, stripAccents: stripAccents ?? lowercase, chineseChars, cleanText: true };
  const splitChunk = (chunk: string) => {
    if (ASCII.test(chunk)) return (lowercase ? chunk.toLowerCase() : chunk).match(ASCII_WORDS) ?? [];
    const { text: folded } = normalize(chunk, settings);
    return splitWords(folded, 0, folded.length).map(([from, to]) => folded.slice(from, to));
  };
  const words: string[] = [];
  const gaps: string[] = [];
  let gap = '';
  for (const [i, part] of text.split(SPACES).entries()) {
    const isGap = i % 2 === 1;
    for (const word of isGap ? [] : splitChunk(part)) {
      words.push(word);
      gaps.push(gap);
      gap = '';
    }
    if (isGap) gap += part;
  }
  return { words, gaps };
}

export const unchanged = (texts: readonly string[]): Word[] => texts.map((text, origin) => ({ text, origin }));

/** Parted by a space; neighbours of the original that are still side by side by what parts them there (`gaps`). */
export function joinWords(words: readonly Word[], gaps: readonly string[] = []): string {
  const gapBefore = (word: Word, before: Word | undefined): string => {
    if (!before) return '';
    const areNeighbours = word.origin !== null && before.origin === word.origin - 1;
    const gap = areNeighbours ? gaps[word.origin] : undefined;
    // What replaced a punctuation sign must not grow together with the word beside it.
    const wouldMerge = gap === '' && isWordLike(word.text) && isWordLike(before.text);
    return gap === undefined || wouldMerge ? ' ' : gap;
  };
  return words.map((word, i) => gapBefore(word, words[i - 1]) + word.text).join('');
}

/** Letters or digits in it; the rest is punctuation, which operations on words leave alone. */
export const isWordLike = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);
