import type { ClassificationFeature, Dataset, Feature, QuestionFeature, SplitName } from '../engine/text/types.ts';
import { type Metrics, scoreClasses, scoreSpans } from '../engine/train/evaluate.ts';
import type { TrainingArguments } from '../runs/spec.ts';

/** A split's metrics from its features' logits: loss, accuracy and F1, or loss, EM and F1. */
export function scoreFeatures(
  dataset: Dataset,
  split: SplitName,
  features: readonly Feature[],
  logits: readonly Float32Array[],
  { n_best_size, max_answer_length }: TrainingArguments,
): Metrics {
  // Features come from the dataset's own kind of examples (inputs.ts).
  if (dataset.kind === 'text-classification') {
    return scoreClasses(features as readonly ClassificationFeature[], logits, dataset.labels.length);
  }
  const options = { nBestSize: n_best_size, maxAnswerLength: max_answer_length };
  return scoreSpans(dataset.splits[split], features as readonly QuestionFeature[], logits, options);
}
