// One run from its settings to its artefact, as an async generator of events. A `'step'` marks the end of an
// update: there, and only there, the session may pause (by not pulling) or stop it.
import { WinnowError } from '../engine/error.ts';
import type { BackendName } from '../engine/gpu/backend.ts';
import type { Executor } from '../engine/gpu/executor.ts';
import { hasScores, type PruningMethod, scoresName } from '../engine/pruning/masked-linear.ts';
import { type PruningSchedule, planSteps, type StepPlan, thresholdAt } from '../engine/pruning/schedule.ts';
import { initialScores } from '../engine/pruning/scores.ts';
import { deriveSeed } from '../engine/random.ts';
import { batchAt, epochOrder } from '../engine/text/batches.ts';
import type { Batch, Feature, SplitName } from '../engine/text/types.ts';
import { type Metrics, predict } from '../engine/train/evaluate.ts';
import { parameterGroups } from '../engine/train/parameter-groups.ts';
import { createProgram, type Program } from '../engine/train/program.ts';
import { type TrainingJob, type TrainingStep, train } from '../engine/train/trainer.ts';
import type { MetricRow, RunError, RunEvent, RunSummary } from '../runs/events.ts';
import type { PruningSettings, RunSpec } from '../runs/spec.ts';
import type { Artefact } from './artefact.ts';
import { classesOf, loadRunInputs, type RunInputs } from './inputs.ts';
import { type FinalMasks, readMasks } from './masks.ts';
import { scoreFeatures } from './score.ts';
import { openTeacher, type Teacher } from './teacher.ts';

export interface RunEnvironment {
  readonly backend: BackendName;
  readonly adapter: string;
  createExecutor(): Executor;
  /** Whether to end after this update, keeping the weights. */
  isStopped(): boolean;
  /** Lets messages in; called where the run would otherwise hold the thread. */
  breathe(): Promise<void>;
}

export type RunYield = RunEvent | 'step';

/** Metric rows and progress leave the worker at most this often. */
const REPORT_EVERY_MS = 200;

export async function* executeRun(spec: RunSpec, environment: RunEnvironment): AsyncGenerator<RunYield, Artefact> {
  const startedAt = performance.now();
  const phases = createPhases(environment);
  const inputs = yield* phases.during((watch) => loadRunInputs(spec, watch));
  const run = await Run.create(spec, inputs, environment);
  try {
    yield run.startedEvent();
    yield* run.steps();
    const summary = yield* run.finish(startedAt);
    return await run.artefact(summary);
  } finally {
    run.dispose();
  }
}

class Run {
  private readonly history: MetricRow[] = [];
  private unsent: MetricRow[] = [];
  private sentAt = Number.NEGATIVE_INFINITY;
  private lastStep = 0;
  private masks: FinalMasks | null = null;
  private problem: RunError | null = null;

  private constructor(
    private readonly spec: RunSpec,
    private readonly inputs: RunInputs,
    private readonly environment: RunEnvironment,
    private readonly executor: Executor,
    private readonly program: Program,
    private readonly plan: StepPlan,
    private readonly schedule: PruningSchedule | null,
    private readonly teacher: Teacher | null,
  ) {}

  static async create(spec: RunSpec, inputs: RunInputs, environment: RunEnvironment): Promise<Run> {
    const executor = environment.createExecutor();
    const { checkpoint } = inputs.model;
    for (const [name, tensor] of checkpoint.tensors) executor.setParameter(name, tensor);
    const program = createProgram({
      config: configOf(spec, inputs),
      task: inputs.data.dataset.kind,
      labels: classesOf(inputs.data.dataset),
      pruning: programPruning(spec.pruning),
      samplesGates: true,
      temperature: spec.distillation?.temperature ?? null,
    });
    setScores(executor, program, spec);
    const plan = planOf(spec, inputs.features.train.length);
    const schedule = scheduleOf(spec.pruning, plan);
    const teacher = spec.distillation ? await openTeacher(spec.distillation, inputs, environment) : null;
    return new Run(spec, inputs, environment, executor, program, plan, schedule, teacher);
  }

  startedEvent(): RunEvent {
    const { tensors } = this.inputs.model.checkpoint;
    let parameters = 0;
    for (const { data } of tensors.values()) parameters += data.length;
    return {
      type: 'started',
      totalSteps: this.plan.totalSteps,
      backend: this.environment.backend,
      adapter: this.environment.adapter,
      matrices: this.program.matrices,
      parameters,
    };
  }

  /** All updates. A loss that is no number ends them early, with the weights of the update before. */
  async *steps(): AsyncGenerator<RunYield> {
    try {
      yield* this.updates();
    } catch (error) {
      if (!(error instanceof WinnowError) || error.code !== 'nan-loss') throw error;
      this.problem = { code: error.code, message: error.message };
    }
    yield* this.flush();
  }

