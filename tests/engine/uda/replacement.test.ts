// Hand-worked: a corpus of N = 5 documents.
//   a b | a c | a d d | e b | e c c f
// df: a 3, b 2, c 2, d 1, e 2, f 1. idf = ln(5/df): a 0.510826, b c e 0.916291, d f 1.609438.
// Σ over documents of tf: a 1/2+1/2+1/3 = 4/3, b 1/2+1/2 = 1, c 1/2+2/4 = 1, d 2/3, e 1/2+1/4 = 3/4, f 1/4.
// S = Σtf·idf: a 0.681101, b 0.916291, c 0.916291, d 1.072959, e 0.687218, f 0.402359; the largest is d's.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corpusStatistics } from '../../../src/engine/uda/corpus.ts';
import { replaceProbabilities, tfIdfReplacement, uniformReplacement } from '../../../src/engine/uda/replacement.ts';
import { apply, manySeeds, seeds, strengths, tally, texts } from './samples.ts';

const corpus = corpusStatistics(['a b', 'a c', 'a d d', 'e b', 'e c c f'].map((text) => text.split(' ')));
const weights = { a: 0.391858, b: 0.156668, c: 0.156668, d: 0, e: 0.385741, f: 0.670599 };

describe('the statistics of a corpus of five', () => {
  it('have each word once, in order of appearance', () => {
    expect(corpus.words).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('give idf = ln(N/df), and that of one document to a word of none', () => {
    expect(corpus.idf('a')).toBeCloseTo(Math.log(5 / 3), 12);
    expect(corpus.idf('d')).toBeCloseTo(Math.log(5), 12);
    expect(corpus.idf('z')).toBeCloseTo(Math.log(5), 12);
  });

  it('weigh replacements by max S − S(w)', () => {
    corpus.words.forEach((word, i) => {
      expect(corpus.replacementWeights[i]).toBeCloseTo(weights[word as keyof typeof weights], 6);
    });
  });
});

describe('the probability that TF-IDF replaces a word', () => {
  const probabilities = (text: string, p: number) => replaceProbabilities(text.split(' '), corpus.idf, p);

  it('is p·L·z/Σz', () => {
    // e c c f: t = 0.916291/4, 2·0.916291/4 twice, 1.609438/4 = 0.229073, 0.458145, 0.458145, 0.402359.
    // z = 0.229073, 0, 0, 0.055786, Σ = 0.284859; p·L = 0.3·4: 1.2·z/Σ = 0.964995, 0, 0, 0.235005.
    const [first, second, third, fourth] = probabilities('e c c f', 0.3);
    expect([second, third]).toEqual([0, 0]);
    expect(first).toBeCloseTo(0.964995, 5);
    expect(fourth).toBeCloseTo(0.235005, 5);
  });

  it('is clipped to 1', () => {
    // a d d: t = 0.170275, 1.072959 twice: z is all a's, so 3p = 1.5.
    expect(probabilities('a d d', 0.5)).toEqual([1, 0, 0]);
  });

  it('is 0 where all words say the same, and for a text of one word or none', () => {
    expect(probabilities('b c', 0.9)).toEqual([0, 0]);
    expect(probabilities('d', 0.9)).toEqual([0]);
    expect(replaceProbabilities([], corpus.idf, 0.9)).toEqual([]);
  });

  it('sums to p·L where nothing is clipped', () => {
    const words = fc.array(fc.constantFrom(...corpus.words), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(words, (text) => {
        const found = replaceProbabilities(text, corpus.idf, 0.01);
        const sum = found.reduce((total, value) => total + value, 0);
        if (sum > 0 && Math.max(...found) < 1) expect(sum).toBeCloseTo(0.01 * text.length, 9);
        expect(found.every((value) => value >= 0 && value <= 1)).toBe(true);
      }),
    );
  });
});

describe('TF-IDF replacement', () => {
  it('draws new words in proportion to their weights, and never the one of weight 0', () => {
    // a d d with p = 1: `a` always, d never.
    const operation = tfIdfReplacement(corpus, 1);
    const twins = Array.from({ length: 20_000 }, (_, seed) => apply(operation, ['a', 'd', 'd'], seed));
    expect(twins.every(([, second, third]) => second!.text === 'd' && third!.text === 'd')).toBe(true);
    const drawn = tally(twins.map(([first]) => first!.text));
    const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    // Three standard deviations of a share of 20,000 draws are below 0.0106.
    for (const [word, weight] of Object.entries(weights)) {
      expect(Math.abs((drawn.get(word) ?? 0) / 20_000 - weight / total)).toBeLessThan(0.0106);
    }
    expect(drawn.has('d')).toBe(false);
  });
});

describe('uniform replacement', () => {
  it('leaves texts of fewer than three words alone', () => {
    for (const seed of manySeeds) {
      expect(apply(uniformReplacement(corpus, 1), ['a', 'b'], seed).map(({ text }) => text)).toEqual(['a', 'b']);
    }
  });

  it('replaces about p of the words, each by any as likely', () => {
    const words = Array<string>(60_000).fill('-');
    const drawn = tally(apply(uniformReplacement(corpus, 0.3), words, 7).map(({ text }) => text));
    // Of 60,000: 0.7 kept and 0.05 for each of six words; five standard deviations are below 0.0094 and 0.0045.
    expect(Math.abs(drawn.get('-')! / 60_000 - 0.7)).toBeLessThan(0.0094);
    for (const word of corpus.words) expect(Math.abs(drawn.get(word)! / 60_000 - 0.05)).toBeLessThan(0.0045);
  });
});

describe.each([
  ['tf_idf', tfIdfReplacement],
  ['unif', uniformReplacement],
])('%s', (_, create) => {
  it('keeps length and places, and depends on the seed alone', () => {
    fc.assert(
      fc.property(texts, seeds, strengths, (words, seed, strength) => {
        const twin = apply(create(corpus, strength), words, seed);
        expect(twin.map(({ origin }) => origin)).toEqual(words.map((_, i) => i));
        expect(apply(create(corpus, strength), words, seed)).toEqual(twin);
      }),
    );
  });
});
