// One run from its settings to its artefact, as an async generator of events. A `'step'` marks the end of an
// update: there, and only there, the session may pause (by not pulling) or stop it.
import { WinnowError } from '../engine/error.ts';
import type { BackendName } from '../engine/gpu/backend.ts';
import type { ExecutorOptions } from '../engine/gpu/create-executor.ts';
import type { Executor, HostMoments, HostTensor, MemoryUse } from '../engine/gpu/executor.ts';
import { scoresName } from '../engine/pruning/masked-linear.ts';
import { thresholdAt } from '../engine/pruning/schedule.ts';
import type { SplitName } from '../engine/text/types.ts';
import type { Metrics } from '../engine/train/evaluate.ts';
import type { MemoryTarget } from '../engine/train/memory.ts';
import { createProgram } from '../engine/train/program.ts';
import { GLOBAL_CUT_EVERY, train } from '../engine/train/trainer.ts';
import { explainDivergence, hasRunAway } from '../runs/divergence.ts';
import type { ClassReport, MetricRow, Progress, RunError, RunEvent, RunSummary } from '../runs/events.ts';
import { checkRoom } from '../runs/guard-rails-disk.ts';
import type { RunSpec } from '../runs/spec.ts';
import type { FinishedRun } from './artefact.ts';
import { blueprintOf } from './blueprint.ts';
import type { RunCheckpoint } from './checkpoint.ts';
import { type ClassBalance, classBalanceOf } from './class-balance.ts';
import { classReportOf } from './class-report.ts';
import { type Clock, createClock } from './clock.ts';
import { diskNeed } from './disk.ts';
import type { RunSources } from './earlier-run.ts';
import { type Evaluation, evaluateSplit } from './evaluation.ts';
import { loadRunInputs, type RunInputs } from './inputs.ts';
import { type MaskLog, maskLogOf } from './mask-log.ts';
import { type FinalMasks, readMasks } from './masks.ts';
import { estimatedBytes, longestOf, memoryOf } from './memory.ts';
import { lastOf, retainedWeights, sum, summaryOf, trainingRow, withPrefix } from './metric-rows.ts';
import { createPhases, REPORT_EVERY_MS } from './phases.ts';
import { DevSelection, selectsByDev } from './selection.ts';
import { restoreSnapshot, type Snapshot, takeFiniteSnapshot, takeSnapshot } from './snapshots.ts';
import { openTeacher } from './teacher.ts';
import {
  planOf,
  programOptions,
  type RunSetup,
  scheduleOf,
  setParameters,
  trainingJob,
  usesScores,
} from './training-job.ts';

export interface RunEnvironment {
  readonly backend: BackendName;
  readonly adapter: string;
  /** As in `start-run`. */
  readonly sources: RunSources;
  createExecutor(options?: ExecutorOptions): Executor;
  /** What executors take their memory from. */
  readonly memoryTarget: MemoryTarget;
  /** Whether to end after this update, keeping the weights. */
  isStopped(): boolean;
  /** Whether to wait after this update: what is known is told, and saved, before. */
  isPaused(): boolean;
  /** What the run goes on from; null where it begins. */
  readonly resumes: RunCheckpoint | null;
  /** What is left on the disk for this page; null where the browser does not say. */
  freeBytes(): Promise<number | null>;
  /** Keeps the run as it stands. Throws `storage` where there is no room. */
  save(checkpoint: RunCheckpoint): Promise<void>;
  /** Lets messages in; called where the run would otherwise hold the thread. */
  breathe(): Promise<void>;
}

export type RunYield = RunEvent | 'step';

export async function* executeRun(spec: RunSpec, environment: RunEnvironment): AsyncGenerator<RunYield, FinishedRun> {
  const { resumes } = environment;
  const startedAt = performance.now() - (resumes?.elapsedMs ?? 0);
  const inputs = yield* createPhases(environment).during((watch) => loadRunInputs(spec, environment.sources, watch));
  const plan = planOf(spec, inputs.features.train.length);
  const program = createProgram(programOptions(spec, blueprintOf(inputs)));
  const executor = environment.createExecutor({ precision: spec.training.fp16 ? 'f16' : 'f32' });
  const teacher = spec.distillation ? await openTeacher(spec.distillation, inputs, environment) : null;
  try {
    setParameters(executor, program, spec, inputs);
    if (resumes) restoreTraining(executor, resumes);
    const schedule = scheduleOf(spec.pruning, plan);
    const run = new Run({ spec, inputs, executor, program, plan, schedule, teacher }, environment, startedAt);
    yield await run.startedEvent();
    for (const warning of inputs.warnings) yield { type: 'warning', warning };
    if (!resumes) yield* littleRoom(spec, inputs, await environment.freeBytes());
    yield* run.steps();
    const summary = yield* run.finish();
    return await run.finished(summary);
  } finally {
    executor.dispose();
    teacher?.dispose();
  }
}

