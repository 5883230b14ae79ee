// What augmentation did to a text, word by word: for a preview with the changed words marked on both sides.
import type { Word } from './words.ts';

export interface MarkedWord {
  readonly text: string;
  readonly change: 'none' | 'replaced' | 'moved' | 'inserted' | 'deleted';
}

export interface Comparison {
  readonly original: readonly MarkedWord[];
  readonly augmented: readonly MarkedWord[];
}

export function compareWords(original: readonly string[], augmented: readonly Word[]): Comparison {
  const changes = changesOf(original, augmented);
  const after = augmented.map(({ text }, i) => ({ text, change: changes[i]! }));
  const fates = new Map(augmented.map(({ origin }, i) => [origin, changes[i]!]));
  const before = original.map((text, i) => ({ text, change: fates.get(i) ?? ('deleted' as const) }));
  return { original: before, augmented: after };
}

export function isChanged(original: readonly string[], augmented: readonly Word[]): boolean {
  return augmented.length !== original.length || augmented.some(({ text }, i) => text !== original[i]);
}

/** A word moved if, among those that are left of the original, it does not stand where their order puts it. */
function changesOf(original: readonly string[], augmented: readonly Word[]): MarkedWord['change'][] {
  const inOrder = augmented.flatMap(({ origin }) => origin ?? []).sort((a, b) => a - b);
  let rank = 0;
  return augmented.map(({ text, origin }) => {
    if (origin === null) return 'inserted';
    if (inOrder[rank++] !== origin) return 'moved';
    return text === original[origin] ? 'none' : 'replaced';
  });
}
