import { describe, expect, it } from 'vitest';
import { parseSynset } from '../../scripts/assets/wordnet.ts';
import { firstDefinition } from '../../scripts/assets/wordnet-qa.ts';

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
