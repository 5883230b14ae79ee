import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AugmenterOptions, createAugmenter } from '../../../src/engine/uda/augmenter.ts';
import { parsePolicy } from '../../../src/engine/uda/policy.ts';
import { splitText } from '../../../src/engine/uda/words.ts';
import { manySeeds, synonyms, tally } from './samples.ts';

const wordSettings = { lowercase: true, stripAccents: null, chineseChars: true };
const reviews = [
  'A good film, well made.',
  'The film was not good!',
  'I watch bad movies.',
  'Excellent acting, bad plot.',
];
const examplesOf = (texts: readonly string[]) => texts.map((text, i) => ({ id: `${i}`, text, label: null }));
const wordsOf = (text: string) => splitText(text, wordSettings).words;
const create = (policy: string, options: Partial<AugmenterOptions> = {}) =>
  createAugmenter({
    policy: parsePolicy(policy),
    examples: examplesOf(reviews),
    wordSettings,
    synonyms,
    seed: 1,
    ...options,
  });

describe('an augmenter', () => {
  it('draws a twin by seed, text and copy, in any order', () => {
    const policy = 'tf_idf-0.5+eda-0.3+spelling-0.5';
    const places = fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 100 }));
    const whole = create(policy);
    fc.assert(
      fc.property(places, ([index, copy]) => {
        expect(create(policy).augment(index, copy)).toBe(whole.augment(index, copy));
      }),
    );
    const copies = new Set(manySeeds.map((copy) => whole.augment(0, copy)));
    const seeds = new Set(manySeeds.map((seed) => create(policy, { seed }).augment(0, 0)));
    expect(Math.min(copies.size, seeds.size)).toBeGreaterThan(20);
  });

  it('previews the very twin that it trains on', () => {
    const augmenter = create('tf_idf-0.5+eda-0.3');
    for (const copy of manySeeds) {
      const { augmented } = augmenter.preview(1, copy);
      expect(augmented.map(({ text }) => text)).toEqual(wordsOf(augmenter.augment(1, copy)));
    }
  });

  it('takes each way of a policy about as often', () => {
    const augmenter = create('delete-0.1+insert-0.1');
    const lengths = tally(manySeeds.map((copy) => wordsOf(augmenter.augment(2, copy)).length));
    // Five words and signs: four after deletion, six after insertion; 200 draws, five standard deviations are 35.
    expect([...lengths.keys()].sort()).toEqual([4, 6]);
    expect(Math.abs(lengths.get(4)! - 100)).toBeLessThan(35);
  });

  it('replaces words by those of the unlabelled texts only', () => {
    const known = new Set(reviews.flatMap((text) => text.toLowerCase().match(/\w+|[^\w\s]/g)!));
    const augmenter = create('unif-1', { synonyms: null });
    const drawn = manySeeds.flatMap((copy) => wordsOf(augmenter.augment(1, copy)));
    expect(drawn.filter((word) => !known.has(word))).toEqual([]);
  });
});

describe('paraphrases made beforehand', () => {
  const original = 'The film was not good at all.';
  const withParaphrase = (augmentedText: string) => [{ id: '0', text: original, augmentedText, label: null }];

  it('are taken as they are written, and previewed word by word', () => {
    const augmenter = create('bt-0.9', { examples: withParaphrase('This film was not good at all!') });
    expect(augmenter.augment(0, 0)).toBe('This film was not good at all!');
    const { original: before, augmented } = augmenter.preview(0, 0);
    expect(before.filter(({ change }) => change !== 'none').map(({ text }) => text)).toEqual(['the', '.']);
    expect(augmented.filter(({ change }) => change !== 'none').map(({ text }) => text)).toEqual(['this', '!']);
  });

  it('of a very different length leave the original', () => {
    const examples = [...withParaphrase('No good, this one.'), ...withParaphrase('Bad.')];
    expect(create('bt', { examples }).augment(1, 0)).toBe(original);
  });

  it('that are missing are counted', () => {
    const examples = [...withParaphrase('This film was not good at all!'), ...examplesOf(reviews)];
    expect(() => create('bt+unif-0.3', { examples })).toThrow('expected a paraphrase of each of the 5 texts, got 1.');
  });
});

describe('an augmenter is refused', () => {
  it('without unlabelled texts', () => {
    expect(() => create('unif-0.3', { examples: [] })).toThrow('unlabelled texts: expected some, got none.');
  });

  it('for pairs of texts', () => {
    const examples = [{ id: '0', text: 'premise', textPair: 'hypothesis', label: null }];
    expect(() => create('unif-0.3', { examples })).toThrow('expected single texts, got 1 pairs');
  });

  it.each([
    // One document: every idf is ln(1/1) = 0, so no word says less than another.
    ['tf_idf-0.9', ['a good film']],
    ['unif-0.9', ['two words', 'one']],
    ['synonym-0.5', ['never mind .']],
    ['swap-0.5', ['fine', 'not bad']],
    ['spelling-0.5', ['so bad']],
  ])('where %s changes none of the texts', (policy, texts) => {
    expect(() => create(policy, { examples: examplesOf(texts) })).toThrow(
      `augmentation policy ${policy}: expected it to change texts, got ${texts.length} texts and none changed.`,
    );
  });

  it('where one way of several changes none, or paraphrases are the originals', () => {
    expect(() => create('delete-0.5+spelling-0.5', { examples: examplesOf(['so bad']) })).toThrow(
      'policy spelling-0.5',
    );
    const copies = reviews.map((text, i) => ({ id: `${i}`, text, augmentedText: text, label: null }));
    expect(() => create('bt', { examples: copies })).toThrow('policy bt-0.9: expected it to change texts');
  });
});
