import { describe, expect, it } from 'vitest';
import { maskBatch, mostMasked } from '../../../src/engine/text/masking.ts';

const [CLS, SEP, MASK] = [1, 2, 3];
const VOCABULARY = 1000;
const feature = (words: number, exampleIndex = 0) => ({
  exampleIndex,
  label: null,
  inputIds: [CLS, ...Array.from({ length: words }, (_, i) => 100 + i), SEP],
  tokenTypeIds: Array.from({ length: words + 2 }, () => 0),
});
const options = { probability: 0.15, maskId: MASK, vocabularySize: VOCABULARY, seed: 5 };
const padding = { padId: 0, maxSeqLength: 512 };

describe('a masked batch', () => {
  const batch = maskBatch([feature(40), feature(3), feature(20)], options, padding);
  const asked = [...batch.masked.labels].flatMap((label, i) =>
    label < 0 ? [] : [{ label, place: batch.masked.places[i]! }],
  );

  it('asks for 15 % of each text, and for one token at least', () => {
    const perText = [0, 1, 2].map(
      (row) => asked.filter(({ place }) => Math.floor(place / batch.tokens) === row).length,
    );
    expect(perText).toEqual([6, 1, 3]);
  });

  it('labels what it asks for with what stood there, and asks for no token twice', () => {
    for (const { label, place } of asked) expect(label).toBe(99 + (place % batch.tokens));
    expect(new Set(asked.map(({ place }) => place)).size).toBe(asked.length);
  });

  it('leaves every other token as it is', () => {
    const places = new Set(asked.map(({ place }) => place));
    batch.inputIds.forEach((id, index) => {
      if (places.has(index) || batch.attentionMask[index] === 0) return;
      const place = index % batch.tokens;
      const original = place === 0 ? CLS : id === SEP ? SEP : 99 + place;
      expect(id).toBe(original);
    });
  });

  it('has as many places as any batch of its shape', () => {
    expect(batch.masked.places.length).toBe(mostMasked(batch, 0.15));
    expect(mostMasked({ batchSize: 3, tokens: 48 }, 0.15)).toBe(3 * 7); // 15 % of 46
    expect(mostMasked({ batchSize: 2, tokens: 8 }, 0.01)).toBe(2);
  });

  it('is drawn by seed', () => {
    const again = (seed: number) => maskBatch([feature(40)], { ...options, seed }, padding).masked.places;
    expect(again(1)).toEqual(again(1));
    expect(again(1)).not.toEqual(again(2));
  });

  it('hides the same words of a text whichever batch it is in', () => {
    const texts = [feature(40, 0), feature(40, 1)];
    const both = maskBatch(texts, options, padding);
    const second = maskBatch(texts.slice(1), options, padding);
    expect(both.inputIds.slice(both.tokens)).toEqual(second.inputIds);
    expect(both.inputIds.slice(0, both.tokens)).not.toEqual(second.inputIds);
  });

  it('replaces 80 % by [MASK] and 10 % by any token, and lets 10 % be', () => {
    const texts = Array.from({ length: 200 }, (_, index) => feature(100, index));
    const { inputIds, masked } = maskBatch(texts, options, padding);
    const found = [...masked.labels].flatMap((before, i) =>
      before < 0 ? [] : [{ now: inputIds[masked.places[i]!]!, before }],
    );
    const share = (test: (one: (typeof found)[number]) => boolean) => found.filter(test).length / found.length;
    expect(found).toHaveLength(3000);
    expect(share(({ now }) => now === MASK)).toBeCloseTo(0.8, 1);
    expect(share(({ now, before }) => now === before)).toBeCloseTo(0.1, 1);
    expect(share(({ now, before }) => now !== MASK && now !== before)).toBeCloseTo(0.1, 1);
  });

  it.each([[[4]], [[4, 5]]])('spares the signs between two texts, at %j', (signs) => {
    const text = feature(9);
    const pair = { ...text, inputIds: text.inputIds.map((id, place) => (signs.includes(place) ? SEP : id)) };
    for (let seed = 0; seed < 40; seed++) {
      const { masked } = maskBatch([pair], { ...options, seed, probability: 0.5 }, padding);
      const asked = [...masked.places].filter((_, i) => masked.labels[i]! >= 0);
      expect(asked.filter((place) => signs.includes(place))).toEqual([]);
    }
  });
});
