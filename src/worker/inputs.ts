// From a run's settings to what the engine trains on: model, tokenizer, encoded splits.
import { WinnowError } from '../engine/error.ts';
import { type Checkpoint, loadCheckpoint } from '../engine/model/checkpoint.ts';
import { parseConfig } from '../engine/model/config.ts';
import { classificationFeatures } from '../engine/text/classification.ts';
import { checkAnswers, questionFeatures } from '../engine/text/squad-features.ts';
import type { Dataset, Feature, SplitName, Task } from '../engine/text/types.ts';
import { readTokenizer } from '../engine/text/vocabulary.ts';
import type { Tokenizer } from '../engine/text/wordpiece.ts';
import { type LoadedData, loadData } from '../hub/data-source.ts';
import { fetchModelFiles, type ModelFiles } from '../hub/model-source.ts';
import type { ReportBytes } from '../runs/protocol.ts';
import type { DataChoice, ModelChoice, RunSpec } from '../runs/spec.ts';

export interface LoadedModel {
  readonly files: ModelFiles;
  readonly checkpoint: Checkpoint;
  readonly tokenizer: Tokenizer;
}

export async function loadModel(o: {
  readonly choice: ModelChoice;
  readonly task: Task;
  readonly labels: number;
  readonly seed: number;
  readonly onProgress?: ReportBytes;
}): Promise<LoadedModel> {
  const files = await fetchModelFiles(o.choice, { onProgress: o.onProgress });
  const config = parseConfig(files.config);
  const checkpoint = loadCheckpoint({
    config,
    files: files.weights,
    fileName: files.weightsFileName,
    task: o.task,
    labels: o.labels,
    layers: o.choice.layers,
    seed: o.seed,
  });
  return { files, checkpoint, tokenizer: readTokenizer(tokenizerFiles(files), config.vocabularySize) };
}

export function tokenizerFiles({ tokenizerJson, vocabTxt, tokenizerConfig }: ModelFiles) {
  return {
    ...(tokenizerJson === null ? {} : { 'tokenizer.json': tokenizerJson }),
    ...(vocabTxt === null ? {} : { 'vocab.txt': vocabTxt }),
    ...(tokenizerConfig === null ? {} : { 'tokenizer_config.json': tokenizerConfig }),
  };
}

export const classesOf = (dataset: Dataset): number =>
  dataset.kind === 'text-classification' ? dataset.labels.length : 0;

export interface RunInputs {
  readonly model: LoadedModel;
  readonly data: LoadedData;
  readonly features: Readonly<Record<SplitName, readonly Feature[]>>;
}

/** Called at every change; awaiting it lets the worker answer in between. */
export type LoadWatcher = (phase: string, done: number, total: number) => Promise<void> | void;

export async function loadRunInputs(spec: RunSpec, watch: LoadWatcher): Promise<RunInputs> {
  const data = await loadTrainableData(spec.data, (done, total) => void watch('Reading data', done, total));
  const model = await loadModel({
    choice: spec.model,
    task: data.dataset.kind,
    labels: classesOf(data.dataset),
    seed: spec.training.seed,
    onProgress: (done, total) => void watch('Reading model', done, total),
  });
  checkLength(spec.training.max_seq_length, model.checkpoint.config.maxPositions);
  const splits: SplitName[] = ['train', 'dev', 'test'];
  const features: Partial<Record<SplitName, readonly Feature[]>> = {};
  for (const [index, split] of splits.entries()) {
    await watch('Tokenizing', index, splits.length);
    features[split] = encodeSplit(data.dataset, split, model.tokenizer, spec);
  }
  await watch('Tokenizing', splits.length, splits.length);
  const { train = [], dev = [], test = [] } = features;
  if (train.length === 0) throw emptySplit(data.name);
  return { model, data, features: { train, dev, test } };
}

async function loadTrainableData(choice: DataChoice, onProgress: ReportBytes): Promise<LoadedData> {
  const data = await loadData(choice, { onProgress });
  const { dataset } = data;
  if (dataset.kind === 'text-classification') {
    const hidden = dataset.splits.train.find(({ label }) => label === null);
    if (hidden) {
      throw new WinnowError(
        'bad-data',
        `${data.name}, train, example ${hidden.id}: expected a label, got none. Choose the label column, or remove the example.`,
      );
    }
    return data;
  }
  const [problem] = checkAnswers(dataset.splits.train).problems;
  if (problem) throw new WinnowError('bad-data', `${data.name}: ${problem.message}`);
  return data;
}

function encodeSplit(
  dataset: Dataset,
  split: SplitName,
  tokenizer: Tokenizer,
  { training }: RunSpec,
): readonly Feature[] {
  const maxSeqLength = training.max_seq_length;
  return dataset.kind === 'question-answering'
    ? questionFeatures(tokenizer, dataset.splits[split], { maxSeqLength, docStride: training.doc_stride })
    : classificationFeatures(tokenizer, dataset.splits[split], { maxSeqLength });
}

function checkLength(maxSeqLength: number, maxPositions: number): void {
  if (maxSeqLength <= maxPositions) return;
  throw new WinnowError(
    'bad-settings',
    `Tokens (max_seq_length): expected at most ${maxPositions}, which is how many positions this model knows, got ${maxSeqLength}. Lower it.`,
  );
}

function emptySplit(name: string): WinnowError {
  return new WinnowError(
    'bad-data',
    `${name}: expected training examples, got an empty train split. Widen the slice of the train split.`,
  );
}
