// Lengths as bars, and in words what a maximum length makes of them.
import { countWindows, inputLengths, type TokenLengths } from '../../engine/text/lengths.ts';
import type { ReadingLength } from '../../notebook/data-use.ts';
import type { Bar } from '../charts/BarChart.tsx';

const mostBars = 48;
const shownShare = 0.99;

export interface LengthHistogram {
  /** Heights are shares of all texts. */
  readonly bars: readonly Bar[];
  readonly median: number;
  readonly longest: number;
  /** Texts that are longer than the last bar. */
  readonly beyond: number;
}

/** The shortest 99 % and all that `limits` ask for, in at most 48 bars a power of two wide. */
export function histogramOf(lengths: Int32Array, limits: readonly number[]): LengthHistogram {
  const sorted = lengths.toSorted();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const longest = sorted.at(-1) ?? 0;
  const upTo = Math.max(at(shownShare), ...limits.map((limit) => Math.min(limit, longest))) + 1;
  const width = 2 ** Math.max(0, Math.ceil(Math.log2(upTo / mostBars)));
  const counts = new Array<number>(Math.ceil(upTo / width)).fill(0);
  let beyond = 0;
  for (const length of lengths) {
    const bar = Math.floor(length / width);
    if (bar < counts.length) counts[bar]! += 1;
    else beyond += 1;
  }
  const bars = counts.map((texts, bar) => ({
    from: bar * width,
    to: (bar + 1) * width,
    height: texts / Math.max(1, lengths.length),
  }));
  return { bars, median: at(0.5), longest, beyond };
}

export interface Truncation {
  /** Texts that are longer than the maximum. */
  readonly cut: number;
  /** Of questions: how many windows they make in all; null for texts, or where a question leaves no room for one. */
  readonly windows: number | null;
}

export function truncationAt(lengths: TokenLengths, reading: ReadingLength, asksQuestions: boolean): Truncation {
  const { maxSeqLength } = reading;
  const { first, second, special } = lengths;
  if (!asksQuestions) {
    return { cut: inputLengths(lengths).filter((length) => length > maxSeqLength).length, windows: null };
  }
  let cut = 0;
  let windows: number | null = 0;
  for (const [index, question] of first.entries()) {
    const made = countWindows({ question, context: second?.[index] ?? 0, special }, reading);
    if (made !== 1) cut += 1;
    windows = windows === null || made === null ? null : windows + made;
  }
  return { cut, windows };
}
