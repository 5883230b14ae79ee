// What a run logs, under the field's tags.
import { keptOf } from '../engine/pruning/masks.ts';
import type { Metrics } from '../engine/train/evaluate.ts';
import type { TrainingStep } from '../engine/train/trainer.ts';
import type { MetricRow, RunSummary } from '../runs/events.ts';
import { type FinalMasks, readMasks } from './masks.ts';
import { type RunSetup, usesScores } from './training-job.ts';

/** One update's row; null where the step read nothing back. */
export async function trainingRow(setup: RunSetup, trained: TrainingStep): Promise<MetricRow | null> {
  const { step, threshold, lambda, rateFactor, report } = trained;
  if (!report) return null;
  const { training, pruning } = setup.spec;
  const values: Record<string, number> = {
    'train/loss': report.loss,
    'train/grad_norm': report.gradientNorm,
    'train/learning_rate': training.learning_rate * rateFactor,
    'train/epoch': step / setup.plan.stepsPerEpoch,
  };
  Object.assign(values, lossesOf(report.terms));
  if (trained.annealingThreshold !== null) values['train/tsa_threshold'] = trained.annealingThreshold;
  if (report.terms.distillation !== undefined) values['train/distillation_loss'] = report.terms.distillation;
  if (setup.schedule) {
    values['train/threshold'] = threshold;
    values['train/remaining'] = await remainingAt(setup, threshold);
  }
  if (usesScores(pruning)) values['train/mask_scores_learning_rate'] = pruning.mask_scores_learning_rate * rateFactor;
  if (report.terms.penalty !== undefined) {
    values['train/penalty'] = report.terms.penalty;
    values['train/lambda'] = lambda;
  }
  return { step, values };
}

/** The supervised loss has the task's name where it is alone; the shares have the authors' names. */
function lossesOf(terms: Readonly<Record<string, number>>): Record<string, number> {
  const { task, supervised, consistency, labelledShare, pairShare } = terms;
  if (supervised === undefined) return { 'train/task_loss': task ?? Number.NaN };
  return {
    'train/supervised_loss': supervised,
    'train/consistency_loss': consistency ?? Number.NaN,
    'train/sup_trained_ratio': labelledShare ?? Number.NaN,
    'train/high_prob_ratio': pairShare ?? Number.NaN,
  };
}

/** Share of the masked weights that stay: what the ranking methods are told, what the others are seen to do. */
async function remainingAt({ spec, program, executor }: RunSetup, threshold: number): Promise<number> {
  const { pruning_method: method, global_topk: isGlobal } = spec.pruning;
  const sizes = program.matrices.map(({ rows, columns }) => rows * columns);
  const total = sum(sizes);
  if (method === 'magnitude' || method === 'topK') {
    return (isGlobal ? keptOf(threshold, total) : sum(sizes.map((size) => keptOf(threshold, size)))) / total;
  }
  return sum((await readMasks(executor, program, threshold, false)).kept) / total;
}

/** Per cent kept of every masked matrix. */
export function retainedWeights({ program, schedule }: RunSetup, { kept }: FinalMasks): Record<string, number> {
  if (!schedule) return {};
  return Object.fromEntries(
    program.matrices.map(({ name, rows, columns }, index) => [
      `retained_weights_perc/${name}`,
      (100 * (kept[index] ?? 0)) / (rows * columns),
    ]),
  );
}

export function withPrefix(prefix: string, metrics: Metrics): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`${prefix}/${name}`, value]));
}

/** The latest value of every tag that starts so. */
export function lastOf(history: readonly MetricRow[], prefix: string): Record<string, number> {
  const last: Record<string, number> = {};
  for (const { values } of history) {
    for (const [tag, value] of Object.entries(values)) if (tag.startsWith(prefix)) last[tag] = value;
  }
  return last;
}

export function summaryOf(
  { program, inputs }: RunSetup,
  kept: readonly number[],
  rest: Pick<RunSummary, 'metrics' | 'classes' | 'elapsedMs'>,
): RunSummary {
  const encoderTotal = sum(program.matrices.map(({ rows, columns }) => rows * columns));
  const encoderKept = sum(kept);
  const modelTotal = sum([...inputs.model.checkpoint.tensors.values()].map(({ data }) => data.length));
  const modelNonZero = modelTotal - (encoderTotal - encoderKept);
  return { ...rest, encoderKept, encoderTotal, keptByMatrix: kept, modelNonZero, modelTotal };
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
