// What decides the graphs of a run beside its settings: neither weights nor texts.
import { parameterShapes } from '../engine/model/architecture.ts';
import type { ModelConfig } from '../engine/model/config.ts';
import type { Dataset, Task } from '../engine/text/types.ts';
import { classesOf, type RunInputs } from './inputs.ts';

export interface Blueprint {
  /** With as many layers as the run keeps. */
  readonly config: ModelConfig;
  readonly task: Task;
  /** Classes of the classifier; 0 for spans. */
  readonly labels: number;
}

export function blueprintOf({ model, data }: RunInputs): Blueprint {
  return { config: model.checkpoint.config, ...taskOf(data.dataset) };
}

export const taskOf = (dataset: Dataset): Pick<Blueprint, 'task' | 'labels'> => ({
  task: dataset.kind,
  labels: classesOf(dataset),
});

/** Every parameter of the model with its shape, in the order of its checkpoint. */
export const shapesOf = ({ config, task, labels }: Blueprint): Map<string, readonly number[]> =>
  parameterShapes(config, task, labels);
