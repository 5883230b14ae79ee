import { describe, expect, it } from 'vitest';
import { createSearch } from '../../../src/engine/text/search.ts';
import { excerptOf } from '../../../src/ui/data/excerpt.ts';

const shown = (text: string, query: string) =>
  excerptOf(text, createSearch(query)).map((stretch) => (stretch.isHit ? `<${stretch.text}>` : stretch.text));

describe('excerptOf', () => {
  it('marks hits in their own case', () => {
    expect(shown('A Hit, a hit.', 'hit')).toEqual(['A ', '<Hit>', ', a ', '<hit>', '.']);
    expect(shown('none', '')).toEqual(['none']);
    expect(shown('', 'hit')).toEqual([]);
  });

  it('begins shortly before a hit that is far in', () => {
    const [start, hit] = shown(`${'x'.repeat(500)} hit`, 'hit');
    expect(start).toMatch(/^…x{39} $/);
    expect(hit).toBe('<hit>');
  });
});
