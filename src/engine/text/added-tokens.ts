// Tokens that are recognised whole wherever they stand in a text: `[SEP]`, or words added to a model's vocabulary.

export interface AddedToken {
  readonly content: string;
  readonly id: number;
  /** Sought in the normalised text instead of the original. */
  readonly normalized: boolean;
}

export interface Section {
  readonly start: number;
  readonly end: number;
  /** The added token found here; null for text in between. */
  readonly id: number | null;
}

/** Splits a text at added tokens: leftmost first, and of those the longest. */
export function createMatcher(tokens: readonly AddedToken[]): (text: string) => Section[] {
  const sought = tokens.filter(({ content }) => content !== ''); // normalising may leave nothing
  if (sought.length === 0) return (text) => [{ start: 0, end: text.length, id: null }];
  const ids = new Map(sought.map(({ content, id }) => [content, id]));
  const longestFirst = [...ids.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(
    longestFirst.map((token) => token.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'),
    'g',
  );
  return (text) => {
    const sections: Section[] = [];
    let start = 0;
    for (const { index, 0: found } of text.matchAll(pattern)) {
      sections.push({ start, end: index, id: null });
      start = index + found.length;
      sections.push({ start: index, end: start, id: ids.get(found)! });
    }
    sections.push({ start, end: text.length, id: null });
    return sections;
  };
}
