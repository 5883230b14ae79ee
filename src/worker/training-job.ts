// From a run's settings (Hugging Face's and Sanh's names) to the engine's terms.
import type { Executor, ParameterGroup } from '../engine/gpu/executor.ts';
import { maskedMatrices } from '../engine/model/architecture.ts';
import type { ModelConfig } from '../engine/model/config.ts';
import { hasScores, scoresName } from '../engine/pruning/masked-linear.ts';
import { type PruningSchedule, planSteps, type StepPlan } from '../engine/pruning/schedule.ts';
import { initialScores } from '../engine/pruning/scores.ts';
import { deriveSeed } from '../engine/random.ts';
import { parameterGroups } from '../engine/train/parameter-groups.ts';
import type { ConsistencyOptions, Program, ProgramOptions } from '../engine/train/program.ts';
import type { ConsistencySettings, TrainingJob } from '../engine/train/trainer.ts';
import { type PruningSettings, type RunSpec, rateTypeOf, type UdaSettings } from '../runs/spec.ts';
import { type Blueprint, blueprintOf, classesOf, shapesOf } from './blueprint.ts';
import type { RunInputs } from './inputs.ts';
import type { Teacher } from './teacher.ts';
import { updatesOf } from './updates.ts';

/** Everything that a run computes with, made once before its first update. */
export interface RunSetup {
  readonly spec: RunSpec;
  readonly inputs: RunInputs;
  readonly executor: Executor;
  readonly program: Program;
  readonly plan: StepPlan;
  /** Null for a dense run. */
  readonly schedule: PruningSchedule | null;
  readonly teacher: Teacher | null;
}

export function programOptions(spec: RunSpec, { config, task, labels }: Blueprint): ProgramOptions {
  return {
    config: withDropout(spec, config),
    task,
    labels,
    pruning: programPruning(spec.pruning),
    samplesGates: true,
    temperature: spec.distillation?.temperature ?? null,
    pooling: spec.training.pooling,
    consistency: spec.uda && consistencyOptions(spec.uda),
    recomputesLayers: spec.training.gradient_checkpointing,
  };
}

function programPruning({ pruning_method: method, global_topk, regularization }: PruningSettings) {
  if (method === 'none') return null;
  return { method, isGlobal: global_topk, regularization: hasScores(method) ? regularization : null };
}

/** The authors' −1 leaves the target untempered; as a threshold it keeps every pair by itself. */
function consistencyOptions({ uda_softmax_temp, uda_confidence_thresh }: UdaSettings): ConsistencyOptions {
  return {
    temperature: uda_softmax_temp === -1 ? 1 : uda_softmax_temp,
    confidenceThreshold: uda_confidence_thresh,
  };
}

function consistencySettings({ uda }: RunSpec, inputs: RunInputs): ConsistencySettings | null {
  if (!uda) return null;
  return { coefficient: uda.uda_coeff, annealing: uda.tsa, classes: classesOf(inputs.data.dataset) };
}

function withDropout({ training }: RunSpec, config: ModelConfig): ModelConfig {
  const rate = training.hidden_dropout_prob;
  return rate === null ? config : { ...config, hiddenDropout: rate, attentionDropout: rate, classifierDropout: rate };
}

/** Puts the checkpoint, and fresh scores where the method has them, into the executor. */
export function setParameters(executor: Executor, program: Program, spec: RunSpec, inputs: RunInputs): void {
  for (const [name, tensor] of inputs.model.checkpoint.tensors) executor.setParameter(name, tensor);
  if (!usesScores(spec.pruning)) return;
  for (const [index, matrix] of program.matrices.entries()) {
    const seed = deriveSeed(spec.training.seed, index);
    const scores = initialScores({ matrix, init: spec.pruning.mask_init, scale: spec.pruning.mask_scale, seed });
    executor.setParameter(scoresName(matrix.name), scores);
  }
}

export function planOf({ training }: RunSpec, examples: number): StepPlan {
  return planSteps({
    examples,
    batchSize: training.per_device_train_batch_size,
    accumulation: training.gradient_accumulation_steps,
    epochs: training.num_train_epochs,
    maxSteps: training.max_steps,
    warmupSteps: training.warmup_steps,
    warmupRatio: training.warmup_ratio,
  });
}

export function scheduleOf(pruning: PruningSettings, plan: StepPlan): PruningSchedule | null {
  if (pruning.pruning_method === 'none') return null;
  return {
    initial: pruning.initial_threshold,
    final: pruning.final_threshold,
    initialWarmup: pruning.initial_warmup,
    finalWarmup: pruning.final_warmup,
    ...plan,
  };
}

export const usesScores = ({ pruning_method: method }: PruningSettings): boolean =>
  method !== 'none' && hasScores(method);

/** Of the updates after the first `made`. */
export function trainingJob(
  { spec, inputs, executor, program, plan, schedule, teacher }: RunSetup,
  made: number,
): TrainingJob {
  const { training, pruning, distillation } = spec;
  return {
    executor,
    program,
    groups: groupsOf(spec, blueprintOf(inputs)),
    rate: { type: rateTypeOf(training), ...plan },
    adam: {
      beta1: training.adam_beta1,
      beta2: training.adam_beta2,
      epsilon: training.adam_epsilon,
      correctsBias: training.optim === 'adamw_torch',
      maxGradNorm: training.max_grad_norm,
    },
    pruning: schedule && { schedule, finalLambda: pruning.regularization ? pruning.final_lambda : 0 },
    distillation: teacher &&
      distillation && {
        alphaTask: distillation.alpha_ce,
        alphaDistillation: distillation.alpha_distil,
        teach: teacher.teach,
      },
    consistency: consistencySettings(spec, inputs),
    seed: training.seed,
    updatesMade: made,
    updates: updatesOf(spec, inputs, plan, made),
    reportsAt: (step) => step % training.logging_steps === 0 || step === plan.totalSteps,
  };
}

/** At full learning rate. */
export function groupsOf({ training, pruning }: RunSpec, blueprint: Blueprint): ParameterGroup[] {
  const maskedWeights = maskedMatrices(blueprint.config).map(({ name }) => name);
  return parameterGroups({
    config: blueprint.config,
    parameters: [...shapesOf(blueprint).keys()],
    maskedWeights,
    learning: {
      learningRate: training.learning_rate,
      weightDecay: training.weight_decay,
      freezeEmbeddings: training.freeze_embeddings,
      freezeWeights: usesScores(pruning) && pruning.freeze_weights,
    },
    scores: usesScores(pruning)
      ? { names: maskedWeights.map(scoresName), learningRate: pruning.mask_scores_learning_rate }
      : null,
  });
}

/** Parameters that the run changes, with their shapes. */
export function trainedShapes({ spec, inputs, program }: RunSetup): ReadonlyMap<string, readonly number[]> {
  const scores = new Map(program.matrices.map(({ name, rows, columns }) => [scoresName(name), [rows, columns]]));
  const names = groupsOf(spec, blueprintOf(inputs)).flatMap((group) => group.names);
  return new Map(
    names.map((name) => [name, scores.get(name) ?? inputs.model.checkpoint.tensors.get(name)?.shape ?? []]),
  );
}
