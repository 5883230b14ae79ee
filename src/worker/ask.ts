// Finished runs asked: one text typed by the user, or a whole split of some data.
import { WinnowError } from '../engine/error.ts';
import { classificationFeatures } from '../engine/text/classification.ts';
import { exactMatch } from '../engine/text/metrics.ts';
import { questionFeatures } from '../engine/text/squad-features.ts';
import { predictAnswers } from '../engine/text/squad-predictions.ts';
import type {
  ClassificationDataset,
  ClassificationExample,
  ClassificationFeature,
  Dataset,
  Feature,
  QuestionExample,
  QuestionFeature,
  SplitName,
} from '../engine/text/types.ts';
import { predictedClass } from '../engine/train/evaluate.ts';
import { loadData } from '../hub/data-source.ts';
import type { RequestOf } from '../runs/client.ts';
import type { Judgement, ReportBytes, RunEvaluation, TriedText } from '../runs/protocol.ts';
import type { RunSpec, TrainingArguments } from '../runs/spec.ts';
import { taskOfArtefact } from './artefact.ts';
import { beginningOf } from './class-report.ts';
import { checkSameTask, type FinishedModel, type FinishedModels } from './finished-model.ts';
import { scoreFeatures } from './score.ts';

/** @throws WinnowError `bad-settings` for a run that fills in words, and for an empty text. */
export async function tryRun(
  models: FinishedModels,
  { runId, first, second }: RequestOf<'try-run'>,
): Promise<TriedText> {
  const model = await models.open(runId);
  if (first.trim() === '') throw new WinnowError('bad-settings', 'text: expected some words, got none. Type some.');
  switch (taskOfArtefact(model.artefact)) {
    case 'text-classification':
      return classify(model, first, second);
    case 'question-answering':
      return findAnswer(model, first, second);
    case 'fill-mask':
      throw new WinnowError(
        'bad-settings',
        `"${model.artefact.spec.name}": expected a classifier or a run on questions, got continued pre-training. Choose another run.`,
      );
  }
}

async function classify(model: FinishedModel, text: string, textPair: string): Promise<TriedText> {
  const { spec, labels } = model.artefact;
  const pair = textPair.trim() === '' ? {} : { textPair };
  const features = classificationFeatures(model.tokenizer, [{ id: '', text, ...pair, label: null }], lengthsOf(spec));
  const { logits, ms } = await timed(model, features);
  return { kind: 'text-classification', labels, probabilities: softmax(logits[0]!), ms };
}

async function findAnswer(model: FinishedModel, question: string, context: string): Promise<TriedText> {
  const { spec } = model.artefact;
  if (context.trim() === '') {
    throw new WinnowError('bad-settings', 'passage: expected a text that may hold the answer, got none. Paste one.');
  }
  const example: QuestionExample = { id: '', title: '', question, context, answers: [] };
  const features = questionsOf(model, [example]);
  const { logits, ms } = await timed(model, features);
  const spans = logits.map(spanOf);
  const { n_best_size: nBestSize, max_answer_length: maxAnswerLength } = spec.training;
  const [answer] = predictAnswers([example], features, spans, { nBestSize, maxAnswerLength });
  if (!answer) throw new Error('try-run: expected an answer, got none');
  // Of all pairs of a start and an end in all windows.
  const pairs = logSumExp(
    spans.map(({ start, end }, index) => {
      const { length } = features[index]!.inputIds;
      return logSumExp(start.subarray(0, length)) + logSumExp(end.subarray(0, length));
    }),
  );
  return {
    kind: 'question-answering',
    text: answer.text,
    span: answer.span,
    probability: Math.exp(answer.score - pairs),
    ms,
  };
}

