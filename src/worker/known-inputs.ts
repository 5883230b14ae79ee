// What the worker remembers of the models and data it has described, so that a run can be laid out without reading them
// again: a few numbers each.
import { keepLayers } from '../engine/model/checkpoint.ts';
import { type ModelConfig, parseConfig } from '../engine/model/config.ts';
import type { Dataset } from '../engine/text/types.ts';
import { loadData } from '../hub/data-source.ts';
import { fetchModelConfig } from '../hub/model-source.ts';
import type { DataChoice, ModelChoice, RunSpec } from '../runs/spec.ts';
import { type Blueprint, fillMask, taskOf } from './blueprint.ts';
import { checkLength } from './inputs.ts';
import { checkObjective } from './masking.ts';
import { findRunNamed } from './run-store.ts';

export interface KnownInputs {
  noteModel(choice: ModelChoice, config: ModelConfig): void;
  noteData(choice: DataChoice, dataset: Dataset): void;
  /** Reads what was not noted. Throws as the run itself would: `bad-settings` for too many layers or tokens. */
  blueprint(spec: RunSpec): Promise<Blueprint>;
  /** The model of a run's teacher: the student's own while the teacher has not run. Null without a teacher. */
  teacher(spec: RunSpec): Promise<ModelConfig | null>;
}

export function createKnownInputs(): KnownInputs {
  const configs = new Map<string, ModelConfig>();
  const tasks = new Map<string, Pick<Blueprint, 'task' | 'labels'>>();

  async function configOf(choice: ModelChoice): Promise<ModelConfig> {
    const known = configs.get(modelKey(choice)) ?? parseConfig(await fetchModelConfig(choice));
    configs.set(modelKey(choice), known);
    return known;
  }

  async function taskOfData(choice: DataChoice): Promise<Pick<Blueprint, 'task' | 'labels'>> {
    const known = tasks.get(JSON.stringify(choice)) ?? taskOf((await loadData(choice)).dataset);
    tasks.set(JSON.stringify(choice), known);
    return known;
  }

  return {
    noteModel: (choice, config) => void configs.set(modelKey(choice), config),
    noteData: (choice, dataset) => void tasks.set(JSON.stringify(choice), taskOf(dataset)),
    async blueprint(spec) {
      const { model, data, training, mlm } = spec;
      checkObjective(spec);
      const config = keepLayers(await configOf(model), model.layers);
      checkLength(training.max_seq_length, config.maxPositions);
      return { config, ...(mlm ? fillMask : await taskOfData(data)) };
    },
    async teacher({ model, distillation }) {
      if (!distillation) return null;
      const choice = (await findRunNamed(distillation.teacher, null))?.manifest.spec.model ?? model;
      return keepLayers(await configOf(choice), choice.layers);
    },
  };
}

/** Whatever layers are kept, the config is the same. */
const modelKey = (choice: ModelChoice): string => JSON.stringify({ ...choice, layers: null });
