// Our own engine as a contestant, trained the way a run in the page is.
import { type Backend, type BackendName, openBackend } from '../../src/engine/gpu/backend.ts';
import { createExecutor } from '../../src/engine/gpu/create-executor.ts';
import type { Executor } from '../../src/engine/gpu/executor.ts';
import { hasScores, type PruningMethod, scoresName } from '../../src/engine/pruning/masked-linear.ts';
import { initialScores } from '../../src/engine/pruning/scores.ts';
import { createProgram, type Program } from '../../src/engine/train/program.ts';
import { type TrainingJob, train } from '../../src/engine/train/trainer.ts';
import type { Contestant } from './contestant.ts';
import { groupsOf, LEARNING, type Workload } from './workload.ts';

export interface Winnow extends Contestant {
  readonly executor: Executor;
}

export interface WinnowOptions {
  readonly backend: Backend;
  readonly workload: Workload;
  /** Null trains densely. */
  readonly method: Extract<PruningMethod, 'topK' | 'magnitude'> | null;
}

/** As many as a race may have. */
const MAX_STEPS = 1e6;
const KEEP_FRACTION = 0.15;
const SCORE_LEARNING_RATE = 1e-2;

/** A backend whose errors, which WebGPU reports to nobody, the page throws. */
export function openStrictBackend(preference: BackendName): Promise<Backend> {
  const onGpuError = (message: string) => {
    throw new Error(`WebGPU: ${message}`);
  };
  return openBackend({ preference, wasmFolder: '/wasm/', onGpuError });
}

export function createWinnow({ backend, workload, method }: WinnowOptions): Winnow {
  const executor = createExecutor(backend);
  const program = createProgram({
    config: workload.config,
    task: 'question-answering',
    labels: 0,
    pruning: method && { method, isGlobal: false, regularization: null },
    samplesGates: false,
    temperature: null,
  });
  for (const [name, tensor] of workload.tensors) executor.setParameter(name, tensor);
  const scores = method && hasScores(method) ? addScores(executor, program) : null;
  const steps = train(jobOf({ executor, program, workload, scores, isPruned: method !== null }));
  return {
    executor,
    async step() {
      await steps.next();
    },
    async loss() {
      const { terms } = await executor.readReport();
      return terms.task ?? Number.NaN;
    },
  };
}

function addScores(executor: Executor, { matrices }: Program): string[] {
  return matrices.map((matrix, seed) => {
    const name = scoresName(matrix.name);
    executor.setParameter(name, initialScores({ matrix, init: 'kaiming', scale: 0, seed }));
    return name;
  });
}

function jobOf(o: {
  readonly executor: Executor;
  readonly program: Program;
  readonly workload: Workload;
  readonly scores: readonly string[] | null;
  readonly isPruned: boolean;
}): TrainingJob {
  const { executor, program, workload, scores, isPruned } = o;
  const { beta1, beta2, epsilon } = LEARNING;
  const held = { initial: KEEP_FRACTION, final: KEEP_FRACTION, initialWarmup: 0, finalWarmup: 0 };
  const schedule = { warmupSteps: 0, totalSteps: MAX_STEPS };
  return {
    executor,
    program,
    groups: [
      ...(scores ? [{ names: scores, learningRate: SCORE_LEARNING_RATE, weightDecay: 0 }] : []),
      ...groupsOf(workload),
    ],
    rate: { type: 'constant_with_warmup', ...schedule },
    adam: { beta1, beta2, epsilon, maxGradNorm: 0 },
    pruning: isPruned ? { schedule: { ...held, ...schedule }, finalLambda: 0 } : null,
    distillation: null,
    seed: 0,
    updates: forever([workload.batch]),
    reportsAt: () => false,
  };
}

function* forever<T>(value: T): Generator<T> {
  for (;;) yield value;
}
