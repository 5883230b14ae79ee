import { describe, expect, it } from 'vitest';
import { createSynonyms } from '../../../src/engine/uda/synonyms.ts';

describe('synonyms', () => {
  const synonyms = createSynonyms([
    'film movie',
    'film shoot take',
    'carry bear',
    'box case',
    'happy glad',
    'doe hind',
    'does',
  ]);

  it('of a word are those of all its meanings, once each', () => {
    expect(synonyms.of('film')).toEqual(['movie', 'shoot', 'take']);
    expect(synonyms.of('Movie')).toEqual(['film']);
  });

  it.each([
    ['movies', ['film']],
    ['boxes', ['case']],
    ['carries', ['bear']],
    ['carried', []],
    ['shooting', ['film', 'take']],
    ['taking', ['film', 'shoot']],
    ['gladder', []],
    ['gladest', ['happy']],
  ])('of %s are those of its base form, where a rule leads there', (word, expected) => {
    expect(synonyms.of(word)).toEqual(expected);
  });

  it('of a word that stands alone are none, whatever its base form has', () => {
    expect(synonyms.of('does')).toEqual([]);
    expect(synonyms.of('nothing')).toEqual([]);
  });
});