  private async *updates(): AsyncGenerator<RunYield> {
    const clock = createClock();
    for await (const step of train(this.job())) {
      this.lastStep = step.step;
      clock.add(step.examples);
      if (step.report) await this.log(step);
      if (this.isReportDue() || step.step === this.plan.totalSteps)
        yield* this.report(clock.progress(step.step, this.plan));
      if (this.isEvaluationDue(step.step)) {
        yield* clock.paused(this.evaluateMidway(step.step));
      }
      yield 'step';
      await this.environment.breathe();
      if (this.environment.isStopped()) break;
    }
  }

  async *finish(startedAt: number): AsyncGenerator<RunEvent, RunSummary> {
    const isDone = this.lastStep === this.plan.totalSteps && !this.problem;
    const threshold = this.thresholdNow();
    this.masks = await readMasks(this.executor, this.program, threshold, this.spec.pruning.pruning_method === 'l0');
    const metrics: Record<string, number> = {};
    if (isDone) {
      for (const split of ['dev', 'test'] as const) {
        const prefix = split === 'dev' ? 'eval' : 'test';
        Object.assign(metrics, withPrefix(prefix, yield* this.evaluate(split, threshold)));
      }
    } else {
      Object.assign(metrics, lastOf(this.history, 'eval/'));
    }
    Object.assign(metrics, lastOf(this.history, 'train/loss'));
    if (isDone) this.record({ step: this.lastStep, values: { ...metrics, ...this.retained(this.masks) } });
    yield* this.flush();
    const summary = this.summary(metrics, performance.now() - startedAt);
    yield { type: 'finished', outcome: isDone ? 'done' : 'stopped', summary, problem: this.problem };
    return summary;
  }

  async artefact(summary: RunSummary): Promise<Artefact> {
    const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
    for (const [name, { shape }] of this.inputs.model.checkpoint.tensors) {
      weights.set(name, { shape, data: await this.executor.readParameter(name) });
    }
    const { dataset } = this.inputs.data;
    return {
      spec: this.spec,
      finishedAt: Date.now(),
      labels: dataset.kind === 'text-classification' ? dataset.labels : [],
      stepsPerEpoch: this.plan.stepsPerEpoch,
      summary,
      history: this.history,
      weights,
      masks: this.masks?.bits ?? new Map(),
      gates: this.masks?.gates ?? null,
    };
  }

  dispose(): void {
    this.executor.dispose();
    this.teacher?.dispose();
  }

  private job(): TrainingJob {
    const { training, pruning, distillation } = this.spec;
    const masked = this.program.matrices.map(({ name }) => name);
    const isPruning = pruning.pruning_method !== 'none';
    return {
      executor: this.executor,
      program: this.program,
      groups: parameterGroups({
        config: this.inputs.model.checkpoint.config,
        parameters: [...this.inputs.model.checkpoint.tensors.keys()],
        maskedWeights: masked,
        learning: {
          learningRate: training.learning_rate,
          weightDecay: training.weight_decay,
          freezeEmbeddings: training.freeze_embeddings,
          freezeWeights: isPruning && pruning.freeze_weights,
        },
        scores: usesScores(pruning)
          ? { names: masked.map(scoresName), learningRate: pruning.mask_scores_learning_rate }
          : null,
      }),
      rate: { type: training.lr_scheduler_type, ...this.plan },
      adam: {
        beta1: training.adam_beta1,
        beta2: training.adam_beta2,
        epsilon: training.adam_epsilon,
        maxGradNorm: training.max_grad_norm,
      },
      pruning: this.schedule && { schedule: this.schedule, finalLambda: lambdaOf(pruning) },
      distillation: this.teacher &&
        distillation && {
          alphaTask: distillation.alpha_ce,
          alphaDistillation: distillation.alpha_distil,
          teach: this.teacher.teach,
        },
      seed: training.seed,
      updates: updatesOf(this.spec, this.inputs, this.plan),
      reportsAt: (step) => step % training.logging_steps === 0 || step === this.plan.totalSteps,
    };
  }

  private async log({ step, threshold, lambda, rateFactor, report }: TrainingStep): Promise<void> {
    if (!report) return;
    const { training, pruning } = this.spec;
    const values: Record<string, number> = {
      'train/loss': report.loss,
      'train/task_loss': report.terms.task ?? Number.NaN,
      'train/grad_norm': report.gradientNorm,
      'train/learning_rate': training.learning_rate * rateFactor,
      'train/epoch': step / this.plan.stepsPerEpoch,
    };
    if (report.terms.distillation !== undefined) values['train/distillation_loss'] = report.terms.distillation;
    if (this.schedule) {
      values['train/threshold'] = threshold;
      values['train/remaining'] = await this.remainingAt(threshold);
    }
    if (usesScores(pruning)) values['train/mask_scores_learning_rate'] = pruning.mask_scores_learning_rate * rateFactor;
    if (report.terms.penalty !== undefined) {
      values['train/penalty'] = report.terms.penalty;
      values['train/lambda'] = lambda;
    }
    this.record({ step, values });
  }

