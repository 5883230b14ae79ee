import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anyEdit,
  randomDeletion,
  randomInsertion,
  randomSwap,
  synonymReplacement,
} from '../../../src/engine/uda/eda.ts';
import { editCount } from '../../../src/engine/uda/edits.ts';
import { findNegations } from '../../../src/engine/uda/negation.ts';
import { spellingNoise } from '../../../src/engine/uda/spelling.ts';
import { unchanged } from '../../../src/engine/uda/words.ts';
import { applied, apply, manySeeds, seeds, strengths, synonyms, tally, texts } from './samples.ts';

const letters = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`);
const outcomes = (operation: Parameters<typeof applied>[0], text: string) =>
  new Set(manySeeds.map((seed) => applied(operation, text, seed)));

describe('the count of edits', () => {
  it.each([
    [1, 0.1, 1],
    [9, 0.1, 1],
    [19, 0.1, 1],
    [20, 0.1, 2],
    [39, 0.1, 3],
    [10, 0.5, 5],
  ])('of %i words at α %f is %i', (length, alpha, count) => {
    expect(editCount(unchanged(letters(length)), alpha)).toBe(count);
  });

  it('leaves punctuation out', () => {
    expect(editCount(unchanged([...letters(19), '.', '!']), 0.1)).toBe(1);
  });
});

describe('synonym replacement', () => {
  it('replaces a word wherever it stands, by any of its synonyms', () => {
    expect(outcomes(synonymReplacement(synonyms, 0.1), 'a film , the film')).toEqual(
      new Set(['a movie , the movie', 'a picture , the picture']),
    );
  });

  it('replaces n different words that have synonyms', () => {
    // L = 8, α 0.25: n = 2 of film, good, bad, watch; the other four have none.
    const text = ['film', 'x', 'good', 'y', 'bad', 'z', 'watch', 'u'];
    for (const seed of manySeeds) {
      const twin = apply(synonymReplacement(synonyms, 0.25), text, seed);
      expect(twin.filter((word, i) => word.text !== text[i])).toHaveLength(2);
    }
  });
});

describe('random insertion', () => {
  it('inserts n synonyms of words of the text, anywhere', () => {
    const text = 'a bad day'.split(' ');
    for (const seed of manySeeds) {
      const twin = apply(randomInsertion(synonyms, 0.7), text, seed);
      // L = 3: n = ⌊2.1⌋ = 2.
      expect(twin.filter(({ origin }) => origin === null).map(({ text: word }) => word)).toEqual(['poor', 'poor']);
      expect(twin.filter(({ origin }) => origin !== null)).toEqual(unchanged(text));
    }
    expect(outcomes(randomInsertion(synonyms, 0.1), 'a bad day').size).toBe(4);
  });

  it('does nothing where no word has synonyms', () => {
    expect(outcomes(randomInsertion(synonyms, 1), 'a b c')).toEqual(new Set(['a b c']));
  });
});

describe('random swap', () => {
  it('exchanges two words; punctuation and negations stay', () => {
    expect(outcomes(randomSwap(0.1), 'x , not y z')).toEqual(new Set(['y , not x z', 'z , not y x', 'x , not z y']));
  });

  it('does nothing with one word to move', () => {
    expect(outcomes(randomSwap(1), 'not x !')).toEqual(new Set(['not x !']));
  });
});

describe('random deletion', () => {
  it('drops n words', () => {
    for (const seed of manySeeds) expect(apply(randomDeletion(0.1), letters(20), seed)).toHaveLength(18);
  });

  it('drops each word as readily', () => {
    const dropped = tally(
      manySeeds.map((seed) =>
        'abcd'.split('').find((word) => !applied(randomDeletion(0.1), 'a b c d', seed).includes(word)),
      ),
    );
    // 200 draws of four: 50 each, and five standard deviations are 31.
    expect([...dropped.values()].filter((count) => Math.abs(count - 50) > 31)).toEqual([]);
    expect(dropped.size).toBe(4);
  });

  it('never drops the last word, nor a negation', () => {
    expect(outcomes(randomDeletion(1), 'fine .')).toEqual(new Set(['fine .']));
    expect(outcomes(randomDeletion(1), 'not fine')).toEqual(new Set(['not fine']));
    expect(outcomes(randomDeletion(1), "don ' t go there")).toEqual(new Set(["don ' t go", "don ' t there"]));
  });
});

describe('spelling noise', () => {
  it('makes one slip in a word: letters exchanged, left out, doubled, or the key beside', () => {
    // Place 1 or 2 of "film": flim fiml · flm fim · fiilm fillm · fulm folm, fikm (l has no right neighbour).
    expect(outcomes(spellingNoise(0.1), 'film')).toEqual(
      new Set(['flim', 'fiml', 'flm', 'fim', 'fiilm', 'fillm', 'fulm', 'folm', 'fikm']),
    );
  });

  it('leaves out one of two equal letters that it would exchange', () => {
    // Place 1: one é out, or é doubled (no key for é). Place 2: é and b exchanged, one é out, é doubled.
    expect(outcomes(spellingNoise(0.1), 'aééb')).toEqual(new Set(['aéb', 'aéééb', 'aébé']));
  });

  it('changes n long words, neither short ones, numbers nor negations', () => {
    // L = 6, α 0.5: n = 3, but only two words can be misspelt.
    const text = ['never', 'the', '12345', 'excellent', 'movie', 'was'];
    for (const seed of manySeeds) {
      const twin = apply(spellingNoise(0.5), text, seed);
      expect(twin.flatMap((word, i) => (word.text === text[i] ? [] : [i]))).toEqual([3, 4]);
    }
  });
});

describe.each([
  ['synonym', (alpha: number) => synonymReplacement(synonyms, alpha)],
  ['insert', (alpha: number) => randomInsertion(synonyms, alpha)],
  ['swap', randomSwap],
  ['delete', randomDeletion],
  ['eda', (alpha: number) => anyEdit(synonyms, alpha)],
  ['spelling', spellingNoise],
])('%s', (_, create) => {
  it('depends on the seed alone', () => {
    fc.assert(
      fc.property(texts, seeds, strengths, (words, seed, alpha) => {
        expect(apply(create(alpha), words, seed)).toEqual(apply(create(alpha), words, seed));
      }),
    );
  });

  it('leaves every negation and every punctuation sign, and says truly where words come from', () => {
    fc.assert(
      fc.property(texts, seeds, strengths, (words, seed, alpha) => {
        const twin = apply(create(alpha), words, seed);
        const kept = new Set(twin.map(({ origin }) => origin));
        const isNegation = findNegations(words);
        for (const [i, word] of words.entries()) {
          if (!isNegation[i] && /\w/.test(word)) continue;
          expect(kept.has(i)).toBe(true);
          expect(twin.find(({ origin }) => origin === i)!.text).toBe(word);
        }
        const origins = twin.flatMap(({ origin }) => origin ?? []);
        expect(new Set(origins).size).toBe(origins.length);
      }),
    );
  });
});

describe.each([
  ['synonym', (alpha: number) => synonymReplacement(synonyms, alpha)],
  ['swap', randomSwap],
  ['spelling', spellingNoise],
])('%s', (_, create) => {
  it('keeps the length', () => {
    fc.assert(
      fc.property(texts, seeds, strengths, (words, seed, alpha) => {
        expect(apply(create(alpha), words, seed)).toHaveLength(words.length);
      }),
    );
  });
});
