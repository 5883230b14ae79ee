// From the span head's logits to answer texts: the best start ≤ end among the context tokens of all windows.
import type { QuestionExample, QuestionFeature } from './types.ts';

/** Logits of one window, [T] each; entries past its tokens (padding) are ignored. */
export interface SpanLogits {
  readonly start: ArrayLike<number>;
  readonly end: ArrayLike<number>;
}

export interface PredictionOptions {
  readonly nBestSize?: number;
  /** In tokens. */
  readonly maxAnswerLength?: number;
  /** SQuAD 2.0: answer '' where the null score exceeds the best span's by more than this. null: always answer. */
  readonly nullThreshold?: number | null;
}

export interface AnswerPrediction {
  readonly id: string;
  /** Cut from the original context; '' for "no answer". */
  readonly text: string;
  /** [start, end) UTF-16 offsets into the context, null with an empty text. */
  readonly span: readonly [number, number] | null;
  readonly score: number;
  /** The lowest start[CLS] + end[CLS] over the windows. */
  readonly nullScore: number;
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly score: number;
}

/** One prediction per example; `logits` runs parallel to `features`. */
export function predictAnswers(
  examples: readonly QuestionExample[],
  features: readonly QuestionFeature[],
  logits: readonly SpanLogits[],
  options: PredictionOptions = {},
): AnswerPrediction[] {
  const best = examples.map((): Span | null => null);
  const nullScores = examples.map(() => Number.POSITIVE_INFINITY);
  features.forEach((feature, i) => {
    const { exampleIndex } = feature;
    const { start, end } = logits[i]!;
    const span = findBestSpan(feature, logits[i]!, options);
    if (span && span.score > (best[exampleIndex]?.score ?? Number.NEGATIVE_INFINITY)) best[exampleIndex] = span;
    nullScores[exampleIndex] = Math.min(nullScores[exampleIndex]!, start[0]! + end[0]!);
  });
  return examples.map((example, i) => toPrediction(example, best[i]!, nullScores[i]!, options.nullThreshold ?? null));
}

/** In characters of the context; null for a window without a single allowed span. */
function findBestSpan(feature: QuestionFeature, logits: SpanLogits, options: PredictionOptions): Span | null {
  const { nBestSize = 20, maxAnswerLength = 30 } = options;
  const { contextFrom, offsets } = feature;
  const ends = largest(logits.end, contextFrom, offsets.length, nBestSize);
  let best: Span | null = null;
  for (const start of largest(logits.start, contextFrom, offsets.length, nBestSize)) {
    for (const end of ends) {
      if (end < start || end - start >= maxAnswerLength) continue;
      const score = logits.start[start]! + logits.end[end]!;
      if (best && !(score > best.score)) continue;
      best = { from: offsets[start - contextFrom]![0], to: offsets[end - contextFrom]![1], score };
    }
  }
  return best;
}

/** Positions of the n largest values in [from, from + count); equal ones in order of position. */
function largest(values: ArrayLike<number>, from: number, count: number, n: number): number[] {
  const positions = Array.from({ length: count }, (_, i) => from + i);
  return positions.sort((a, b) => values[b]! - values[a]! || a - b).slice(0, n);
}

function toPrediction(
  { id, context }: QuestionExample,
  best: Span | null,
  nullScore: number,
  nullThreshold: number | null,
): AnswerPrediction {
  const isNull = !best || (nullThreshold !== null && nullScore - best.score > nullThreshold);
  if (isNull) return { id, text: '', span: null, score: nullScore, nullScore };
  return { id, text: context.slice(best.from, best.to), span: [best.from, best.to], score: best.score, nullScore };
}
