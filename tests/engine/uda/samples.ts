// Texts and a small thesaurus for the tests of augmentation.
import fc from 'fast-check';
import { createRandom } from '../../../src/engine/random.ts';
import { createSynonyms } from '../../../src/engine/uda/synonyms.ts';
import { joinWords, type Operation, unchanged } from '../../../src/engine/uda/words.ts';

export const synonyms = createSynonyms(['film movie picture', 'good fine great', 'bad poor', 'watch see view', 'a']);

const vocabulary = [
  'the',
  'film',
  'was',
  'good',
  'bad',
  'movies',
  'not',
  'never',
  'don',
  "'",
  't',
  'watch',
  'excellent',
  ',',
  '.',
  '7',
];
export const texts = fc.array(fc.constantFrom(...vocabulary), { maxLength: 40 });
export const seeds = fc.nat();
export const strengths = fc.double({ min: 0.01, max: 1, noNaN: true });

export const apply = (operation: Operation, words: readonly string[], seed: number) =>
  operation(unchanged(words), createRandom(seed));

export const applied = (operation: Operation, text: string, seed: number) =>
  joinWords(apply(operation, text.split(' '), seed));

/** Over many seeds, to meet what chance may bring. */
export const manySeeds = Array.from({ length: 200 }, (_, seed) => seed);

/** How often each thing occurs. */
export function tally<T>(items: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