function* littleRoom(spec: RunSpec, inputs: RunInputs, freeBytes: number | null): Generator<RunEvent> {
  for (const { text } of checkRoom(diskNeed(spec, blueprintOf(inputs)), freeBytes)) {
    yield { type: 'warning', warning: { code: 'little-room', message: text } };
  }
}

/** What learns, and how it was moving. */
function restoreTraining(executor: Executor, { parameters, moments }: RunCheckpoint): void {
  for (const [name, tensor] of parameters) executor.setParameter(name, tensor);
  for (const [name, pair] of moments) executor.setMoments(name, pair);
}

/** While a paused run is taken step by step, it is saved no more often. */
const SAVE_PAUSED_EVERY_MS = 10_000;

/** The course of one run: what it has logged so far, and where it stands. */
class Run {
  private readonly history: MetricRow[];
  private unsent: MetricRow[];
  private sentAt = Number.NEGATIVE_INFINITY;
  private savedAt = Number.NEGATIVE_INFINITY;
  /** Said once, however often it happens. */
  private couldNotSave = false;
  private lastStep: number;
  private masks: FinalMasks | null = null;
  private problem: RunError | null = null;
  /** Trained parameters that gave a sound loss, of a checkpoint or in an evaluation; null stands for the start. */
  private good: Snapshot | null;
  /** Those of the last checkpoint or evaluation, until a loss speaks for them. */
  private unproven: Snapshot | null;
  private classes: ClassReport | null = null;
  private readonly selection: DevSelection | null;
  private readonly balance: ClassBalance | null;
  private readonly changes: MaskLog | null;
  private readonly clock: Clock;

  constructor(
    private readonly setup: RunSetup,
    private readonly environment: RunEnvironment,
    /** By `performance.now()`, as if it had not been broken off. */
    private readonly startedAt: number,
  ) {
    const { resumes } = environment;
    this.lastStep = resumes?.step ?? 0;
    this.history = [...(resumes?.history ?? [])];
    this.unsent = [...this.history];
    this.good = resumes?.good ?? null;
    this.unproven = resumes && { step: resumes.step, tensors: resumes.parameters };
    this.clock = createClock(resumes?.clock);
    this.selection = selectsByDev(setup.spec) ? new DevSelection(setup, resumes?.selected ?? null) : null;
    this.balance = classBalanceOf(setup, resumes?.balance ?? null);
    this.changes = maskLogOf(setup, resumes?.masks ?? null);
  }

  async startedEvent(): Promise<RunEvent> {
    const { spec, inputs, plan, program, teacher } = this.setup;
    const { config } = inputs.model.checkpoint;
    return {
      type: 'started',
      totalSteps: plan.totalSteps,
      resumedAt: this.lastStep,
      backend: this.environment.backend,
      adapter: this.environment.adapter,
      matrices: program.matrices,
      headSize: config.hiddenSize / config.heads,
      parameters: sum([...inputs.model.checkpoint.tensors.values()].map(({ data }) => data.length)),
      estimatedBytes: await estimatedBytes({
        spec,
        blueprint: blueprintOf(inputs),
        tokens: longestOf(inputs, spec),
        teacher: teacher?.config ?? null,
        target: this.environment.memoryTarget,
      }),
    };
  }

  /** All updates. A loss that is no number ends them early, with the last weights that were good. */
  async *steps(): AsyncGenerator<RunYield> {
    try {
      yield* this.updates();
    } catch (error) {
      if (!(error instanceof WinnowError) || error.code !== 'nan-loss') throw error;
      const why = this.whyDiverged();
      this.restoreGood();
      this.problem = { code: error.code, message: `${error.message} ${why} ${this.whatIsKept()}` };
    }
    yield* this.flush();
  }

  private whyDiverged(): string {
    const { spec, plan } = this.setup;
    return explainDivergence({ ...plan, spec, step: this.lastStep + 1, history: this.history });
  }

  private whatIsKept(): string {
    return this.lastStep === 0
      ? 'What is kept are the weights that it began with.'
      : `The weights of step ${this.lastStep}, the last known to be good, are kept: another run can start from them.`;
  }

