// Compares the engine with PyTorch's numbers in a folder of golden vectors (a random BertForQuestionAnswering):
// one forward and backward dense and per method, then every method's trajectory of optimiser updates.
import type { Executor, HostTensor } from '../../src/engine/gpu/executor.ts';
import { type Checkpoint, loadCheckpoint } from '../../src/engine/model/checkpoint.ts';
import { parseConfig } from '../../src/engine/model/config.ts';
import { readSafetensors } from '../../src/engine/model/safetensors.ts';
import { hasScores, type PruningMethod, scoresName } from '../../src/engine/pruning/masked-linear.ts';
import type { Batch } from '../../src/engine/text/types.ts';
import { feedsOf } from '../../src/engine/train/feeds.ts';
import { parameterGroups } from '../../src/engine/train/parameter-groups.ts';
import { createProgram, type Program } from '../../src/engine/train/program.ts';
import { type TrainingJob, train } from '../../src/engine/train/trainer.ts';

export interface GoldenFiles {
  readonly config: string;
  readonly weights: Uint8Array;
  readonly expected: string;
  readonly expectedTensors: Uint8Array;
}

export interface PassReport {
  readonly loss: number;
  readonly logits: number;
  readonly gradients: number;
}

export interface MethodReport extends PassReport {
  readonly maskMismatches: number;
  /** Worst relative error of the loss over the trajectory's steps and its last evaluation. */
  readonly trajectory: number;
  readonly trajectoryLimit: number;
}

export interface QaGoldenReport {
  readonly passed: boolean;
  readonly dense: PassReport & { readonly hidden: number };
  readonly methods: Readonly<Record<string, MethodReport>>;
}

const METHODS: readonly PruningMethod[] = ['topK', 'magnitude', 'threshold', 'sigmoied_threshold', 'l0'];
const LIMIT = 1e-3;
/** l0's masks are real numbers. */
const GATE_LIMIT = 1e-5;

export async function checkQaGolden(
  files: GoldenFiles,
  createExecutor: () => Executor,
  only: readonly PruningMethod[] = METHODS,
): Promise<QaGoldenReport> {
  const golden = new Golden(files);
  const dense = await checkDense(golden, createExecutor());
  const methods: Record<string, MethodReport> = {};
  for (const method of only) {
    const pass = await checkPass(golden, method, createExecutor());
    methods[method] = { ...pass, ...(await checkTrajectory(golden, method, createExecutor())) };
  }
  return { passed: withinLimits(dense, methods, only), dense, methods };
}

function withinLimits(
  dense: QaGoldenReport['dense'],
  methods: QaGoldenReport['methods'],
  required: readonly PruningMethod[],
): boolean {
  // Negated comparisons, so that NaN fails.
  const isClose = (errors: readonly number[]) => errors.every((error) => error <= LIMIT);
  return (
    isClose([dense.hidden, dense.logits, dense.loss, dense.gradients]) &&
    required.every((method) => {
      const report = methods[method];
      if (!report) return false;
      const { loss, logits, gradients, maskMismatches, trajectory, trajectoryLimit } = report;
      return isClose([loss, logits, gradients]) && maskMismatches === 0 && trajectory <= trajectoryLimit;
    })
  );
}

interface Trajectory {
  readonly t0: number;
  readonly t1: number;
  readonly initial_warmup: number;
  readonly final_warmup: number;
  readonly warmup_steps: number;
  readonly steps: number;
  readonly learning_rate: number;
  readonly mask_scores_learning_rate: number;
  readonly weight_decay: number;
  readonly adam_epsilon: number;
  readonly max_grad_norm: number;
  readonly regularization: 'l1' | 'l0' | null;
  readonly final_lambda: number;
  readonly noise: number;
  readonly history: readonly { readonly step: number; readonly loss: number }[];
  readonly final_loss: number;
}

interface ExpectedMethod {
  readonly threshold: number;
  readonly loss: number;
  readonly trajectory: Trajectory;
}

interface ExpectedBatch {
  readonly input_ids: readonly number[][];
  readonly attention_mask: readonly number[][];
  readonly token_type_ids: readonly number[][];
  readonly start_positions: readonly number[];
  readonly end_positions: readonly number[];
}

class Golden {
  readonly checkpoint: Checkpoint;
  readonly batches: readonly Batch[];
  readonly denseLoss: number;
  private readonly json: Record<string, unknown>;
  private readonly tensors: ReadonlyMap<string, HostTensor>;

  constructor(files: GoldenFiles) {
    this.checkpoint = loadCheckpoint({
      config: parseConfig(files.config),
      files: [files.weights],
      fileName: 'model.safetensors',
      task: 'question-answering',
      labels: 0,
      layers: null,
      seed: 0,
    });
    this.json = JSON.parse(files.expected) as Record<string, unknown>;
    this.batches = (this.json.batches as ExpectedBatch[]).map(toBatch);
    this.denseLoss = (this.json.dense as { loss: number }).loss;
    this.tensors = new Map(
      [...readSafetensors(files.expectedTensors, 'expected.safetensors').entries].map(([name, { shape, data }]) => [
        name,
        { shape, data: new Float32Array(data.slice().buffer) },
      ]),
    );
  }

