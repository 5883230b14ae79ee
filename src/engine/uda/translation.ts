// Back-translation of a text, sentence by sentence as the authors do it: their models translate sentences, and lose the
// thread of longer passages. What stands between the sentences stays as it is.

/** Sentences in, as many translations out, in the same order. */
export type Translate = (sentences: readonly string[]) => Promise<readonly string[]>;

export interface Sentence {
  /** Empty where only white space is left. */
  readonly text: string;
  /** The white space after it, line ends among it. */
  readonly gap: string;
}

/** In words. Where punctuation is missing a "sentence" can be a whole mail; opus-mt reads 512 tokens, and badly so many. */
const LONGEST_SENTENCE = 80;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** There and back again; what has no words comes back as it was. */
export async function backTranslate(text: string, there: Translate, back: Translate): Promise<string> {
  const sentences = splitSentences(text);
  const originals = sentences.map((sentence) => sentence.text).filter(hasWords);
  if (originals.length === 0) return text;
  const paraphrases = (await back(await there(originals))).values();
  return joinSentences(sentences.map((s) => (hasWords(s.text) ? { ...s, text: paraphrases.next().value ?? '' } : s)));
}

/** `joinSentences(splitSentences(text))` is the text itself. */
export function splitSentences(text: string): Sentence[] {
  return [...segmenter.segment(text)].flatMap(({ segment }) => splitLong(segment));
}

export const joinSentences = (sentences: readonly Sentence[]): string =>
  sentences.map(({ text, gap }) => text + gap).join('');

/** Rules, numbers and signs are the same in every language; a model that must translate them makes something up. */
const hasWords = (text: string): boolean => /\p{L}{2}/u.test(text);

function splitLong(segment: string): Sentence[] {
  const indent = /^\s*/.exec(segment)![0];
  const words = segment.slice(indent.length).match(/\S+\s*/g) ?? [];
  const pieces = Array.from({ length: Math.ceil(words.length / LONGEST_SENTENCE) }, (_, i) =>
    words.slice(i * LONGEST_SENTENCE, (i + 1) * LONGEST_SENTENCE).join(''),
  );
  const sentences = pieces.map((piece) => {
    const text = piece.trimEnd();
    return { text, gap: piece.slice(text.length) };
  });
  return indent === '' ? sentences : [{ text: '', gap: indent }, ...sentences];
}