/** @throws WinnowError `bad-settings` for data of another task or other labels, and for a split without labels. */
export async function evaluateRun(
  models: FinishedModels,
  { runId, data, split }: RequestOf<'evaluate-run'>,
  o: { readonly onProgress: ReportBytes; breathe(): Promise<void> },
): Promise<RunEvaluation> {
  const model = await models.open(runId);
  const { dataset } = await loadData(data);
  checkSameTask(`"${model.artefact.spec.name}"`, model.artefact, dataset, 'Evaluate it on data with its own labels.');
  const features = featuresOf(model, dataset, split);
  if (features.length === 0) {
    throw new WinnowError('bad-settings', `${split}: expected labelled examples, got none. Choose another split.`);
  }
  const startedAt = performance.now();
  const logits = await model.logits(features, async (done, total) => {
    o.onProgress(done, total);
    await o.breathe();
  });
  const { training } = model.artefact.spec;
  return {
    metrics: scoreFeatures(dataset, split, features, logits, training),
    judgements:
      dataset.kind === 'question-answering'
        ? judgeAnswers(dataset.splits[split], features as readonly QuestionFeature[], logits, training)
        : judgeClasses(dataset, split, features as readonly ClassificationFeature[], logits),
    ms: performance.now() - startedAt,
  };
}

function featuresOf(model: FinishedModel, dataset: Dataset, split: SplitName): readonly Feature[] {
  if (dataset.kind === 'question-answering') return questionsOf(model, dataset.splits[split]);
  const labelled = dataset.splits[split].map((example, index) => ({ example, index }));
  return labelled.flatMap(({ example, index }) => {
    if (example.label === null) return [];
    const [feature] = classificationFeatures(model.tokenizer, [example], lengthsOf(model.artefact.spec));
    return feature ? [{ ...feature, exampleIndex: index }] : [];
  });
}

function judgeClasses(
  { labels, splits }: ClassificationDataset,
  split: SplitName,
  features: readonly ClassificationFeature[],
  logits: readonly Float32Array[],
): Judgement[] {
  return features.map(({ exampleIndex, label }, index) => {
    const { id, text } = splits[split][exampleIndex] as ClassificationExample;
    const predicted = predictedClass(logits[index] as Float32Array);
    return {
      id,
      text: beginningOf(text),
      expected: labels[label ?? -1] ?? '',
      predicted: labels[predicted] ?? '',
      isRight: predicted === label,
    };
  });
}

function judgeAnswers(
  examples: readonly QuestionExample[],
  features: readonly QuestionFeature[],
  logits: readonly Float32Array[],
  { n_best_size: nBestSize, max_answer_length: maxAnswerLength }: TrainingArguments,
): Judgement[] {
  const predictions = predictAnswers(examples, features, logits.map(spanOf), { nBestSize, maxAnswerLength });
  return examples.map(({ id, question, answers }, index) => {
    const texts = answers.map(({ text }) => text);
    const predicted = predictions[index]?.text ?? '';
    const isRight = exactMatch(predicted, texts.length > 0 ? texts : ['']) === 1;
    return { id, text: beginningOf(question), expected: texts[0] ?? '', predicted, isRight };
  });
}

function questionsOf({ tokenizer, artefact }: FinishedModel, examples: readonly QuestionExample[]): QuestionFeature[] {
  const { max_seq_length: maxSeqLength, doc_stride: docStride } = artefact.spec.training;
  return questionFeatures(tokenizer, examples, { maxSeqLength, docStride });
}

const lengthsOf = ({ training }: RunSpec) => ({
  maxSeqLength: training.max_seq_length,
  truncate: training.truncation_side,
});

const spanOf = (row: Float32Array) => ({
  start: row.subarray(0, row.length / 2),
  end: row.subarray(row.length / 2),
});

async function timed(model: FinishedModel, features: readonly Feature[]) {
  const startedAt = performance.now();
  const logits = await model.logits(features);
  return { logits, ms: performance.now() - startedAt };
}

/** ln Σ e^x */
function logSumExp(values: ArrayLike<number>): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) top = Math.max(top, values[i] as number);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp((values[i] as number) - top);
  return top + Math.log(sum);
}

function softmax(logits: Float32Array): number[] {
  const total = logSumExp(logits);
  return Array.from(logits, (logit) => Math.exp(logit - total));
}
