// A byte-level BPE vocabulary, small but trained as large ones are: the most frequent pair of the corpus next.

import { createRandom } from '../../../src/engine/random.ts';
import type { Merge } from '../../../src/engine/text/bpe.ts';
import { BYTE_CHARACTERS, BYTE_LEVEL_SPECIALS, createByteLevelTokenizer } from '../../../src/engine/text/byte-level.ts';

const corpus = `Movement pruning keeps the weights that move away from zero, and magnitude pruning those that are far from it.
They're not the same: a weight that's large and shrinks is pruned by the one and kept by the other. I'll show it, you'd see
it, we've seen it. The naïve café in Zürich costs 12.50 € (or 13.75 £), 日本語のテキスト, 한국어, русский текст, emoji 😀😀 👩‍👩‍👧.
  Two  spaces,   three   spaces    and
new lines

end the text, don't they?`;

/** Special tokens as RoBERTa numbers them, the bytes, then what merges make; `others` are drawn at random on top. */
export function sampleByteLevel({ trained = 220, others = 60 } = {}) {
  const vocabulary = new Map<string, number>();
  const know = (token: string) => void (vocabulary.has(token) || vocabulary.set(token, vocabulary.size));
  for (const token of [...BYTE_LEVEL_SPECIALS.slice(0, 4), ...BYTE_CHARACTERS]) know(token);
  const merges = [...trainedMerges(trained)];
  for (const [left, right] of merges) know(left + right);
  const random = createRandom(1);
  while (merges.length < trained + others) {
    const tokens = [...vocabulary.keys()].slice(4);
    const merge: Merge = [tokens[random.integer(tokens.length)]!, tokens[random.integer(tokens.length)]!];
    if (merges.some((known) => known.join(' ') === merge.join(' '))) continue;
    merges.push(merge); // some make a token that other merges make, too
    know(merge.join(''));
  }
  know('<mask>');
  return { vocabulary, merges };
}

function trainedMerges(count: number): Merge[] {
  const encoder = new TextEncoder();
  let words = (corpus.match(/\s?\S+|\s+/g) ?? []).map((word) =>
    Array.from(encoder.encode(word), (byte) => BYTE_CHARACTERS[byte]!),
  );
  return Array.from({ length: count }, () => {
    const counts = new Map<string, number>();
    for (const word of words) {
      for (let i = 1; i < word.length; i++) {
        const pair = `${word[i - 1]} ${word[i]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    const [best] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
    const [left = '', right = ''] = best.split(' ');
    words = words.map((word) => mergeAll(word, left, right));
    return [left, right] as const;
  });
}

function mergeAll(word: readonly string[], left: string, right: string): string[] {
  const merged: string[] = [];
  for (let i = 0; i < word.length; i++) {
    const isPair = word[i] === left && word[i + 1] === right;
    merged.push(isPair ? left + right : word[i]!);
    if (isPair) i++;
  }
  return merged;
}

/** RoBERTa's settings. */
export const sampleTokenizer = () =>
  createByteLevelTokenizer({ ...sampleByteLevel(), trimming: { addPrefixSpace: false } });