  /** Share of the masked weights that stay: what the ranking methods are told, what the others are seen to do. */
  private async remainingAt(threshold: number): Promise<number> {
    const { pruning_method: method } = this.spec.pruning;
    const sizes = this.program.matrices.map(({ rows, columns }) => rows * columns);
    const total = sum(sizes);
    if (method === 'magnitude' || method === 'topK') {
      const isGlobal = this.spec.pruning.global_topk;
      return isGlobal
        ? Math.floor(threshold * total) / total
        : sum(sizes.map((size) => Math.floor(threshold * size))) / total;
    }
    return sum((await readMasks(this.executor, this.program, threshold, false)).kept) / total;
  }

  private record(row: MetricRow): void {
    this.history.push(row);
    this.unsent.push(row);
  }

  private isReportDue(): boolean {
    return performance.now() - this.sentAt >= REPORT_EVERY_MS;
  }

  private *report(
    progress: Omit<Extract<RunEvent, { type: 'progress' }>['progress'], 'tensors' | 'bytes'>,
  ): Generator<RunEvent> {
    yield* this.flush();
    yield { type: 'progress', progress: { ...progress, ...this.executor.memory() } };
    this.sentAt = performance.now();
  }

  private *flush(): Generator<RunEvent> {
    if (this.unsent.length > 0) yield { type: 'metrics', rows: this.unsent };
    this.unsent = [];
  }

  private isEvaluationDue(step: number): boolean {
    const { eval_strategy: strategy, eval_steps: every } = this.spec.training;
    if (strategy === 'no' || step === this.plan.totalSteps || this.inputs.features.dev.length === 0) return false;
    return step % (strategy === 'epoch' ? this.plan.stepsPerEpoch : every) === 0;
  }

  /** With the masks in force and, where they differ, with the final threshold: the second looks collapsed early on. */
  private async *evaluateMidway(step: number): AsyncGenerator<RunEvent> {
    const threshold = this.thresholdNow();
    const values = withPrefix('eval', yield* this.evaluate('dev', threshold));
    const final = this.schedule?.final;
    if (final !== undefined && final !== threshold) {
      Object.assign(values, withPrefix('eval_final', yield* this.evaluate('dev', final)));
    }
    const retained = this.retained(await readMasks(this.executor, this.program, threshold, false));
    this.record({ step, values: { ...values, ...retained } });
    yield* this.flush();
  }

  private async *evaluate(split: SplitName, threshold: number): AsyncGenerator<RunEvent, Metrics> {
    const features = this.inputs.features[split];
    if (features.length === 0) return {};
    const { training } = this.spec;
    const phases = createPhases(this.environment);
    const logits = yield* phases.during((watch) =>
      predict({
        executor: this.executor,
        program: this.program,
        features,
        batchSize: training.per_device_eval_batch_size,
        maxSeqLength: training.max_seq_length,
        padTokenId: this.inputs.model.checkpoint.config.padTokenId,
        threshold,
        onBatch: async (done, total) => {
          await watch(`Evaluating on ${split}`, done, total);
          await this.environment.breathe();
        },
      }),
    );
    return scoreFeatures(this.inputs.data.dataset, split, features, logits, training);
  }

  private retained({ kept }: FinalMasks): Record<string, number> {
    if (!this.schedule) return {};
    return Object.fromEntries(
      this.program.matrices.map(({ name, rows, columns }, index) => [
        `retained_weights_perc/${name}`,
        (100 * (kept[index] ?? 0)) / (rows * columns),
      ]),
    );
  }

  private thresholdNow(): number {
    return this.schedule ? thresholdAt(this.schedule, Math.max(1, this.lastStep)) : 1;
  }

