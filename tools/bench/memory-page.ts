// BERT-base with answers as its task, at 384 tokens: what a run is expected to hold, and what one step of it does.
import type { Backend } from '../../src/engine/gpu/backend.ts';
import type { Executor } from '../../src/engine/gpu/executor.ts';
import { parameterShapes } from '../../src/engine/model/architecture.ts';
import { parseConfig } from '../../src/engine/model/config.ts';
import { scoresName } from '../../src/engine/pruning/masked-linear.ts';
import { createRandom } from '../../src/engine/random.ts';
import { type EstimatedKind, estimateMemory, type MemoryRequest } from '../../src/engine/train/memory.ts';
import { parameterGroups } from '../../src/engine/train/parameter-groups.ts';
import { createProgram } from '../../src/engine/train/program.ts';
import { train } from '../../src/engine/train/trainer.ts';
import type { GpuWatch } from './gpu-traffic.ts';

export interface MemoryScenario {
  /** Scores alone are trained (SMP). */
  readonly freezeWeights: boolean;
  readonly recomputesLayers: boolean;
  readonly batch: number;
}

export interface EstimateFigures {
  readonly bytes: number;
  readonly byKind: Readonly<Record<EstimatedKind, number>>;
  readonly largestBuffer: number;
  /** Of the estimate itself. */
  readonly ms: number;
}

export interface StepMemoryFigures {
  readonly adapter: string;
  readonly bytes: number;
  readonly loss: number;
  readonly ms: number;
}

const config = parseConfig({
  model_type: 'bert',
  vocab_size: 30522,
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  max_position_embeddings: 512,
});
const TOKENS = 384;
const KEEP_FRACTION = 0.15;

export function memoryPage(watch: GpuWatch) {
  let opened: Promise<Backend> | null = null;
  const openOurs = () => {
    opened ??= import('./winnow.ts').then(({ openStrictBackend }) => openStrictBackend('webgpu'));
    return opened;
  };

  return {
    async estimateScenario(scenario: MemoryScenario): Promise<EstimateFigures> {
      const { device, tier } = await openOurs();
      if (!device || !tier) throw new Error('memory: expected WebGPU, got none');
      const target = { backend: 'webgpu', tier, precision: 'f32', limits: device.limits } as const;
      const startedAt = performance.now();
      const { total, byKind, largest } = await estimateMemory(requestOf(scenario, target));
      return { bytes: total, byKind, largestBuffer: largest, ms: performance.now() - startedAt };
    },

    /** Trains for one step. */
    async stepScenario(scenario: MemoryScenario): Promise<StepMemoryFigures> {
      const backend = await openOurs();
      const { createExecutor } = await import('../../src/engine/gpu/create-executor.ts');
      const executor = createExecutor(backend);
      const loss = await trainOnce(executor, scenario);
      watch.assertNoErrors();
      const { bytes } = executor.memory();
      executor.dispose();
      return { adapter: backend.adapter, bytes, ...loss };
    },
  };
}

const programOptions = ({ recomputesLayers }: MemoryScenario): MemoryRequest['program'] => ({
  config,
  task: 'question-answering',
  labels: 0,
  pruning: { method: 'topK', isGlobal: false, regularization: null },
  samplesGates: true,
  temperature: null,
  recomputesLayers,
});

function groupsOf(scenario: MemoryScenario) {
  const masked = createProgram(programOptions(scenario)).matrices.map(({ name }) => name);
  return parameterGroups({
    config,
    parameters: [...parameterShapes(config, 'question-answering', 0).keys()],
    maskedWeights: masked,
    learning: { learningRate: 3e-5, weightDecay: 0, freezeEmbeddings: true, freezeWeights: scenario.freezeWeights },
    scores: { names: masked.map(scoresName), learningRate: 1e-2 },
  });
}

function requestOf(scenario: MemoryScenario, target: MemoryRequest['target']): MemoryRequest {
  return {
    program: programOptions(scenario),
    groups: groupsOf(scenario),
    training: [{ batchSize: scenario.batch, tokens: TOKENS }],
    evaluation: [],
    accumulation: 1,
    keptFractions: [KEEP_FRACTION, KEEP_FRACTION],
    target,
    budgetBytes: null,
  };
}

async function trainOnce(executor: Executor, scenario: MemoryScenario): Promise<{ loss: number; ms: number }> {
  const program = createProgram(programOptions(scenario));
  setParameters(executor, program.matrices);
  const schedule = { warmupSteps: 0, totalSteps: 1 };
  const threshold = { initial: KEEP_FRACTION, final: KEEP_FRACTION, initialWarmup: 0, finalWarmup: 0 };
  const steps = train({
    executor,
    program,
    groups: groupsOf(scenario),
    rate: { type: 'linear', ...schedule },
    adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, maxGradNorm: 1 },
    pruning: { schedule: { ...threshold, ...schedule }, finalLambda: 0 },
    distillation: null,
    seed: 1,
    updates: [[randomBatch(scenario.batch)]],
    reportsAt: () => true,
  });
  const startedAt = performance.now();
  const { value } = await steps.next();
  return { loss: value?.report?.loss ?? Number.NaN, ms: performance.now() - startedAt };
}

/** Random weights, LayerNorms as a fresh model has them, scores in random order. */
function setParameters(executor: Executor, matrices: ReturnType<typeof createProgram>['matrices']): void {
  const scores = matrices.map(({ name, rows, columns }) => [scoresName(name), [rows, columns]] as const);
  const noise = drawNoise();
  for (const [name, shape] of [...parameterShapes(config, 'question-answering', 0), ...scores]) {
    const data = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
    if (name.endsWith('LayerNorm.weight')) data.fill(1);
    else for (let at = 0; at < data.length; at += noise.length) data.set(noise.subarray(0, data.length - at), at);
    executor.setParameter(name, { shape, data });
  }
}

/** Repeated in every matrix: 200 million numbers of their own would take longer than the step. */
function drawNoise(): Float32Array {
  const random = createRandom(1);
  return Float32Array.from({ length: 1_000_003 }, () => (random.float() - 0.5) * 0.07);
}

function randomBatch(batchSize: number) {
  const random = createRandom(2);
  const integers = (size: number, below: number) => Int32Array.from({ length: size }, () => random.integer(below));
  const size = batchSize * TOKENS;
  return {
    batchSize,
    tokens: TOKENS,
    inputIds: integers(size, config.vocabularySize),
    attentionMask: new Int32Array(size).fill(1),
    tokenTypeIds: integers(size, 2),
    startPositions: integers(batchSize, TOKENS),
    endPositions: integers(batchSize, TOKENS),
  };
}
