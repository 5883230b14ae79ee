import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTokenizer } from '../../../src/engine/text/vocabulary.ts';
import { compareWords, isChanged } from '../../../src/engine/uda/comparison.ts';
import { findNegations } from '../../../src/engine/uda/negation.ts';
import { joinWords, splitText, unchanged } from '../../../src/engine/uda/words.ts';
import { tokenizerJson } from '../text/oracle.ts';

const uncased = readTokenizer({ 'tokenizer.json': tokenizerJson });

describe('splitting a text', () => {
  it('folds it as the tokenizer does and isolates punctuation', () => {
    expect(splitText("Don't\tmiss  Café\u00a07!", uncased).words).toEqual(['don', "'", 't', 'miss', 'cafe', '7', '!']);
  });

  it('keeps case and accents for a cased model', () => {
    const cased = { lowercase: false, stripAccents: null, chineseChars: true };
    expect(splitText('Café 東京', cased).words).toEqual(['Café', '東', '京']);
  });

  it('loses nothing: joined again, the words have the tokens of the text', () => {
    const letters = fc.constantFrom(...'abcXYZ019 \n\t.,!?\'"-()é東ß½\u0301\u200b\ufeff\u0085\u000b\u3000');
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 60 }), (text) => {
        const { words, gaps } = splitText(text, uncased);
        const joined = joinWords(unchanged(words), gaps);
        expect(uncased.encode(joined).tokens).toEqual(uncased.encode(text).tokens);
      }),
    );
  });
});

describe('joining words', () => {
  const cased = { lowercase: false, stripAccents: null, chineseChars: false };
  const { words, gaps } = splitText('Very good,\n\n“old”  film.', cased);
  const [very, good, comma, open, old, close, film, stop] = unchanged(words);

  it('gives the text itself where nothing changed, for tokenizers that read its spaces', () => {
    expect(joinWords(unchanged(words), gaps)).toBe('Very good,\n\n“old”  film.');
  });

  it('keeps the spacing of neighbours, around a replaced word too', () => {
    const changed = [very!, { ...good!, text: 'bad' }, comma!, open!, old!, close!, film!, stop!];
    expect(joinWords(changed, gaps)).toBe('Very bad,\n\n“old”  film.');
  });

  it('puts a space where words were dropped, moved or inserted, and where a sign became a word', () => {
    const inserted = { text: 'new', origin: null };
    const changed = [
      good!,
      very!,
      inserted,
      { ...comma!, text: 'yet' },
      open!,
      close!,
      film!,
      { ...stop!, text: 'so' },
    ];
    expect(joinWords(changed, gaps)).toBe('good Very new yet\n\n“ ”  film so');
  });
});

describe('negations', () => {
  it('are whole words, and all three parts of a contraction', () => {
    const words = "i don ' t say no to nothing , notably isn ’ t cannot hint ' t".split(' ');
    const negating = words.flatMap((_, i) => (findNegations(words)[i] ? [i] : []));
    // don ' t = 1–3, no = 5, nothing = 7, isn ’ t = 10–12, cannot = 13; "hint" ends in t.
    expect(negating).toEqual([1, 2, 3, 5, 7, 10, 11, 12, 13]);
  });
});

describe('comparing a text with its augmented twin', () => {
  const original = ['a', 'b', 'c', 'd'];
  const changes = (marked: readonly { text: string; change: string }[]) =>
    marked.map(({ text, change }) => (change === 'none' ? text : `${text}:${change}`)).join(' ');

  it('marks replaced words on both sides', () => {
    const { original: before, augmented } = compareWords(
      original,
      unchanged(original).map((word) => (word.text === 'b' ? { ...word, text: 'x' } : word)),
    );
    expect([changes(before), changes(augmented)]).toEqual(['a b:replaced c d', 'a x:replaced c d']);
  });

  it('marks what was inserted and what was deleted, and what stands between as kept', () => {
    const twin = [
      { text: 'a', origin: 0 },
      { text: 'x', origin: null },
      { text: 'd', origin: 3 },
    ];
    const { original: before, augmented } = compareWords(original, twin);
    expect([changes(before), changes(augmented)]).toEqual(['a b:deleted c:deleted d', 'a x:inserted d']);
  });

  it('marks the two words of a swap', () => {
    const [a, b, c, d] = unchanged(original);
    const { original: before, augmented } = compareWords(original, [d!, b!, c!, a!]);
    expect([changes(before), changes(augmented)]).toEqual(['a:moved b c d:moved', 'd:moved b c a:moved']);
  });

  it('tells a text that reads the same from one that does not', () => {
    expect(isChanged(['x', 'x'], [...unchanged(['x', 'x'])].reverse())).toBe(false);
    expect(isChanged(['x', 'y'], [...unchanged(['x', 'y'])].reverse())).toBe(true);
    expect(isChanged(['x', 'y'], unchanged(['x']))).toBe(true);
  });
});
