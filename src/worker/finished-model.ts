// Finished runs as models to ask: weights with the masks baked in, dropout off.
import { WinnowError } from '../engine/error.ts';
import type { Executor } from '../engine/gpu/executor.ts';
import { keepLayers } from '../engine/model/checkpoint.ts';
import { parseConfig } from '../engine/model/config.ts';
import { bake } from '../engine/model/export/bake.ts';
import type { Tokenizer } from '../engine/text/tokenizer.ts';
import type { Dataset, Feature } from '../engine/text/types.ts';
import { readTokenizer } from '../engine/text/vocabulary.ts';
import { predict } from '../engine/train/evaluate.ts';
import { createProgram } from '../engine/train/program.ts';
import { fetchModelTexts } from '../hub/model-source.ts';
import { type Artefact, taskOfArtefact } from './artefact.ts';
import { loadArtefact } from './run-store.ts';

export interface FinishedModel {
  readonly artefact: Artefact;
  readonly tokenizer: Tokenizer;
  /** Of every feature, in order; see `predict`. */
  logits(
    features: readonly Feature[],
    onBatch?: (done: number, total: number) => Promise<void>,
  ): Promise<Float32Array[]>;
  dispose(): void;
}

async function openFinishedModel(runId: string, createExecutor: () => Executor): Promise<FinishedModel> {
  const artefact = await loadArtefact(runId);
  const { spec, weights, masks, gates, labels } = artefact;
  const texts = await fetchModelTexts(spec.model);
  const config = keepLayers(parseConfig(texts.config), spec.model.layers);
  const task = taskOfArtefact(artefact);
  const executor = createExecutor();
  for (const [name, { shape, data }] of weights) {
    const mask = masks.get(name);
    executor.setParameter(name, { shape, data: mask ? bake(data, mask, gates?.get(name)) : data });
  }
  const program = createProgram({
    config,
    task,
    labels: labels.length,
    pruning: null,
    samplesGates: false,
    temperature: null,
    pooling: spec.training.pooling,
  });
  return {
    artefact,
    tokenizer: readTokenizer(texts.tokenizer, config),
    logits: (features, onBatch) =>
      predict({
        executor,
        program,
        features,
        batchSize: spec.training.per_device_eval_batch_size,
        maxSeqLength: spec.training.max_seq_length,
        padTokenId: config.padTokenId,
        threshold: 1,
        ...(onBatch ? { onBatch } : {}),
      }),
    dispose: () => executor.dispose(),
  };
}

export type FinishedModels = ReturnType<typeof createFinishedModels>;

/** As many as stand beside each other in a comparison; the one unused for longest gives way. */
const MOST_MODELS = 4;

/** Opens models when they are asked for, and keeps the last few. */
export function createFinishedModels(createExecutor: () => Executor) {
  const models = new Map<string, Promise<FinishedModel>>();
  const drop = (runId: string) => {
    const model = models.get(runId);
    models.delete(runId);
    model?.then((opened) => opened.dispose()).catch(() => undefined); // who asked for it has the error
  };
  return {
    open(runId: string): Promise<FinishedModel> {
      const model = models.get(runId) ?? openFinishedModel(runId, createExecutor);
      models.delete(runId);
      models.set(runId, model);
      model.catch(() => models.delete(runId));
      for (const oldest of [...models.keys()].slice(0, -MOST_MODELS)) drop(oldest);
      return model;
    },
    drop,
    dropAll(): void {
      for (const runId of [...models.keys()]) drop(runId);
    },
  };
}

/** Throws `bad-settings` where a run was trained for another task than the data's, or for other labels. */
export function checkSameTask(what: string, artefact: Artefact, dataset: Dataset, remedy: string): void {
  const labels = dataset.kind === 'text-classification' ? dataset.labels : [];
  if (taskOfArtefact(artefact) === dataset.kind && artefact.labels.join('\n') === labels.join('\n')) return;
  const got = artefact.labels.join(', ') || `a model for ${taskOfArtefact(artefact)}`;
  throw new WinnowError(
    'bad-settings',
    `${what}: expected the labels ${labels.join(', ') || 'of question answering'}, got ${got}. ${remedy}`,
  );
}
