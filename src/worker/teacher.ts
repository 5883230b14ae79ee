// A finished dense run as teacher: its logits for every batch of the student.
import type { Executor, MemoryUse } from '../engine/gpu/executor.ts';
import { keepLayers } from '../engine/model/checkpoint.ts';
import { type ModelConfig, parseConfig } from '../engine/model/config.ts';
import type { Batch } from '../engine/text/types.ts';
import { feedsOf } from '../engine/train/feeds.ts';
import { createProgram } from '../engine/train/program.ts';
import { fetchModelConfig } from '../hub/model-source.ts';
import type { DistillationSettings } from '../runs/spec.ts';
import type { Artefact } from './artefact.ts';
import { taskOf } from './blueprint.ts';
import { loadEarlierRun, type RunSources } from './earlier-run.ts';
import { checkSameTask } from './finished-model.ts';
import type { RunInputs } from './inputs.ts';

export interface Teacher {
  readonly config: ModelConfig;
  readonly teach: (batch: Batch) => Promise<Float32Array>;
  memory(): MemoryUse;
  dispose(): void;
}

export async function openTeacher(
  { teacher: name }: DistillationSettings,
  inputs: RunInputs,
  environment: { readonly sources: RunSources; createExecutor(): Executor },
): Promise<Teacher> {
  const artefact = await loadEarlierRun('Teacher', name, environment.sources);
  const config = await configOf(artefact);
  checkSameTask(`Teacher "${name}"`, artefact, inputs.data.dataset, 'Teach with a run on the same data.');
  const executor = environment.createExecutor();
  for (const [key, tensor] of artefact.weights) executor.setParameter(key, tensor);
  const program = createProgram({
    config,
    ...taskOf(inputs.data.dataset),
    pruning: null,
    samplesGates: false,
    temperature: null,
    pooling: artefact.spec.training.pooling,
  });
  return {
    config,
    async teach(batch) {
      const inputs = { feeds: feedsOf(batch), threshold: 1, seed: 0 };
      const [logits] = await executor.evaluate([program.logits(batch)], inputs);
      if (!logits) throw new Error('teacher: expected logits, got none');
      return logits;
    },
    memory: () => executor.memory(),
    dispose: () => executor.dispose(),
  };
}

const configOf = async ({ spec }: Artefact): Promise<ModelConfig> =>
  keepLayers(parseConfig(await fetchModelConfig(spec.model)), spec.model.layers);
