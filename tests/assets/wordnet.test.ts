import { describe, expect, it } from 'vitest';
import { parseSynset } from '../../scripts/assets/wordnet.ts';
import { definitions } from '../../scripts/assets/wordnet-glosses.ts';
import { firstDefinition } from '../../scripts/assets/wordnet-qa.ts';
import { commonSenses } from '../../scripts/assets/wordnet-synonyms.ts';

describe('parseSynset', () => {
  it('reads lemmas, hypernyms and gloss past a hexadecimal word count', () => {
    const words = Array.from({ length: 16 }, (_, i) => `word${String.fromCharCode(97 + i)} 0`).join(' ');
    const line = `00002452 13 n 10 ${words} 003 @ 00001930 n 0000 ~ 04354303 n 0000 @i 09248053 n 0000 | a thing; "so"  `;
    const synset = parseSynset(line);
    expect(synset).toMatchObject({ offset: '00002452', hypernyms: ['00001930', '09248053'], gloss: 'a thing; "so"' });
    expect(synset.lemmas).toHaveLength(16);
    expect(synset.lemmas[15]).toBe('wordp');
  });
});

describe('parseSynset of an adjective', () => {
  it('takes off where the word may stand', () => {
    const line =
      '00013887 00 s 02 abounding 0 galore(ip) 0 001 & 00013662 a 0000 | existing in abundance; "whiskey galore"';
    expect(parseSynset(line).lemmas).toEqual(['abounding', 'galore']);
  });
});

describe('commonSenses', () => {
  it('keeps meanings that a word has at least a quarter as often as its commonest, or all that were never counted', () => {
    const counts = { long: [8, 2, 1, 0], argus: [0, 0] };
    const senses = Object.entries(counts).flatMap(([word, all]) => all.map((count) => ({ word, count })));
    expect(commonSenses(senses).map(({ word, count }) => `${word} ${count}`)).toEqual([
      'long 8',
      'long 2',
      'argus 0',
      'argus 0',
    ]);
  });
});

describe('definitions', () => {
  it('keeps asides and further definitions, leaves out examples', () => {
    const gloss = '(sports) a round ball; a toy; "he kicked it"; "a ball; or two"';
    expect(definitions(gloss)).toBe('(sports) a round ball; a toy');
  });
});

describe('firstDefinition', () => {
  it('leaves out asides, further definitions and examples', () => {
    expect(firstDefinition('(sports) a large (often red) ball that players kick; a toy; "he kicked it"')).toBe(
      'a large ball that players kick',
    );
  });

  it.each([
    ['too short', 'a small thing'],
    ['too long', `a ${'very '.repeat(20)}long thing`],
    ['with a colon, which would look like another entry', 'a building with walls: usually of red brick'],
  ])('refuses one %s', (_, gloss) => {
    expect(firstDefinition(gloss)).toBeNull();
  });
});