  async *finish(): AsyncGenerator<RunEvent, RunSummary> {
    const { setup, problem } = this;
    const isDone = this.lastStep === setup.plan.totalSteps && !problem;
    const threshold = this.thresholdNow();
    const isReal = setup.spec.pruning.pruning_method === 'l0';
    const masks = await readMasks(setup.executor, setup.program, threshold, isReal);
    const metrics = isDone ? yield* this.finalMetrics(threshold) : lastOf(this.untilNow(), 'eval/');
    if (isDone) this.record({ step: this.lastStep, values: { ...metrics, ...retainedWeights(setup, masks) } });
    if (isDone) Object.assign(metrics, yield* this.selected(metrics));
    Object.assign(metrics, lastOf(this.untilNow(), 'train/loss'));
    yield* this.flush();
    const { classes } = this;
    const summary = summaryOf(setup, masks.kept, { metrics, classes, elapsedMs: performance.now() - this.startedAt });
    this.masks = masks;
    this.changes?.end(this.lastStep, masks);
    const { peakBytes } = memoryOf(setup);
    yield { type: 'finished', outcome: isDone ? 'done' : 'stopped', summary, problem, peakBytes };
    return summary;
  }

  async finished(summary: RunSummary): Promise<FinishedRun> {
    const { spec, inputs, executor, program, plan } = this.setup;
    const weights = new Map<string, HostTensor>();
    for (const [name, { shape }] of inputs.model.checkpoint.tensors) {
      weights.set(name, { shape, data: await executor.readParameter(name) });
    }
    const scores = new Map<string, Float32Array>();
    if (usesScores(spec.pruning)) {
      for (const { name } of program.matrices) scores.set(name, await executor.readParameter(scoresName(name)));
    }
    const { dataset } = inputs.data;
    const isClassifier = dataset.kind === 'text-classification' && !inputs.masking;
    return {
      spec,
      finishedAt: Date.now(),
      labels: isClassifier ? dataset.labels : [],
      stepsPerEpoch: plan.stepsPerEpoch,
      summary,
      history: this.history,
      weights,
      masks: this.masks?.bits ?? new Map(),
      gates: this.masks?.gates ?? null,
      scores,
      histories: this.changes?.histories() ?? new Map(),
    };
  }

  private async *updates(): AsyncGenerator<RunYield> {
    const { plan } = this.setup;
    const { clock } = this;
    for await (const trained of train(trainingJob(this.setup, this.lastStep))) {
      this.lastStep = trained.step;
      clock.add(trained.examples);
      const row = await trainingRow(this.setup, trained);
      if (row) {
        this.record(row);
        this.judge();
      }
      await this.changes?.look(trained.step, trained.threshold);
      if (this.isReportDue() || this.environment.isPaused()) yield* this.report(clock.progress(trained.step, plan));
      if (this.isEvaluationDue()) yield* clock.paused(this.evaluateMidway());
      if (this.isCheckpointDue()) yield* clock.paused(this.save());
      yield 'step';
      await this.environment.breathe();
      if (this.environment.isStopped()) return;
    }
  }

  /** By the loss that its weights, or those of a later update, have given. */
  private judge(): void {
    if (!this.unproven || hasRunAway(this.history)) return;
    this.good = this.unproven;
    this.unproven = null;
  }

  private record(row: MetricRow): void {
    this.history.push(row);
    this.unsent.push(row);
  }

  /** Without what was logged after the weights that a run went back to. */
  private untilNow(): readonly MetricRow[] {
    return this.history.filter(({ step }) => step <= this.lastStep);
  }

  private isReportDue(): boolean {
    return performance.now() - this.sentAt >= REPORT_EVERY_MS || this.lastStep === this.setup.plan.totalSteps;
  }

  private *report(progress: Omit<Progress, keyof MemoryUse>): Generator<RunEvent> {
    yield* this.flush();
    yield { type: 'progress', progress: { ...progress, ...memoryOf(this.setup) } };
    this.sentAt = performance.now();
  }

  private *flush(): Generator<RunEvent> {
    if (this.unsent.length > 0) yield { type: 'metrics', rows: this.unsent };
    this.unsent = [];
  }

  private isCheckpointDue(): boolean {
    const { spec, plan } = this.setup;
    const { save_steps: every } = spec.training;
    if (every === 0 || this.lastStep === plan.totalSteps) return false;
    // A global cut-off holds for several updates. It was decided by scores that are gone, so no run goes on in between.
    if (spec.pruning.global_topk && this.lastStep % GLOBAL_CUT_EVERY > 0) return false;
    const isPaused = this.environment.isPaused() && performance.now() - this.savedAt > SAVE_PAUSED_EVERY_MS;
    return this.lastStep % every === 0 || isPaused;
  }

