// What decides the graphs of a run beside its settings: neither weights nor texts.
import { type ModelTask, parameterShapes } from '../engine/model/architecture.ts';
import type { ModelConfig } from '../engine/model/config.ts';
import type { Dataset } from '../engine/text/types.ts';
import type { RunInputs } from './inputs.ts';

export interface Blueprint {
  /** With as many layers as the run keeps. */
  readonly config: ModelConfig;
  readonly task: ModelTask;
  /** Classes of the classifier; 0 for other tasks. */
  readonly labels: number;
}

export function blueprintOf({ model, data, masking }: RunInputs): Blueprint {
  return { config: model.checkpoint.config, ...(masking ? fillMask : taskOf(data.dataset)) };
}

type BlueprintTask = Pick<Blueprint, 'task' | 'labels'>;

export const fillMask: BlueprintTask = { task: 'fill-mask', labels: 0 };

export const classesOf = (dataset: Dataset): number =>
  dataset.kind === 'text-classification' ? dataset.labels.length : 0;

export const taskOf = (dataset: Dataset): BlueprintTask => ({ task: dataset.kind, labels: classesOf(dataset) });

/** Every parameter of the model with its shape, in the order of its checkpoint. */
export const shapesOf = ({ config, task, labels }: Blueprint): Map<string, readonly number[]> =>
  parameterShapes(config, task, labels);
