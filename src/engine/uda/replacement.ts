// The authors' two word replacements (UDA, arXiv 1904.12848, §2.2 and their word_level_augment): any word by a uniformly
// drawn one, or words that say little (low TF-IDF) by others that say little, so that what tells the class survives.
// Deviation: a new word is drawn independently each time, where the authors deal from a shuffled list of the vocabulary.
import type { Random } from '../random.ts';
import type { CorpusStatistics } from './corpus.ts';
import type { Operation } from './words.ts';

/** Shorter texts have too little to lose. */
const LEAST_WORDS = 3;

/** `unif`: each word of a text of at least three is replaced with this probability. */
export function uniformReplacement({ words: vocabulary }: CorpusStatistics, probability: number): Operation {
  return (words, random) => {
    if (words.length < LEAST_WORDS) return words;
    return words.map((word) =>
      random.float() < probability ? { ...word, text: vocabulary[random.integer(vocabulary.length)]! } : word,
    );
  };
}

/** `tf_idf`: on average this share of a text's words is replaced, the less telling the likelier. */
export function tfIdfReplacement(corpus: CorpusStatistics, probability: number): Operation {
  const draw = createSampler(corpus.words, corpus.replacementWeights);
  return (words, random) => {
    const texts = words.map(({ text }) => text);
    const probabilities = replaceProbabilities(texts, corpus.idf, probability);
    return words.map((word, i) => (random.float() < probabilities[i]! ? { ...word, text: draw(random) } : word));
  };
}

/**
 * P(replace i) = p·L·z_i/Σz with z_i = max t − t_i and t_i = tf·idf of word i in its text. Unlike the authors' number,
 * which only ever meets a draw from [0, 1), it is clipped to 1. All 0 where all words say the same.
 */
export function replaceProbabilities(
  texts: readonly string[],
  idf: (text: string) => number,
  probability: number,
): number[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const tfIdf = texts.map((text) => (counts.get(text)! / texts.length) * idf(text));
  const most = tfIdf.reduce((max, value) => Math.max(max, value), 0);
  const gaps = tfIdf.map((value) => most - value);
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  if (total === 0) return gaps;
  return gaps.map((gap) => Math.min(1, (probability * texts.length * gap) / total));
}

/** Draws an item with a probability in proportion to its weight; any, where all weigh nothing. */
function createSampler(items: readonly string[], weights: Float64Array): (random: Random) => string {
  let total = 0;
  const upTo = weights.map((weight) => {
    total += weight;
    return total;
  });
  return (random) => {
    if (total === 0) return items[random.integer(items.length)]!;
    return items[firstAbove(upTo, random.float() * total)]!;
  };
}

/** Index of the first of ascending numbers that is greater than `value`. */
function firstAbove(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
