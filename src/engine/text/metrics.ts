// SQuAD's exact match and F1 by the official v1.1 script, and the measures of classification.
import type { QuestionExample } from './types.ts';

// Python's notion of white space and of word characters, which the official script relies on.
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python splits at U+001C–1F too
const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;
const ASCII_PUNCTUATION = /[!-/:-@[-`{-~]/g;

/** Both in percent, as the official script prints them. */
export interface SquadScores {
  readonly exact_match: number;
  readonly f1: number;
}

/** Means over all examples; one without a prediction counts 0. */
export function scoreSquad(
  examples: readonly QuestionExample[],
  predictions: readonly { readonly id: string; readonly text: string }[],
): SquadScores {
  const textOf = new Map(predictions.map(({ id, text }) => [id, text]));
  const mean = (score: (prediction: string, answers: readonly string[]) => number) => {
    const scores = examples.map(({ id, answers }) => {
      const prediction = textOf.get(id);
      const texts = answers.map((answer) => answer.text);
      return prediction === undefined ? 0 : score(prediction, texts);
    });
    return (100 * scores.reduce((sum, score) => sum + score, 0)) / Math.max(scores.length, 1);
  };
  return { exact_match: mean(exactMatch), f1: mean(answerF1) };
}

/** 1 where the prediction equals any answer, up to case, punctuation, articles and spaces. */
export function exactMatch(prediction: string, answers: readonly string[]): number {
  const words = answerWords(prediction).join(' ');
  return orNoAnswer(answers).some((answer) => answerWords(answer).join(' ') === words) ? 1 : 0;
}

/** The largest F1 over the answers, of words counted as often as both have them. */
export function answerF1(prediction: string, answers: readonly string[]): number {
  if (answers.length === 0) return exactMatch(prediction, answers);
  const predicted = answerWords(prediction);
  return Math.max(...answers.map((answer) => wordF1(predicted, answerWords(answer))));
}

/** An unanswerable question (SQuAD 2.0) is answered rightly by the empty text. */
const orNoAnswer = (answers: readonly string[]) => (answers.length === 0 ? [''] : answers);

function wordF1(predicted: readonly string[], expected: readonly string[]): number {
  const remaining = new Map<string, number>();
  for (const word of expected) remaining.set(word, (remaining.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of predicted) {
    const left = remaining.get(word) ?? 0;
    if (left > 0) shared++;
    remaining.set(word, left - 1);
  }
  return shared === 0 ? 0 : harmonicMean(shared / predicted.length, shared / expected.length);
}

function answerWords(text: string): string[] {
  const bare = text.toLowerCase().replace(ASCII_PUNCTUATION, '').replace(ARTICLES, ' ');
  return bare.split(SPACES).filter((word) => word !== '');
}

/** [K, K] counts, row = true label, column = predicted label. */
export type ConfusionMatrix = readonly (readonly number[])[];

export function confusionMatrix(
  labels: readonly number[],
  predictions: readonly number[],
  classes: number,
): ConfusionMatrix {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  labels.forEach((label, i) => {
    counts[label]![predictions[i]!]! += 1;
  });
  return counts;
}

export function accuracy(matrix: ConfusionMatrix): number {
  const right = matrix.reduce((sum, row, label) => sum + row[label]!, 0);
  const all = matrix.flat().reduce((sum, count) => sum + count, 0);
  return right / Math.max(all, 1);
}

/** F1 of one class; 0 where it neither occurs nor is predicted. For two classes, class 1 is the positive one. */
export function classF1(matrix: ConfusionMatrix, label = 1): number {
  const right = matrix[label]![label]!;
  const predicted = matrix.reduce((sum, row) => sum + row[label]!, 0);
  const expected = matrix[label]!.reduce((sum, count) => sum + count, 0);
  return right === 0 ? 0 : harmonicMean(right / predicted, right / expected);
}

/** Unweighted mean over the classes that occur or are predicted, as scikit-learn's. */
export function macroF1(matrix: ConfusionMatrix): number {
  const present = matrix.flatMap((row, label) => {
    const isPresent = row.some((count) => count > 0) || matrix.some((other) => other[label]! > 0);
    return isPresent ? [classF1(matrix, label)] : [];
  });
  return present.reduce((sum, f1) => sum + f1, 0) / Math.max(present.length, 1);
}

const harmonicMean = (a: number, b: number) => (2 * a * b) / (a + b);
