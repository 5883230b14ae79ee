// BERT's cleaning and folding of text, character by character, each of which remembers where it came from; and the
// split of what results at spaces and punctuation. Both as in Hugging Face's BertNormalizer and BertPreTokenizer.
import { decompose, isAccent, isIdeograph, isPunctuation, isRemoved } from './unicode.ts';

export interface NormalizerSettings {
  readonly lowercase: boolean;
  readonly stripAccents: boolean;
  readonly chineseChars: boolean;
  readonly cleanText: boolean;
}

/** Normalised text; unit i came from the original's [starts[i], ends[i]). */
export interface Normalized {
  text: string;
  readonly starts: number[];
  readonly ends: number[];
}

export function normalize(text: string, settings: NormalizerSettings): Normalized {
  const out: Normalized = { text: '', starts: [], ends: [] };
  let start = 0;
  for (const character of text) {
    const end = start + character.length;
    const codePoint = character.codePointAt(0)!;
    if (!(settings.cleanText && isRemoved(codePoint))) {
      const folded = fold(character, settings);
      const units = settings.chineseChars && isIdeograph(codePoint) ? ` ${folded} ` : folded;
      out.text += units;
      for (let i = 0; i < units.length; i++) {
        out.starts.push(start);
        out.ends.push(end);
      }
    }
    start = end;
  }
  return out;
}

function fold(character: string, { stripAccents, lowercase }: NormalizerSettings): string {
  if (character < '\x80') return lowercase ? character.toLowerCase() : character;
  let folded = '';
  for (const part of stripAccents ? decompose(character) : character) {
    if (stripAccents && isAccent(part.codePointAt(0)!)) continue;
    folded += lowercase ? part.toLowerCase() : part; // one at a time: no final sigma
  }
  return folded;
}

export type Span = readonly [start: number, end: number];

/** Words and single punctuation signs in [from, to) of a normalised text. */
export function splitWords(text: string, from: number, to: number): Span[] {
  const words: Span[] = [];
  let wordStart = from;
  let position = from;
  const endWord = () => {
    if (position > wordStart) words.push([wordStart, position]);
  };
  while (position < to) {
    const codePoint = text.codePointAt(position)!;
    const next = position + (codePoint > 0xffff ? 2 : 1);
    if (codePoint === 0x20 || isPunctuation(codePoint)) {
      endWord();
      if (codePoint !== 0x20) words.push([position, next]);
      wordStart = next;
    }
    position = next;
  }
  endWord();
  return words;
}
