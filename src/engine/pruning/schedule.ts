// Schedules of fine-pruning (Sanh et al. 2020, §4; SPEC §1). Steps are optimiser updates, counted from 1.

export interface PruningSchedule {
  /** Kept fraction (magnitude, topK) or score cut-off (threshold methods) before and after the ramp. */
  readonly initial: number;
  readonly final: number;
  /** Multiples of `warmupSteps` held at `initial` before, and at `final` after the ramp. */
  readonly initialWarmup: number;
  readonly finalWarmup: number;
  readonly warmupSteps: number;
  readonly totalSteps: number;
}

/** First and last step of the ramp; `end` ≤ `start` when warm-up and cool-down leave no room for one. */
export function rampOf(schedule: PruningSchedule): { readonly start: number; readonly end: number } {
  const { initialWarmup, finalWarmup, warmupSteps, totalSteps } = schedule;
  return { start: initialWarmup * warmupSteps, end: totalSteps - finalWarmup * warmupSteps };
}

/** The cubic ramp of Zhu & Gupta 2017: initial, then final + (initial − final)(1 − t)³, then final. */
export function thresholdAt(schedule: PruningSchedule, step: number): number {
  const { initial, final } = schedule;
  const { start, end } = rampOf(schedule);
  if (step <= start) return initial;
  if (step > end) return final;
  const remaining = 1 - (step - start) / (end - start);
  return final + (initial - final) * remaining ** 3;
}

/** Weight of the penalty: λ(step) = final_lambda · value(step)/final. */
export function lambdaAt(schedule: PruningSchedule, step: number, finalLambda: number): number {
  if (finalLambda === 0) return 0;
  return schedule.final === 0 ? finalLambda : (finalLambda * thresholdAt(schedule, step)) / schedule.final;
}

export interface LearningRateSchedule {
  /** `linear_from_start`: as in the BERT authors' code, the decay has begun at step 0, so the rate falls as warm-up ends. */
  readonly type: 'linear' | 'linear_from_start' | 'constant_with_warmup';
  readonly warmupSteps: number;
  readonly totalSteps: number;
}

/** Factor on every group's learning rate at update `step` ≥ 1; the first update of a warm-up has factor 0. */
export function learningRateFactor(schedule: LearningRateSchedule, step: number): number {
  const done = step - 1;
  const { type, warmupSteps, totalSteps } = schedule;
  if (done < warmupSteps) return done / warmupSteps;
  if (type === 'constant_with_warmup') return 1;
  const decaySteps = type === 'linear' ? totalSteps - warmupSteps : totalSteps;
  return Math.max(0, (totalSteps - done) / Math.max(1, decaySteps));
}

export interface StepPlan {
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly warmupSteps: number;
}

/** Updates of a run as Hugging Face's Trainer counts them; `examples` are features (windows, for SQuAD). */
export function planSteps(options: {
  readonly examples: number;
  readonly batchSize: number;
  readonly accumulation: number;
  readonly epochs: number;
  readonly maxSteps: number;
  readonly warmupSteps: number;
  readonly warmupRatio: number;
}): StepPlan {
  const batches = Math.ceil(options.examples / options.batchSize);
  const stepsPerEpoch = Math.max(1, Math.ceil(batches / options.accumulation));
  const totalSteps = options.maxSteps > 0 ? options.maxSteps : Math.ceil(options.epochs * stepsPerEpoch);
  return { stepsPerEpoch, totalSteps, warmupSteps: warmupOf({ ...options, totalSteps }) };
}

/** The share of all steps counts only where no number of warm-up steps is given. */
export const warmupOf = (options: {
  readonly totalSteps: number;
  readonly warmupSteps: number;
  readonly warmupRatio: number;
}): number => (options.warmupSteps > 0 ? options.warmupSteps : Math.ceil(options.totalSteps * options.warmupRatio));
