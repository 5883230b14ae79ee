// The curves of a schedule preview, each scaled to its own largest value.
import { lambdaAt, learningRateFactor, thresholdAt } from '../../engine/pruning/schedule.ts';
import { type RunFacts, rampWithin, scheduleOf } from '../../runs/guard-rails.ts';
import { type PruningSettings, rateTypeOf, type TrainingArguments } from '../../runs/spec.ts';

export interface ScheduleCurve {
  readonly kind: 'threshold' | 'rate' | 'lambda';
  /** [step, share of the curve's largest value, 0 to 1]. */
  readonly points: readonly (readonly [number, number])[];
}

export interface SchedulePicture {
  readonly curves: readonly ScheduleCurve[];
  readonly warmupEnd: number;
  /** Null where nothing ramps. */
  readonly ramp: { readonly start: number; readonly end: number } | null;
}

const samples = 240;

export function pictureSchedule(
  training: TrainingArguments,
  pruning: PruningSettings,
  { totalSteps, warmupSteps }: RunFacts,
): SchedulePicture {
  const schedule = scheduleOf({ pruning }, { totalSteps, warmupSteps });
  const rates = { type: rateTypeOf(training), warmupSteps, totalSteps };
  const steps = sampledSteps(totalSteps);
  const curves = [curve('rate', steps, (step) => learningRateFactor(rates, step))];
  const ramp = rampWithin({ pruning }, { totalSteps, warmupSteps });
  if (ramp) curves.push(curve('threshold', steps, (step) => thresholdAt(schedule, step)));
  if (pruning.pruning_method !== 'none' && pruning.final_lambda > 0) {
    curves.push(curve('lambda', steps, (step) => lambdaAt(schedule, step, pruning.final_lambda)));
  }
  return {
    curves,
    warmupEnd: Math.min(warmupSteps, totalSteps),
    ramp,
  };
}

function sampledSteps(totalSteps: number): readonly number[] {
  const count = Math.min(samples, totalSteps);
  return Array.from({ length: count }, (_, index) =>
    count === 1 ? 1 : Math.round(1 + (index * (totalSteps - 1)) / (count - 1)),
  );
}

function curve(
  kind: ScheduleCurve['kind'],
  steps: readonly number[],
  valueAt: (step: number) => number,
): ScheduleCurve {
  const values = steps.map(valueAt);
  const largest = Math.max(...values.map(Math.abs)) || 1;
  return { kind, points: steps.map((step, index) => [step, values[index]! / largest]) };
}
