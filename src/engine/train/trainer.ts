// The training loop as an async generator: one value per optimiser update. To pause is not to pull; to stop is to
// stop pulling, which happens between updates, so the weights are always usable.
import { WinnowError } from '../error.ts';
import type { Executor, ParameterGroup, StepReport, Term } from '../gpu/executor.ts';
import {
  type LearningRateSchedule,
  lambdaAt,
  learningRateFactor,
  type PruningSchedule,
  thresholdAt,
} from '../pruning/schedule.ts';
import { deriveSeed } from '../random.ts';
import type { Batch } from '../text/types.ts';
import { feedsOf } from './feeds.ts';
import { scaleGroups } from './parameter-groups.ts';
import type { Program } from './program.ts';

/** A global cut-off is decided anew after so many updates (SPEC §1). */
const GLOBAL_CUT_EVERY = 25;

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
  readonly seed: number;
  /** The micro-batches of each update in turn; the run ends with them. */
  readonly updates: Iterable<readonly Batch[]>;
  /** Reads losses back after these updates only. */
  readonly reportsAt: (step: number) => boolean;
}

export interface TrainingStep {
  readonly step: number;
  readonly examples: number;
  /** Kept fraction or cut-off in force, 1 for a dense run. */
  readonly threshold: number;
  readonly lambda: number;
  /** Learning rates' factor in this update. */
  readonly rateFactor: number;
  readonly report: (StepReport & { readonly loss: number }) | null;
}

export async function* train(job: TrainingJob): AsyncGenerator<TrainingStep, void, void> {
  const trainable = new Set(job.groups.flatMap((group) => group.names));
  let step = 0;
  for (const batches of job.updates) {
    step++;
    yield await updateOnce(job, { step, batches, trainable });
  }
}

interface Update {
  readonly step: number;
  readonly batches: readonly Batch[];
  readonly trainable: ReadonlySet<string>;
}

async function updateOnce(job: TrainingJob, { step, batches, trainable }: Update): Promise<TrainingStep> {
  const threshold = job.pruning ? thresholdAt(job.pruning.schedule, step) : 1;
  const lambda = job.pruning ? lambdaAt(job.pruning.schedule, step, job.pruning.finalLambda) : 0;
  const rateFactor = learningRateFactor(job.rate, step);
  let weights: readonly Term[] = [];
  for (const [index, batch] of batches.entries()) {
    weights = termsOf(job, batch, lambda);
    await job.executor.accumulate({
      terms: weights,
      inputs: {
        feeds: await withTeacher(job, batch),
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
  const examples = batches.reduce((sum, batch) => sum + batch.batchSize, 0);
  return { step, examples, threshold, lambda, rateFactor, report };
}

function termsOf(job: TrainingJob, batch: Batch, lambda: number): Term[] {
  const graph = job.program.training(batch);
  const { distillation } = job;
  return [
    { name: 'task', value: graph.task, weight: distillation?.alphaTask ?? 1 },
    ...(graph.distillation && distillation
      ? [{ name: 'distillation', value: graph.distillation, weight: distillation.alphaDistillation }]
      : []),
    ...(graph.penalty ? [{ name: 'penalty', value: graph.penalty, weight: lambda }] : []),
  ];
}

async function withTeacher(job: TrainingJob, batch: Batch) {
  const feeds = feedsOf(batch);
  return job.distillation ? { ...feeds, teacherLogits: await job.distillation.teach(batch) } : feeds;
}

async function readLoss(executor: Executor, terms: readonly Term[], step: number) {
  const report = await executor.readReport();
  const loss = terms.reduce((sum, { name, weight }) => sum + weight * (report.terms[name] ?? Number.NaN), 0);
  if (Number.isFinite(loss) && Number.isFinite(report.gradientNorm)) return { ...report, loss };
  throw new WinnowError(
    'nan-loss',
    `step ${step}: expected a finite loss and gradient, got loss ${loss} and gradient norm ${report.gradientNorm}. ` +
      'Lower the learning rate or lengthen the warm-up.',
  );
}
