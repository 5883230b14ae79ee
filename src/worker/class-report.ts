// A classifier's predictions on one split in the end: who is taken for whom, and which texts it is surest and wrong of.
import { confusionMatrix } from '../engine/text/metrics.ts';
import type { ClassificationDataset, ClassificationFeature } from '../engine/text/types.ts';
import { predictedClass } from '../engine/train/evaluate.ts';
import type { ClassReport, ConfidentError } from '../runs/events.ts';
import type { Evaluation } from './evaluation.ts';
import type { RunSetup } from './training-job.ts';

/** Of the test split, or of dev where that is empty; null for spans, and where neither was evaluated. */
export function classReportOf({ inputs }: RunSetup, dev: Evaluation, test: Evaluation): ClassReport | null {
  const { dataset } = inputs.data;
  const split = test.logits.length > 0 ? 'test' : 'dev';
  const { logits } = split === 'test' ? test : dev;
  if (dataset.kind !== 'text-classification' || logits.length === 0) return null;
  return classReport(dataset, split, { features: inputs.features[split] as readonly ClassificationFeature[], logits });
}

const MOST_ERRORS = 20;
const MOST_CHARACTERS = 500;

function classReport(
  { labels, splits }: ClassificationDataset,
  split: 'dev' | 'test',
  {
    features,
    logits,
  }: { readonly features: readonly ClassificationFeature[]; readonly logits: readonly Float32Array[] },
): ClassReport {
  const truths = features.map(({ label }) => label ?? -1);
  const predictions = logits.map(predictedClass);
  const wrong = features.flatMap(({ exampleIndex }, index): ConfidentError[] => {
    const [label, predicted] = [truths[index]!, predictions[index]!];
    if (label === predicted) return [];
    const { id, text } = splits[split][exampleIndex]!;
    return [{ id, text: beginningOf(text), label, predicted, probability: topProbability(logits[index]!) }];
  });
  const errors = wrong.sort((a, b) => b.probability - a.probability).slice(0, MOST_ERRORS);
  return { split, labels, confusion: confusionMatrix(truths, predictions, labels.length), errors };
}

/** What a table shows of a text. */
export const beginningOf = (text: string): string =>
  text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;

/** max softmax */
function topProbability(logits: Float32Array): number {
  const top = Math.max(...logits);
  return 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0);
}
