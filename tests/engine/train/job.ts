// Training jobs on the golden model's encoder, op by op, with random batches of three classes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Executor } from '../../../src/engine/gpu/executor.ts';
import { createReferenceExecutor } from '../../../src/engine/gpu/reference-executor.ts';
import { loadCheckpoint } from '../../../src/engine/model/checkpoint.ts';
import { parseConfig } from '../../../src/engine/model/config.ts';
import type { Pooling } from '../../../src/engine/model/encoder.ts';
import { type PruningMethod, scoresName } from '../../../src/engine/pruning/masked-linear.ts';
import { createRandom } from '../../../src/engine/random.ts';
import type { Batch } from '../../../src/engine/text/types.ts';
import type { TrainingBatch } from '../../../src/engine/train/feeds.ts';
import { parameterGroups } from '../../../src/engine/train/parameter-groups.ts';
import { type ConsistencyOptions, createProgram } from '../../../src/engine/train/program.ts';
import { type ConsistencySettings, type TrainingJob, train } from '../../../src/engine/train/trainer.ts';

const model = join(import.meta.dirname, '../../fixtures/qa-tiny/model');

export const checkpoint = loadCheckpoint({
  config: parseConfig(readFileSync(join(model, 'config.json'), 'utf8')),
  files: [new Uint8Array(readFileSync(join(model, 'model.safetensors')))],
  fileName: 'model.safetensors',
  task: 'text-classification',
  labels: 3,
  layers: 1,
  seed: 5,
});

export function randomBatch(batchSize: number, seed: number): Batch {
  const random = createRandom(seed);
  const tokens = 8;
  const size = batchSize * tokens;
  return {
    batchSize,
    tokens,
    inputIds: Int32Array.from({ length: size }, (_, index) => (index % tokens < 6 ? 1 + random.integer(190) : 0)),
    attentionMask: Int32Array.from({ length: size }, (_, index) => (index % tokens < 6 ? 1 : 0)),
    tokenTypeIds: new Int32Array(size),
    labels: Int32Array.from({ length: batchSize }, () => random.integer(3)),
  };
}

export function slice(batch: Batch, from: number, to: number): Batch {
  const rows = (array: Int32Array) => array.slice(from * batch.tokens, to * batch.tokens);
  return {
    batchSize: to - from,
    tokens: batch.tokens,
    inputIds: rows(batch.inputIds),
    attentionMask: rows(batch.attentionMask),
    tokenTypeIds: rows(batch.tokenTypeIds),
    labels: batch.labels!.slice(from, to),
  };
}

export interface JobOptions {
  readonly updates: readonly (readonly TrainingBatch[])[];
  readonly method?: PruningMethod | null;
  readonly isGlobal?: boolean;
  readonly freezeWeights?: boolean;
  readonly freezeEmbeddings?: boolean;
  readonly dropout?: number;
  readonly learningRate?: number;
  readonly seed?: number;
  readonly pooling?: Pooling;
  /** Of a distillation term in the graphs. */
  readonly temperature?: number;
  readonly recomputesLayers?: boolean;
  readonly consistency?: (ConsistencyOptions & ConsistencySettings) | null;
  readonly regularization?: 'l1' | null;
}

export function jobOf(o: JobOptions): TrainingJob & { executor: Executor } {
  const { method = null, dropout = 0, consistency = null } = o;
  const executor = createReferenceExecutor('wasm');
  const config = {
    ...checkpoint.config,
    hiddenDropout: dropout,
    attentionDropout: dropout,
    classifierDropout: dropout,
  };
  const program = createProgram({
    config,
    task: 'text-classification',
    labels: 3,
    pruning: method && { method, isGlobal: o.isGlobal ?? false, regularization: o.regularization ?? null },
    samplesGates: true,
    temperature: o.temperature ?? null,
    pooling: o.pooling ?? 'cls',
    consistency,
    recomputesLayers: o.recomputesLayers ?? false,
  });
  for (const [name, tensor] of checkpoint.tensors) executor.setParameter(name, tensor);
  const masked = program.matrices.map(({ name }) => name);
  const scores = method && method !== 'magnitude' ? { names: masked.map(scoresName), learningRate: 1e-2 } : null;
  if (scores) {
    for (const { name, rows, columns } of program.matrices) {
      executor.setParameter(scoresName(name), { shape: [rows, columns], data: new Float32Array(rows * columns) });
    }
  }
  const steps = { warmupSteps: 0, totalSteps: o.updates.length };
  return {
    executor,
    program,
    groups: parameterGroups({
      config,
      parameters: [...checkpoint.tensors.keys()],
      maskedWeights: masked,
      learning: {
        learningRate: o.learningRate ?? 1e-3,
        weightDecay: 0.01,
        freezeEmbeddings: o.freezeEmbeddings ?? true,
        freezeWeights: o.freezeWeights ?? false,
      },
      scores,
    }),
    rate: { type: 'constant_with_warmup', ...steps },
    adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, maxGradNorm: 1 },
    pruning: method && {
      schedule: { initial: 0.5, final: 0.5, initialWarmup: 0, finalWarmup: 0, ...steps },
      finalLambda: o.regularization ? 2 : 0,
    },
    distillation: null,
    consistency,
    seed: o.seed ?? 1,
    updates: o.updates,
    reportsAt: () => true,
  };
}

export async function lossesOf(job: TrainingJob): Promise<number[]> {
  const losses: number[] = [];
  for await (const { report } of train(job)) losses.push(report!.loss);
  return losses;
}
