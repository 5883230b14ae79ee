// Who learns, and how: scores at their own rate and never decayed, weights decayed, biases and LayerNorm not
// (SPEC §1). All rates follow one schedule.
import type { ParameterGroup } from '../gpu/executor.ts';
import { namesOf } from '../model/architecture.ts';
import type { ModelConfig } from '../model/config.ts';
import { isNormOrBias } from '../model/parameters.ts';

export interface LearningOptions {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly freezeEmbeddings: boolean;
  /** SMP (Jiang et al. 2022): the encoder's masked weights stay as pretrained, only their scores train. */
  readonly freezeWeights: boolean;
}

export interface ScoreOptions {
  readonly names: readonly string[];
  readonly learningRate: number;
}

/** Groups at full learning rate; `scaleGroups` applies the schedule. */
export function parameterGroups(o: {
  readonly config: ModelConfig;
  readonly parameters: readonly string[];
  readonly maskedWeights: readonly string[];
  readonly learning: LearningOptions;
  readonly scores: ScoreOptions | null;
}): ParameterGroup[] {
  const { learning } = o;
  // ELECTRA's map of them to the hidden size is no table and trains on: it is what can adapt to embeddings that stay.
  const embeddings = `${namesOf(o.config.architecture).base}.embeddings.`;
  const frozen = new Set(learning.freezeWeights ? o.maskedWeights : []);
  const trained = o.parameters.filter(
    (name) => !frozen.has(name) && !(learning.freezeEmbeddings && name.startsWith(embeddings)),
  );
  const group = (names: readonly string[], learningRate: number, weightDecay: number) => ({
    names,
    learningRate,
    weightDecay,
  });
  return [
    ...(o.scores ? [group(o.scores.names, o.scores.learningRate, 0)] : []),
    group(
      trained.filter((name) => !isNormOrBias(name)),
      learning.learningRate,
      learning.weightDecay,
    ),
    group(trained.filter(isNormOrBias), learning.learningRate, 0),
  ];
}

export function scaleGroups(groups: readonly ParameterGroup[], factor: number): ParameterGroup[] {
  return groups.map((group) => ({ ...group, learningRate: group.learningRate * factor }));
}
