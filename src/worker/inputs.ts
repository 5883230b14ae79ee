// From a run's settings to what the engine trains on: model, tokenizer, encoded splits.
import { WinnowError } from '../engine/error.ts';
import type { ModelTask } from '../engine/model/architecture.ts';
import { type Checkpoint, loadCheckpoint } from '../engine/model/checkpoint.ts';
import { parseConfig } from '../engine/model/config.ts';
import { classificationFeatures } from '../engine/text/classification.ts';
import { checkAnswers, questionFeatures } from '../engine/text/squad-features.ts';
import type { Tokenizer } from '../engine/text/tokenizer.ts';
import type { Dataset, Feature, SplitName } from '../engine/text/types.ts';
import { readTokenizer } from '../engine/text/vocabulary.ts';
import { type LoadedData, loadData } from '../hub/data-source.ts';
import { fetchModelFiles, fetchModelTexts, type ModelFiles } from '../hub/model-source.ts';
import type { RunWarning } from '../runs/events.ts';
import type { ReportBytes } from '../runs/protocol.ts';
import type { DataChoice, ModelChoice, RunSpec } from '../runs/spec.ts';
import { backTranslationOf } from '../runs/translation.ts';
import type { Artefact } from './artefact.ts';
import { fillMask, taskOf } from './blueprint.ts';
import { loadEarlierRun, type RunSources, startFrom } from './earlier-run.ts';
import { checkObjective, type Masking, maskingOf, withWords } from './masking.ts';
import { openPairs, type PairSource } from './pairs.ts';
import { withParaphrases } from './paraphrases.ts';
import { divideLabels, type TrainingTexts } from './training-texts.ts';

export interface LoadedModel {
  readonly files: ModelFiles;
  readonly checkpoint: Checkpoint;
  readonly tokenizer: Tokenizer;
}

export async function loadModel(o: {
  readonly choice: ModelChoice;
  readonly task: ModelTask;
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
  return { files, checkpoint, tokenizer: readTokenizer(files.tokenizer, config) };
}

export async function loadTokenizer(choice: ModelChoice, onProgress?: ReportBytes): Promise<Tokenizer> {
  const texts = await fetchModelTexts(choice, { onProgress });
  return readTokenizer(texts.tokenizer, parseConfig(texts.config));
}

export interface RunInputs {
  readonly model: LoadedModel;
  readonly data: LoadedData;
  readonly features: Readonly<Record<SplitName, readonly Feature[]>>;
  /** Unlabelled texts and their twins, for UDA. */
  readonly pairs: PairSource | null;
  /** How words are hidden, to be filled in; null where the data's own task is trained. */
  readonly masking: Masking | null;
  /** What is to be known before the first step. */
  readonly warnings: readonly RunWarning[];
}

/** Called at every change; awaiting it lets the worker answer in between. */
export type LoadWatcher = (phase: string, done: number, total: number) => Promise<void> | void;

export async function loadRunInputs(spec: RunSpec, sources: RunSources, watch: LoadWatcher): Promise<RunInputs> {
  checkObjective(spec);
  const read = await loadTrainableData(spec.data, (done, total) => void watch('Reading data', done, total));
  const whole = await withParaphrases(read, spec.uda && backTranslationOf(spec.uda));
  const texts = divideLabels(whole, spec);
  const data = { ...whole, dataset: texts.dataset };
  const fresh = await loadModel({
    choice: spec.model,
    ...(spec.mlm ? fillMask : taskOf(data.dataset)),
    seed: spec.training.seed,
    onProgress: (done, total) => void watch('Reading model', done, total),
  });
  const start = spec.starts_from === null ? null : await loadEarlierRun('Start', spec.starts_from, sources);
  const model = start ? startedModel(fresh, start, data.dataset) : fresh;
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
  const masking = maskingOf(spec, model);
  const usable = masking ? withWords(data.name, { train, dev, test }) : withLabels({ train, dev, test });
  if (spec.uda) await watch('Reading unlabelled texts', 0, 1);
  const pairs = await pairsOf(spec, texts, model.tokenizer);
  if (spec.uda) await watch('Reading unlabelled texts', 1, 1);
  const warnings = [...texts.warnings, ...usable.warnings];
  return { model, data, features: usable.features, pairs, masking, warnings };
}

async function loadTrainableData(choice: DataChoice, onProgress: ReportBytes): Promise<LoadedData> {
  const data = await loadData(choice, { onProgress });
  if (data.dataset.kind === 'text-classification') return data;
  const [problem] = checkAnswers(data.dataset.splits.train).problems;
  if (problem) throw new WinnowError('bad-data', `${data.name}: ${problem.message}`);
  return data;
}

function startedModel(model: LoadedModel, start: Artefact, dataset: Dataset): LoadedModel {
  const labels = dataset.kind === 'text-classification' ? dataset.labels : [];
  return { ...model, checkpoint: startFrom(model.checkpoint, start, labels) };
}

/** Null where nothing is learnt from unlabelled texts. */
async function pairsOf(spec: RunSpec, { unlabelled }: TrainingTexts, tokenizer: Tokenizer): Promise<PairSource | null> {
  if (!spec.uda) return null;
  const settings = { policy: spec.uda.aug_ops, examples: unlabelled, tokenizer, seed: spec.training.seed };
  return openPairs(settings, spec.training);
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
    : classificationFeatures(tokenizer, dataset.splits[split], { maxSeqLength, truncate: training.truncation_side });
}

/** What of the encoded splits a run can use, and what there is to say of the rest. */
export interface UsableFeatures {
  readonly features: RunInputs['features'];
  readonly warnings: readonly RunWarning[];
}

function withLabels({ train, dev, test }: RunInputs['features']): UsableFeatures {
  const [shownDev, shownTest] = [dev.filter(isLabelled), test.filter(isLabelled)];
  return {
    features: { train, dev: shownDev, test: shownTest },
    warnings: [...hiddenWarning('dev', dev, shownDev), ...hiddenWarning('test', test, shownTest)],
  };
}

const isLabelled = (feature: Feature): boolean => !('label' in feature) || feature.label !== null;

/** Files from a contest hide the labels of their test split. */
function hiddenWarning(split: SplitName, all: readonly Feature[], shown: readonly Feature[]): RunWarning[] {
  if (all.length === shown.length) return [];
  const hidden = all.length - shown.length;
  const message = `${split}: expected a label on each of ${all.length} texts, got ${hidden} without. They are not evaluated.`;
  return [{ code: 'hidden-labels', message }];
}

/** Throws `bad-settings` for more tokens than the model has positions. */
export function checkLength(maxSeqLength: number, maxPositions: number): void {
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
