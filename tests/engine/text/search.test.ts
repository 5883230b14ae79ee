import { describe, expect, it } from 'vitest';
import { createSearch } from '../../../src/engine/text/search.ts';

describe('createSearch', () => {
  it('finds a query whatever the case, apart from each other', () => {
    const { isIn, placesIn } = createSearch(' Äpfel ');
    expect(isIn('Zwei ÄPFEL')).toBe(true);
    expect(isIn('zwei Apfel')).toBe(false);
    expect(placesIn('äpfeläpfel')).toEqual([
      [0, 5],
      [5, 10],
    ]);
  });

  it('takes signs as they are, and whole characters only', () => {
    expect(createSearch('a.c').isIn('abc')).toBe(false);
    expect(createSearch('(1/2) [x]\\').placesIn('= (1/2) [X]\\')).toEqual([[2, 12]]);
    expect(createSearch('\ud83d').isIn('🐢')).toBe(false);
  });

  it('without a query is in every text and stands nowhere', () => {
    const { isIn, placesIn } = createSearch('  ');
    expect([isIn(''), placesIn('a b')]).toEqual([true, []]);
  });
});
