// Pairs made before a run: a column of the data, or back-translations that the page made and kept. Which of them may
// stand for their original is the authors' rule (sent_level_augment).

import { badData } from '../text/table.ts';
import type { ClassificationExample } from '../text/types.ts';
import type { Word } from './words.ts';

/** In characters: a shorter text, or a shorter paraphrase, is no reliable pair. */
const LEAST_LENGTH = 10;
/** A paraphrase whose length differs by a larger share has lost or made up too much. */
const MOST_LENGTH_CHANGE = 0.5;

/**
 * Examples with their paraphrases, in the same order; null where there is none.
 * @throws WinnowError `bad-data` where there are not as many of them.
 */
export function attachParaphrases(
  examples: readonly ClassificationExample[],
  paraphrases: readonly (string | null)[],
): ClassificationExample[] {
  if (paraphrases.length !== examples.length) {
    const what = `expected ${examples.length} texts, one for each example in the same order, got ${paraphrases.length}`;
    throw badData('augmented column', what, 'Make it anew from the same file.');
  }
  return examples.map((example, i) => {
    const augmentedText = paraphrases[i] ?? null;
    return augmentedText === null ? example : { ...example, augmentedText };
  });
}

/** The authors keep the original where this is false. */
export function canReplace(original: string, paraphrase: string): boolean {
  const [before, after] = [[...original].length, [...paraphrase].length];
  if (before < LEAST_LENGTH || after < LEAST_LENGTH) return false;
  return Math.abs(after - before) / before <= MOST_LENGTH_CHANGE;
}

/** The words of a paraphrase, each with its place in the original where it is in a longest common subsequence. */
export function alignWords(original: readonly string[], paraphrase: readonly string[]): Word[] {
  const common = commonLengths(original, paraphrase);
  let from = 0;
  return paraphrase.map((text, i) => {
    // Skip what the original has more, as long as that loses no match.
    while (from < original.length && original[from] !== text && common(from + 1, i) === common(from, i)) from++;
    const isMatch = original[from] === text;
    return { text, origin: isMatch ? from++ : null };
  });
}

/** Length of the longest common subsequence of what follows in both: `common(i, j)` from word i and word j on. */
function commonLengths(a: readonly string[], b: readonly string[]): (i: number, j: number) => number {
  const columns = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * columns);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * columns + j;
      lengths[at] = a[i] === b[j] ? lengths[at + columns + 1]! + 1 : Math.max(lengths[at + columns]!, lengths[at + 1]!);
    }
  }
  return (i, j) => lengths[i * columns + j]!;
}
