// What a model or data cell shows.
import { maskedMatrices } from '../engine/model/architecture.ts';
import { architectureLabels, parseConfig } from '../engine/model/config.ts';
import type { Dataset } from '../engine/text/types.ts';
import { loadData } from '../hub/data-source.ts';
import type { DataDescription, ModelDescription, ReportBytes } from '../runs/protocol.ts';
import type { DataChoice, ModelChoice } from '../runs/spec.ts';
import { countsOf } from './data-counts.ts';
import { loadModel } from './inputs.ts';
import type { KnownInputs } from './known-inputs.ts';

interface DescribeOptions {
  /** Is told what was read. */
  readonly known: KnownInputs;
  readonly onProgress: ReportBytes;
}

export async function describeModel(
  choice: ModelChoice,
  { known, onProgress }: DescribeOptions,
): Promise<ModelDescription> {
  const { files, checkpoint } = await loadModel({
    choice,
    task: 'text-classification',
    labels: 2,
    seed: 0,
    onProgress,
  });
  const { config, tensors, unusedKeys, newKeys } = checkpoint;
  const whole = parseConfig(files.config);
  known.noteModel(choice, whole);
  let parameters = 0;
  for (const { data } of tensors.values()) parameters += data.length;
  return {
    name: files.name,
    architecture: architectureLabels[config.architecture],
    layers: config.layers,
    availableLayers: whole.layers,
    hiddenSize: config.hiddenSize,
    heads: config.heads,
    vocabularySize: config.vocabularySize,
    parameters,
    matrices: maskedMatrices(config),
    unusedKeys,
    newKeys,
  };
}

export async function describeData(
  choice: DataChoice,
  { known, ...options }: DescribeOptions & { readonly previewRows: number },
): Promise<DataDescription> {
  const { dataset, unfiltered, name, note, columns, preview } = await loadData(choice, options);
  known.noteData(choice, dataset);
  return {
    name,
    task: dataset.kind,
    ...sizesOf(dataset),
    unfiltered: unfiltered && sizesOf(unfiltered),
    note,
    columns,
    preview,
    ...countsOf(dataset),
  };
}

function sizesOf(dataset: Dataset): Pick<DataDescription, 'labels' | 'counts'> {
  const { train, dev, test } = dataset.splits;
  return {
    labels: dataset.kind === 'text-classification' ? dataset.labels : [],
    counts: { train: train.length, dev: dev.length, test: test.length },
  };
}
