import { describe, expect, it } from 'vitest';
import { replaceSection } from '../../../scripts/lib/bench/document.ts';

const document = 'Before.\n<!-- bench:step -->\nold\n<!-- /bench:step -->\nAfter.\n';

describe('a section of a document', () => {
  it('is replaced between its marks, and nothing else', () => {
    expect(replaceSection(document, 'step', 'new')).toBe(
      'Before.\n<!-- bench:step -->\n\nnew\n\n<!-- /bench:step -->\nAfter.\n',
    );
  });

  it('comes out the same when replaced twice', () => {
    const once = replaceSection(document, 'step', 'new');
    expect(replaceSection(once, 'step', 'new')).toBe(once);
  });

  it('must be marked', () => {
    expect(() => replaceSection(document, 'scale', 'new')).toThrow('<!-- bench:scale -->');
  });
});
