// A finished run on a tiny model, as the worker hands it to the export: every third weight of a masked matrix kept.
import { type ModelTask, maskedMatrices } from '../../../../src/engine/model/architecture.ts';
import type { Architecture, ModelConfig } from '../../../../src/engine/model/config.ts';
import type { FolderSource, PackedMask } from '../../../../src/engine/model/export/source.ts';
import { createTokenizer } from '../../../../src/engine/text/wordpiece.ts';
import type { MetricRow, RunSummary } from '../../../../src/runs/events.ts';
import { type RunSpec, runSpecSchema } from '../../../../src/runs/spec.ts';
import { tinyConfig, tinyTensors } from '../tiny.ts';

export const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'keep', 'what', 'moves', '##s', 'é'];

export function packBits(length: number, isKept: (index: number) => boolean): PackedMask {
  const packed = new Uint8Array(Math.ceil(length / 8));
  for (let i = 0; i < length; i++) if (isKept(i)) packed[i >> 3]! |= 1 << (i & 7);
  return packed;
}

export function sampleMasks(config: ModelConfig): Map<string, PackedMask> {
  return new Map(
    maskedMatrices(config).map(({ name, rows, columns }) => [name, packBits(rows * columns, (i) => i % 3 === 0)]),
  );
}

/** What a run that kept every third weight of each matrix reports. */
export function summaryOf(config: ModelConfig, modelTotal: number): RunSummary {
  const matrices = maskedMatrices(config);
  const keptByMatrix = matrices.map(({ rows, columns }) => Math.ceil((rows * columns) / 3));
  const encoderKept = keptByMatrix.reduce((sum, n) => sum + n, 0);
  const encoderTotal = matrices.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  return {
    metrics: { 'eval/f1': 0.875, 'eval/loss': 0.5 },
    encoderKept,
    encoderTotal,
    keptByMatrix,
    modelNonZero: modelTotal - (encoderTotal - encoderKept),
    modelTotal,
    classes: null,
    elapsedMs: 1000,
  };
}

const history: readonly MetricRow[] = [
  { step: 1, values: { 'train/loss': 0.75, 'train/learning_rate': 1e-4 } },
  { step: 4, values: { 'train/loss': 0.5, 'eval/f1': 0.875 } },
];

const spec: RunSpec = runSpecSchema.parse({
  name: 'Tiny "topK"',
  model: { kind: 'files', key: 'tiny' },
  data: { kind: 'embedded', id: 'spam-assassin' },
  pruning: { pruning_method: 'topK', final_threshold: 1 / 3 },
});

export function sampleSource(
  architecture: Architecture,
  task: ModelTask,
  config = tinyConfig(architecture),
): FolderSource {
  const tensors = tinyTensors(config, task);
  const modelTotal = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
  return {
    spec,
    summary: summaryOf(config, modelTotal),
    history,
    stepsPerEpoch: 2,
    task,
    config,
    tensors,
    masks: sampleMasks(config),
    gates: null,
    tokenizer: createTokenizer({ vocabulary }),
    tokenizerJson: null,
    labels: task === 'text-classification' ? ['ham', 'spam'] : [],
    dtype: 'F32',
    origin: { model: 'tiny/model', license: 'apache-2.0', dataset: 'SpamAssassin mail' },
  };
}
