import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignWords, attachParaphrases, canReplace } from '../../../src/engine/uda/back-translation.ts';

describe('a column of paraphrases', () => {
  const examples = ['a', 'b', 'c'].map((text) => ({ id: text, text, label: 0 }));

  it('is attached in order', () => {
    expect(attachParaphrases(examples, ['x', 'y', 'z']).map(({ augmentedText }) => augmentedText)).toEqual([
      'x',
      'y',
      'z',
    ]);
  });

  it('of the wrong length is refused with both counts', () => {
    expect(() => attachParaphrases(examples, ['x', 'y'])).toThrow(
      'augmented column: expected 3 texts, one for each example in the same order, got 2.',
    );
  });
});

describe('a paraphrase may stand for its original', () => {
  it.each([
    ['of ten characters or more', 'ten chars!', 'ten chars?', true],
    ['not of nine', 'nine char', 'ten chars!', false],
    ['not by nine', 'ten chars!', 'nine char', false],
    ['half as long again', 'x'.repeat(20), 'y'.repeat(30), true],
    ['not longer still', 'x'.repeat(20), 'y'.repeat(31), false],
    ['half as long', 'x'.repeat(20), 'y'.repeat(10), true],
    ['not shorter still', 'x'.repeat(24), 'y'.repeat(11), false],
  ])('%s', (_, original, paraphrase, expected) => {
    expect(canReplace(original, paraphrase)).toBe(expected);
  });
});

describe('aligning a paraphrase', () => {
  const origins = (original: string, paraphrase: string) =>
    alignWords(original.split(' '), paraphrase.split(' ')).map(({ origin }) => origin);

  it('finds the words that stayed, in their order', () => {
    // Longest common: the … was good.
    expect(origins('the film was good', 'the movie , really , was good')).toEqual([0, null, null, null, null, 2, 3]);
    expect(origins('a b c', 'b c a')).toEqual([1, 2, null]);
    expect(origins('x y', 'z')).toEqual([null]);
  });

  it('matches as many words as a longest common subsequence has', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });
    fc.assert(
      fc.property(words, words, (original, paraphrase) => {
        const twin = alignWords(original, paraphrase);
        const matches = twin.flatMap(({ origin }) => origin ?? []);
        expect(twin.map(({ text }) => text)).toEqual(paraphrase);
        expect(matches).toEqual([...new Set(matches)].sort((a, b) => a - b));
        expect(twin.every(({ text, origin }) => origin === null || original[origin] === text)).toBe(true);
        expect(matches.length).toBe(longestCommon(original, paraphrase));
      }),
    );
  });
});

/** By definition: the longest of all subsequences of `a` that is one of `b`. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let longest = 0;
  for (let subset = 0; subset < 2 ** a.length; subset++) {
    const part = a.filter((_, i) => subset & (1 << i));
    let next = 0;
    for (const word of b) if (word === part[next]) next++;
    if (next === part.length) longest = Math.max(longest, part.length);
  }
  return longest;
}
