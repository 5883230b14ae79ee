// The training loop as an async generator: one value per optimiser update. To pause is not to pull; to stop is to
// stop pulling, which happens between updates, so the weights are always usable.
import { WinnowError } from '../error.ts';
import type { Executor, FeedData, ParameterGroup, StepReport, Term } from '../gpu/executor.ts';
import {
  type LearningRateSchedule,
  lambdaAt,
  learningRateFactor,
  type PruningSchedule,
  thresholdAt,
} from '../pruning/schedule.ts';
import { deriveSeed } from '../random.ts';
import type { Batch } from '../text/types.ts';
import { type AnnealingSchedule, annealingThreshold } from '../uda/annealing.ts';
import { feedsOf, type TrainingBatch } from './feeds.ts';
import { scaleGroups } from './parameter-groups.ts';
import type { ConsistencyGraph, Program, TrainingShape } from './program.ts';

/** A global cut-off is decided anew after so many updates (SPEC §1). */
export const GLOBAL_CUT_EVERY = 25;

export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly correctsBias?: boolean;
  readonly maxGradNorm: number;
}

export interface TrainingJob {
  readonly executor: Executor;
  readonly program: Program;
  readonly groups: readonly ParameterGroup[];
  readonly rate: LearningRateSchedule;
  readonly adam: AdamSettings;
  readonly pruning: { readonly schedule: PruningSchedule; readonly finalLambda: number } | null;
  readonly distillation: {
    readonly alphaTask: number;
    readonly alphaDistillation: number;
    /** The teacher's logits for a batch, shaped as the student's. */
    readonly teach: (batch: Batch) => Promise<Float32Array>;
  } | null;
  /** For batches with pairs. */
  readonly consistency?: ConsistencySettings | null;
  readonly seed: number;
  /** Updates that were made before, which the executor's parameters and moments come from; 0 unless a run is resumed. */
  readonly updatesMade?: number;
  /** The micro-batches of each further update in turn; the run ends with them. */
  readonly updates: Iterable<readonly TrainingBatch[]>;
  /** Reads losses back after these updates only. */
  readonly reportsAt: (step: number) => boolean;
}

/** UDA beside the supervised loss (SPEC §2). */
export interface ConsistencySettings {
  /** Weight of the consistency loss. */
  readonly coefficient: number;
  readonly annealing: AnnealingSchedule;
  /** K. */
  readonly classes: number;
}

export interface TrainingStep {
  readonly step: number;
  readonly examples: number;
  /** Kept fraction or cut-off in force, 1 for a dense run. */
  readonly threshold: number;
  readonly lambda: number;
  /** η of this update; null without pairs. */
  readonly annealingThreshold: number | null;
  /** Learning rates' factor in this update. */
  readonly rateFactor: number;
  readonly report: (StepReport & { readonly loss: number }) | null;
}

export async function* train(job: TrainingJob): AsyncGenerator<TrainingStep, void, void> {
  const trainable = new Set(job.groups.flatMap((group) => group.names));
  let step = job.updatesMade ?? 0;
  for (const batches of job.updates) {
    step++;
    yield await updateOnce(job, { step, batches, trainable });
  }
}

interface Update {
  readonly step: number;
  readonly batches: readonly TrainingBatch[];
  readonly trainable: ReadonlySet<string>;
}

async function updateOnce(job: TrainingJob, { step, batches, trainable }: Update): Promise<TrainingStep> {
  const threshold = job.pruning ? thresholdAt(job.pruning.schedule, step) : 1;
  const lambda = job.pruning ? lambdaAt(job.pruning.schedule, step, job.pruning.finalLambda) : 0;
  const eta = job.consistency ? etaAt(job.consistency, job.rate.totalSteps, step) : null;
  const rateFactor = learningRateFactor(job.rate, step);
  let weights: readonly Term[] = [];
  for (const [index, batch] of batches.entries()) {
    weights = termsOf(job, batch, lambda);
    await job.executor.accumulate({
      terms: weights,
      inputs: {
        feeds: await feedsFor(job, batch, eta),
        threshold,
        seed: deriveSeed(job.seed, step, index),
        cutVersion: Math.floor((step - 1) / GLOBAL_CUT_EVERY),
      },
      trainable,
      share: 1 / batches.length,
    });
  }
  await job.executor.update({ groups: scaleGroups(job.groups, rateFactor), step, ...job.adam });
  const report = job.reportsAt(step) ? await readLoss(job.executor, weights, step) : null;
  const examples = batches.reduce((sum, batch) => sum + textsIn(batch), 0);
  return { step, examples, threshold, lambda, annealingThreshold: eta, rateFactor, report };
}

function etaAt({ annealing, classes }: ConsistencySettings, totalSteps: number, step: number): number {
  return annealingThreshold({ schedule: annealing, progress: (step - 1) / totalSteps, classes });
}

const textsIn = ({ batchSize, pairs }: TrainingBatch): number => batchSize + 2 * (pairs?.original.batchSize ?? 0);

function termsOf(job: TrainingJob, batch: TrainingBatch, lambda: number): Term[] {
  const graph = job.program.training(shapeOf(batch));
  const { distillation } = job;
  return [
    { name: graph.consistency ? 'supervised' : 'task', value: graph.task, weight: distillation?.alphaTask ?? 1 },
    ...(graph.consistency ? consistencyTerms(graph.consistency, job.consistency?.coefficient ?? 1) : []),
    ...(graph.distillation && distillation
      ? [{ name: 'distillation', value: graph.distillation, weight: distillation.alphaDistillation }]
      : []),
    ...(graph.penalty ? [{ name: 'penalty', value: graph.penalty, weight: lambda }] : []),
  ];
}

const shapeOf = ({ batchSize, tokens, pairs, masked }: TrainingBatch): TrainingShape => ({
  batchSize,
  tokens,
  pairs: pairs?.original.batchSize ?? 0,
  masked: masked?.places.length ?? 0,
});

/** The shares are watched, not trained: they come with the report because they are terms. */
function consistencyTerms({ loss, labelledShare, pairShare }: ConsistencyGraph, coefficient: number): Term[] {
  return [
    { name: 'consistency', value: loss, weight: coefficient },
    { name: 'labelledShare', value: labelledShare, weight: 0 },
    { name: 'pairShare', value: pairShare, weight: 0 },
  ];
}

async function feedsFor(job: TrainingJob, batch: TrainingBatch, eta: number | null): Promise<FeedData> {
  const { pairs: _, ...labelled } = batch;
  return {
    ...feedsOf(batch),
    ...(job.distillation ? { teacherLogits: await job.distillation.teach(labelled) } : {}),
    ...(eta === null ? {} : { annealingThreshold: Float32Array.of(eta) }),
  };
}

async function readLoss(executor: Executor, terms: readonly Term[], step: number) {
  const report = await executor.readReport();
  const loss = terms.reduce((sum, { name, weight }) => sum + weight * (report.terms[name] ?? Number.NaN), 0);
  if (Number.isFinite(loss) && Number.isFinite(report.gradientNorm)) return { ...report, loss };
  throw new WinnowError(
    'nan-loss',
    `step ${step}: expected a finite loss and gradient, got loss ${loss} and gradient norm ${report.gradientNorm}.`,
  );
}