  method(name: PruningMethod): ExpectedMethod {
    return this.json[name] as ExpectedMethod;
  }

  tensor(name: string): HostTensor {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new Error(`expected.safetensors: expected ${name}, got none`);
    return tensor;
  }

  keys(prefix: string): string[] {
    return [...this.tensors.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }
}

function toBatch(batch: ExpectedBatch): Batch {
  return {
    batchSize: batch.input_ids.length,
    tokens: batch.input_ids[0]?.length ?? 0,
    inputIds: Int32Array.from(batch.input_ids.flat()),
    attentionMask: Int32Array.from(batch.attention_mask.flat()),
    tokenTypeIds: Int32Array.from(batch.token_type_ids.flat()),
    startPositions: Int32Array.from(batch.start_positions),
    endPositions: Int32Array.from(batch.end_positions),
  };
}

async function checkDense(golden: Golden, executor: Executor): Promise<QaGoldenReport['dense']> {
  const program = programOf(golden, null);
  loadParameters(golden, executor);
  const batch = golden.batches[0]!;
  const names = [...golden.checkpoint.tensors.keys()];
  const { loss, gradients } = await lossAndGradients({ executor, program, batch, names, threshold: 1 });
  const hidden = await executor.evaluate(program.hidden(batch), stepInputs(batch, 1));
  const logits = await logitsError(golden, 'dense', { executor, program, batch, threshold: 1 });
  const expected = new Map(names.map((name) => [name, golden.tensor(`dense.grad.${name}`).data]));
  const report = {
    hidden: Math.max(...hidden.map((x, i) => relativeError(x, golden.tensor(`dense.hidden.${i}`).data))),
    logits,
    loss: Math.abs(loss - golden.denseLoss) / golden.denseLoss,
    gradients: gradientError(gradients, expected),
  };
  executor.dispose();
  return report;
}

async function checkPass(golden: Golden, method: PruningMethod, executor: Executor) {
  const program = programOf(golden, { method, isGlobal: false, regularization: null });
  const { threshold, loss: expectedLoss } = golden.method(method);
  const batch = golden.batches[0]!;
  loadParameters(golden, executor);
  loadScores(golden, method, 'scores', executor);
  const expected = new Map<string, Float32Array>();
  for (const module of golden.keys(`${method}.grad_weight.`)) {
    expected.set(`${module}.weight`, golden.tensor(`${method}.grad_weight.${module}`).data);
    if (hasScores(method)) {
      expected.set(scoresName(`${module}.weight`), golden.tensor(`${method}.grad_scores.${module}`).data);
    }
  }
  const names = [...expected.keys()];
  const { loss, gradients } = await lossAndGradients({ executor, program, batch, names, threshold });
  const masks = await executor.evaluate(program.masks, stepInputs(batch, threshold));
  const report = {
    loss: Math.abs(loss - expectedLoss) / expectedLoss,
    logits: await logitsError(golden, method, { executor, program, batch, threshold }),
    gradients: gradientError(gradients, expected),
    maskMismatches: program.matrices.reduce((count, { name }, index) => {
      const reference = golden.tensor(`${method}.mask.${name.replace(/\.weight$/, '')}`).data;
      return count + countMismatches(masks[index]!, reference, method === 'l0' ? GATE_LIMIT : 0);
    }, 0),
  };
  executor.dispose();
  return report;
}

async function checkTrajectory(golden: Golden, method: PruningMethod, executor: Executor) {
  const expected = golden.method(method).trajectory;
  const program = programOf(golden, { method, isGlobal: false, regularization: expected.regularization });
  loadParameters(golden, executor);
  loadScores(golden, method, 'init_scores', executor);
  const losses: number[] = [];
  for await (const { report } of train(trajectoryJob(golden, method, { executor, program }))) {
    losses.push(report?.loss ?? Number.NaN);
  }
  const errors = expected.history.map(({ loss }, i) => Math.abs((losses[i] ?? Number.NaN) - loss) / Math.abs(loss));
  const batch = golden.batches[0]!;
  const [finalLoss] = await executor.evaluate([evaluationLoss(program, batch)], stepInputs(batch, expected.t1));
  errors.push(Math.abs(finalLoss![0]! - expected.final_loss) / expected.final_loss);
  executor.dispose();
  return { trajectory: Math.max(...errors), trajectoryLimit: Math.max(0.02, 4 * expected.noise) };
}

/** The task loss with the masks of evaluation; dropout is 0 in golden vectors. */
const evaluationLoss = (program: Program, batch: Batch) => program.training(batch).task;

function trajectoryJob(
  golden: Golden,
  method: PruningMethod,
  { executor, program }: { readonly executor: Executor; readonly program: Program },
): TrainingJob {
  const t = golden.method(method).trajectory;
  const schedule = { warmupSteps: t.warmup_steps, totalSteps: t.steps };
  const maskedWeights = program.matrices.map(({ name }) => name);
  return {
    executor,
    program,
    groups: parameterGroups({
      config: golden.checkpoint.config,
      parameters: [...golden.checkpoint.tensors.keys()],
      maskedWeights,
      learning: {
        learningRate: t.learning_rate,
        weightDecay: t.weight_decay,
        freezeEmbeddings: true,
        freezeWeights: false,
      },
      scores: hasScores(method)
        ? { names: maskedWeights.map(scoresName), learningRate: t.mask_scores_learning_rate }
        : null,
    }),
    rate: { type: 'linear', ...schedule },
    adam: { beta1: 0.9, beta2: 0.999, epsilon: t.adam_epsilon, maxGradNorm: t.max_grad_norm },
    pruning: {
      schedule: {
        initial: t.t0,
        final: t.t1,
        initialWarmup: t.initial_warmup,
        finalWarmup: t.final_warmup,
        ...schedule,
      },
      finalLambda: t.regularization ? t.final_lambda : 0,
    },
    distillation: null,
    seed: 0,
    updates: Array.from({ length: t.steps }, (_, step) => [golden.batches[step % golden.batches.length]!]),
    reportsAt: () => true,
  };
}

interface Run {
  readonly executor: Executor;
  readonly program: Program;
  readonly batch: Batch;
  readonly threshold: number;
}

function programOf(golden: Golden, pruning: Parameters<typeof createProgram>[0]['pruning']): Program {
  const { config } = golden.checkpoint;
  return createProgram({
    // Golden vectors were made without dropout, and l0 in its evaluation branch.
    config: { ...config, hiddenDropout: 0, attentionDropout: 0, classifierDropout: 0 },
    task: 'question-answering',
    labels: 0,
    pruning,
    temperature: null,
    samplesGates: false,
  });
}

const stepInputs = (batch: Batch, threshold: number) => ({ feeds: feedsOf(batch), threshold, seed: 0 });

function loadParameters(golden: Golden, executor: Executor): void {
  for (const [name, tensor] of golden.checkpoint.tensors) executor.setParameter(name, tensor);
}

function loadScores(golden: Golden, method: PruningMethod, which: 'scores' | 'init_scores', executor: Executor): void {
  if (!hasScores(method)) return;
  for (const module of golden.keys(`${method}.${which}.`)) {
    executor.setParameter(scoresName(`${module}.weight`), golden.tensor(`${method}.${which}.${module}`));
  }
}

async function lossAndGradients(run: Run & { readonly names: readonly string[] }) {
  const { executor, program, batch, names, threshold } = run;
  const value = program.training(batch).task;
  await executor.accumulate({
    terms: [{ name: 'task', value, weight: 1 }],
    inputs: stepInputs(batch, threshold),
    trainable: new Set(names),
    share: 1,
  });
  const gradients = new Map<string, Float32Array>();
  for (const name of names) gradients.set(name, await executor.readGradient(name));
  const [loss] = await executor.evaluate([value], stepInputs(batch, threshold));
  return { loss: loss![0]!, gradients };
}

/** Start and end logits together, as the engine lays them out: [2B, T]. */
async function logitsError(golden: Golden, pass: string, { executor, program, batch, threshold }: Run) {
  const [logits] = await executor.evaluate([program.logits(batch)], stepInputs(batch, threshold));
  const half = logits!.length / 2;
  return Math.max(
    relativeError(logits!.subarray(0, half), golden.tensor(`${pass}.start_logits`).data),
    relativeError(logits!.subarray(half), golden.tensor(`${pass}.end_logits`).data),
  );
}

/** ‖x − ref‖ / ‖ref‖ */
function relativeError(x: Float32Array, reference: Float32Array): number {
  return difference(x, reference) / norm(reference);
}

/** Largest ‖x − ref‖ / max(‖ref‖, 1e-4·g), g the norm over all gradients of the pass. */
function gradientError(gradients: ReadonlyMap<string, Float32Array>, expected: ReadonlyMap<string, Float32Array>) {
  const all = Math.hypot(...[...expected.values()].map(norm));
  const errors = [...expected].map(([name, reference]) => {
    const gradient = gradients.get(name);
    return gradient ? difference(gradient, reference) / Math.max(norm(reference), 1e-4 * all) : Number.NaN;
  });
  return Math.max(...errors);
}

function countMismatches(mask: Float32Array, reference: Float32Array, tolerance: number): number {
  if (mask.length !== reference.length) return reference.length;
  let count = 0;
  for (let i = 0; i < reference.length; i++) if (!(Math.abs(mask[i]! - reference[i]!) <= tolerance)) count++;
  return count;
}

function difference(x: Float32Array, reference: Float32Array): number {
  if (x.length !== reference.length) return Number.NaN;
  return norm(x.map((value, i) => value - reference[i]!));
}

const norm = (x: Float32Array): number => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
