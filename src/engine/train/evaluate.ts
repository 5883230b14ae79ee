// Predictions and metrics of the model as it stands, dropout off, at a given threshold.
import type { Executor } from '../gpu/executor.ts';
import { batchAt, rowsAt } from '../text/batches.ts';
import { type MaskingOptions, maskBatch } from '../text/masking.ts';
import { accuracy, classF1, confusionMatrix, macroF1, scoreSquad } from '../text/metrics.ts';
import { predictAnswers } from '../text/squad-predictions.ts';
import type { ClassificationFeature, Feature, QuestionExample, QuestionFeature } from '../text/types.ts';
import { feedsOf } from './feeds.ts';
import type { Program } from './program.ts';

export interface PredictionJob {
  readonly executor: Executor;
  readonly program: Program;
  readonly features: readonly Feature[];
  readonly batchSize: number;
  readonly maxSeqLength: number;
  readonly padTokenId: number;
  readonly threshold: number;
  /** Awaited after every batch, so that a worker can answer and show how far it is. */
  readonly onBatch?: (done: number, total: number) => Promise<void>;
}

/** Logits of every feature, in the features' order: [K] each, or [starts, ends] of [T] for spans. */
export async function predict(job: PredictionJob): Promise<Float32Array[]> {
  const { executor, program, features, batchSize, maxSeqLength, padTokenId, threshold } = job;
  const byLength = longestFirst(features);
  const logits: Float32Array[] = new Array(features.length);
  const steps = Math.ceil(features.length / batchSize);
  for (let step = 0; step < steps; step++) {
    const batch = batchAt(features, byLength, { step, batchSize, padId: padTokenId, maxSeqLength });
    const [rows] = await executor.evaluate([program.logits(batch)], { feeds: feedsOf(batch), threshold, seed: 0 });
    if (!rows) throw new Error('predict: expected logits, got none');
    for (let row = 0; row < batch.batchSize; row++) {
      const index = byLength[step * batchSize + row];
      if (index !== undefined) logits[index] = rowOf(rows, row, batch.batchSize, batch.startPositions !== undefined);
    }
    await job.onBatch?.(Math.min((step + 1) * batchSize, features.length), features.length);
  }
  return logits;
}

const longestFirst = (features: readonly Feature[]): number[] =>
  features.map((_, index) => index).sort((a, b) => lengthOf(features[b]) - lengthOf(features[a]));

const lengthOf = (feature: Feature | undefined): number => feature?.inputIds.length ?? 0;

/** One text's logits out of a batch's; spans lie as all starts, then all ends. */
function rowOf(rows: Float32Array, row: number, batchSize: number, isSpan: boolean): Float32Array {
  const width = rows.length / (isSpan ? 2 * batchSize : batchSize);
  const slice = (at: number) => rows.subarray(at * width, (at + 1) * width);
  return isSpan ? Float32Array.of(...slice(row), ...slice(batchSize + row)) : slice(row).slice();
}

/** Mean loss over all words hidden from the features, and e to it. */
export async function scoreWords(job: PredictionJob & { readonly masking: MaskingOptions }): Promise<Metrics> {
  const { executor, program, features, batchSize, threshold } = job;
  const padding = { padId: job.padTokenId, maxSeqLength: job.maxSeqLength };
  const order = longestFirst(features);
  let [sum, count] = [0, 0];
  for (let step = 0; step * batchSize < features.length; step++) {
    const batch = maskBatch(rowsAt(features, order, { step, batchSize }), job.masking, padding);
    const { tokens, masked } = batch;
    const value = program.wordLoss({ batchSize: batch.batchSize, tokens, masked: masked.places.length });
    const [loss] = await executor.evaluate([value], { feeds: feedsOf(batch), threshold, seed: 0 });
    const asked = masked.labels.filter((label) => label >= 0).length;
    sum += asked * (loss?.[0] ?? Number.NaN);
    count += asked;
    await job.onBatch?.(Math.min((step + 1) * batchSize, features.length), features.length);
  }
  return { loss: sum / count, perplexity: Math.exp(sum / count) };
}

export type Metrics = Readonly<Record<string, number>>;

export const predictedClass = (logits: Float32Array): number => logits.indexOf(Math.max(...logits));

export function scoreClasses(
  features: readonly ClassificationFeature[],
  logits: readonly Float32Array[],
  classes: number,
): Metrics {
  const labels = features.map(({ label }) => label ?? -1);
  const predictions = logits.map(predictedClass);
  const matrix = confusionMatrix(labels, predictions, classes);
  const loss = mean(logits.map((row, index) => negativeLogProbability(row, labels[index] ?? -1)));
  return { loss, accuracy: accuracy(matrix), f1: classes === 2 ? classF1(matrix) : macroF1(matrix) };
}

export interface SpanOptions {
  readonly nBestSize: number;
  readonly maxAnswerLength: number;
}

/** EM and F1 in per cent, as the official script gives them. */
export function scoreSpans(
  examples: readonly QuestionExample[],
  features: readonly QuestionFeature[],
  logits: readonly Float32Array[],
  options: SpanOptions,
): Metrics {
  const spans = logits.map((row) => ({ start: row.subarray(0, row.length / 2), end: row.subarray(row.length / 2) }));
  const losses = features.map(({ startPosition, endPosition }, index) => {
    const span = spans[index];
    if (!span) return Number.NaN;
    return (negativeLogProbability(span.start, startPosition) + negativeLogProbability(span.end, endPosition)) / 2;
  });
  const scores = scoreSquad(examples, predictAnswers(examples, features, spans, options));
  return { loss: mean(losses), exact_match: scores.exact_match, f1: scores.f1 };
}

/** −ln softmax(logits)[label] */
function negativeLogProbability(logits: Float32Array, label: number): number {
  const highest = Math.max(...logits);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
  return Math.log(total) + highest - (logits[label] ?? Number.NaN);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
