// What operations that edit a fixed number of words share: how many, which, and the drawing of them.
import { type Random, shuffle } from '../random.ts';
import { findNegations } from './negation.ts';
import { isWordLike, type Word } from './words.ts';

/** n = max(1, ⌊α·L⌋) for a text of L words. */
export function editCount(words: readonly Word[], alpha: number): number {
  const length = words.filter(({ text }) => isWordLike(text)).length;
  return Math.max(1, Math.floor(alpha * length));
}

/** Places of what is neither punctuation nor negates. */
export function editablePlaces(words: readonly Word[]): number[] {
  const negates = findNegations(words.map(({ text }) => text));
  return words.flatMap(({ text }, i) => (isWordLike(text) && !negates[i] ? [i] : []));
}

export const drawOne = <T>(items: readonly T[], random: Random): T => items[random.integer(items.length)]!;

/** Up to `count` different ones, in random order. */
export function drawSome<T>(items: readonly T[], count: number, random: Random): T[] {
  const order = shuffle(items.length, random.bits());
  return order.slice(0, Math.max(0, count)).map((i) => items[i]!);
}