  /** Without room on the disk the run goes on, and says so. */
  private async *save(): AsyncGenerator<RunEvent> {
    this.savedAt = performance.now();
    try {
      await this.environment.save(await this.checkpoint());
      yield { type: 'saved', step: this.lastStep };
    } catch (error) {
      if (!(error instanceof WinnowError) || error.code !== 'storage') throw error;
      if (!this.couldNotSave) yield { type: 'warning', warning: { code: 'not-saved', message: error.message } };
      this.couldNotSave = true;
    }
  }

  private async checkpoint(): Promise<RunCheckpoint> {
    const { setup, lastStep: step } = this;
    this.unproven = this.good?.step === step ? this.good : await takeFiniteSnapshot(setup, step);
    const { tensors } = this.unproven;
    const moments = new Map<string, HostMoments>();
    for (const name of tensors.keys()) {
      const pair = await setup.executor.readMoments(name);
      if (pair) moments.set(name, pair);
    }
    return {
      spec: setup.spec,
      step,
      elapsedMs: performance.now() - this.startedAt,
      clock: this.clock.state(),
      history: this.history,
      balance: this.balance?.state() ?? null,
      parameters: tensors,
      moments,
      good: this.good,
      selected: this.selection?.best ?? null,
      masks: this.changes?.course() ?? null,
    };
  }

  private isEvaluationDue(): boolean {
    const { spec, plan, inputs } = this.setup;
    const { eval_strategy: strategy, eval_steps: every } = spec.training;
    if (strategy === 'no' || this.lastStep === plan.totalSteps || inputs.features.dev.length === 0) return false;
    return this.lastStep % (strategy === 'epoch' ? plan.stepsPerEpoch : every) === 0;
  }

  /** With the masks in force and, where they differ, with the final threshold: the second looks collapsed early on. */
  private async *evaluateMidway(): AsyncGenerator<RunEvent> {
    const threshold = this.thresholdNow();
    const { metrics, logits } = yield* this.evaluate('dev', threshold);
    const values = { ...withPrefix('eval', metrics), ...this.balance?.shares(logits) };
    const final = this.setup.schedule?.final;
    if (final !== undefined && final !== threshold) {
      Object.assign(values, withPrefix('eval_final', (yield* this.evaluate('dev', final)).metrics));
    }
    if (Number.isFinite(metrics.loss)) await this.keepGood(metrics);
    const masks = await readMasks(this.setup.executor, this.setup.program, threshold, false);
    this.record({ step: this.lastStep, values: { ...values, ...retainedWeights(this.setup, masks) } });
    yield* this.flush();
    const warning = this.balance?.look(this.lastStep, logits);
    if (warning) yield { type: 'warning', warning };
  }

  private async keepGood(dev: Metrics): Promise<void> {
    const snapshot = await takeSnapshot(this.setup, this.lastStep);
    this.unproven = snapshot;
    this.judge();
    this.selection?.offer(snapshot, dev);
  }

  private restoreGood(): void {
    const { executor, program, spec, inputs } = this.setup;
    if (!this.good) setParameters(executor, program, spec, inputs);
    else restoreSnapshot(this.setup, this.good);
    this.lastStep = this.good?.step ?? 0;
    this.changes?.rewind(this.lastStep);
  }

  private async *finalMetrics(threshold: number): AsyncGenerator<RunEvent, Record<string, number>> {
    const dev = yield* this.evaluate('dev', threshold);
    const test = yield* this.evaluate('test', threshold);
    this.classes = classReportOf(this.setup, dev, test);
    return {
      ...withPrefix('eval', dev.metrics),
      ...withPrefix('test', test.metrics),
      ...this.balance?.shares(dev.logits),
    };
  }

  private async *selected(final: Record<string, number>): AsyncGenerator<RunEvent, Record<string, number>> {
    if (!this.selection) return {};
    const last = await takeSnapshot(this.setup, this.lastStep);
    return yield* this.selection.result(final, last, () => this.evaluate('test', this.thresholdNow()));
  }

  private evaluate(split: SplitName, threshold: number): AsyncGenerator<RunEvent, Evaluation> {
    return evaluateSplit(this.setup, { split, threshold, breathe: () => this.environment.breathe() });
  }

  private thresholdNow(): number {
    return this.setup.schedule ? thresholdAt(this.setup.schedule, Math.max(1, this.lastStep)) : 1;
  }
}