  private summary(metrics: Readonly<Record<string, number>>, elapsedMs: number): RunSummary {
    const keptByMatrix = this.masks?.kept ?? [];
    const encoderTotal = sum(this.program.matrices.map(({ rows, columns }) => rows * columns));
    const encoderKept = sum(keptByMatrix);
    const modelTotal = sum([...this.inputs.model.checkpoint.tensors.values()].map(({ data }) => data.length));
    const modelNonZero = modelTotal - (encoderTotal - encoderKept);
    return { metrics, encoderKept, encoderTotal, keptByMatrix, modelNonZero, modelTotal, elapsedMs };
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const usesScores = ({ pruning_method: method }: PruningSettings): boolean => method !== 'none' && hasScores(method);

const lambdaOf = ({ regularization, final_lambda }: PruningSettings): number => (regularization ? final_lambda : 0);

function programPruning({ pruning_method: method, global_topk, regularization }: PruningSettings) {
  if (method === 'none') return null;
  const penalty = hasScores(method as PruningMethod) ? regularization : null;
  return { method, isGlobal: global_topk, regularization: penalty };
}

function configOf({ training }: RunSpec, { model }: RunInputs) {
  const { config } = model.checkpoint;
  const rate = training.hidden_dropout_prob;
  return rate === null ? config : { ...config, hiddenDropout: rate, attentionDropout: rate, classifierDropout: rate };
}

function setScores(executor: Executor, program: Program, { pruning, training }: RunSpec): void {
  if (!usesScores(pruning)) return;
  for (const [index, matrix] of program.matrices.entries()) {
    const seed = deriveSeed(training.seed, index);
    const scores = initialScores({ matrix, init: pruning.mask_init, scale: pruning.mask_scale, seed });
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

function scheduleOf(pruning: PruningSettings, plan: StepPlan): PruningSchedule | null {
  if (pruning.pruning_method === 'none') return null;
  return {
    initial: pruning.initial_threshold,
    final: pruning.final_threshold,
    initialWarmup: pruning.initial_warmup,
    finalWarmup: pruning.final_warmup,
    ...plan,
  };
}

/** The micro-batches of every update, epoch by epoch, each epoch in an order of its own. */
function* updatesOf({ training }: RunSpec, { features, model }: RunInputs, plan: StepPlan): Generator<Batch[]> {
  const { per_device_train_batch_size: batchSize, gradient_accumulation_steps: accumulation, seed } = training;
  const lengths = training.group_by_length ? { lengths: features.train.map(tokensOf) } : {};
  const padding = { padId: model.checkpoint.config.padTokenId, maxSeqLength: training.max_seq_length };
  const batches = Math.ceil(features.train.length / batchSize);
  for (let update = 0, epoch = 0; update < plan.totalSteps; epoch++) {
    const order = epochOrder(features.train.length, { seed, epoch, batchSize, ...lengths });
    for (let first = 0; first < batches && update < plan.totalSteps; first += accumulation, update++) {
      const count = Math.min(accumulation, batches - first);
      yield Array.from({ length: count }, (_, index) =>
        batchAt(features.train, order, { step: first + index, batchSize, ...padding }),
      );
    }
  }
}

const tokensOf = (feature: Feature): number => feature.inputIds.length;

function withPrefix(prefix: string, metrics: Metrics): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`${prefix}/${name}`, value]));
}

/** The latest value of every tag that starts so. */
function lastOf(history: readonly MetricRow[], prefix: string): Record<string, number> {
  const last: Record<string, number> = {};
  for (const { values } of history) {
    for (const [tag, value] of Object.entries(values)) if (tag.startsWith(prefix)) last[tag] = value;
  }
  return last;
}

/** Time spent on updates alone, so that evaluation does not slow what the speed says. */
function createClock() {
  const startedAt = performance.now();
  let pausedMs = 0;
  let examples = 0;
  return {
    add(count: number) {
      examples += count;
    },
    async *paused<T>(work: AsyncGenerator<RunEvent, T>): AsyncGenerator<RunEvent, T> {
      const from = performance.now();
      try {
        return yield* work;
      } finally {
        pausedMs += performance.now() - from;
      }
    },
    progress(step: number, plan: StepPlan) {
      const elapsedMs = performance.now() - startedAt - pausedMs;
      return {
        step,
        examplesPerSecond: (1000 * examples) / Math.max(1, elapsedMs),
        etaMs: (elapsedMs / step) * (plan.totalSteps - step),
      };
    },
  };
}

/** Turns a task's progress callbacks into events, at the bounded rate. */
function createPhases(environment: RunEnvironment) {
  return {
    async *during<T>(
      work: (watch: (phase: string, done: number, total: number) => Promise<void>) => Promise<T>,
    ): AsyncGenerator<RunEvent, T> {
      const queue: RunEvent[] = [];
      let wake: () => void = () => undefined;
      let lastPhase = '';
      let sentAt = Number.NEGATIVE_INFINITY;
      const watch = async (phase: string, done: number, total: number) => {
        const isDue = phase !== lastPhase || done === total || performance.now() - sentAt >= REPORT_EVERY_MS;
        if (!isDue) return;
        lastPhase = phase;
        sentAt = performance.now();
        queue.push({ type: 'phase', phase, done, total });
        wake();
        await environment.breathe();
      };
      let isOver = false;
      const result = work(watch).finally(() => {
        isOver = true;
        wake();
      });
      // A failure surfaces at the await below; it must not count as unhandled meanwhile.
      result.catch(() => undefined);
      while (!isOver || queue.length > 0) {
        yield* queue.splice(0);
        if (!isOver) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
      return await result;
    },
  };
}
