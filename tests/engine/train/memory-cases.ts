// Runs of every kind whose memory is estimated and then measured, on either backend.
import type { Executor } from '../../../src/engine/gpu/executor.ts';
import type { Shape } from '../../../src/engine/gpu/graph.ts';
import { parameterShapes } from '../../../src/engine/model/architecture.ts';
import { parseConfig } from '../../../src/engine/model/config.ts';
import { hasScores, scoresName } from '../../../src/engine/pruning/masked-linear.ts';
import { createRandom } from '../../../src/engine/random.ts';
import type { MemoryRequest } from '../../../src/engine/train/memory.ts';
import { parameterGroups } from '../../../src/engine/train/parameter-groups.ts';
import { createProgram, type ProgramOptions, type TrainingShape, valuesOf } from '../../../src/engine/train/program.ts';

const config = parseConfig({
  model_type: 'bert',
  vocab_size: 500,
  hidden_size: 64,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  intermediate_size: 256,
  max_position_embeddings: 64,
});

export interface MemoryCase {
  readonly name: string;
  readonly task?: ProgramOptions['task'];
  readonly pruning?: ProgramOptions['pruning'];
  readonly threshold?: number;
  readonly freezeEmbeddings?: boolean;
  readonly freezeWeights?: boolean;
  readonly recomputesLayers?: boolean;
  readonly accumulation?: number;
  readonly training?: readonly TrainingShape[];
}

const masked = (method: 'topK' | 'magnitude' | 'l0', isGlobal = false) =>
  ({ method, isGlobal, regularization: method === 'l0' ? 'l0' : null }) as const;
const shape = (batchSize: number, tokens: number) => ({ batchSize, tokens });
const filled = (batchSize: number, tokens: number) => ({ batchSize, tokens, masked: 10 * batchSize });

export const memoryCases: readonly MemoryCase[] = [
  { name: 'dense' },
  { name: 'dense, embeddings frozen', freezeEmbeddings: true },
  { name: 'dense, layers computed again', recomputesLayers: true },
  { name: 'dense, three micro-batches', accumulation: 3 },
  { name: 'dense, shapes from small to large', training: [shape(4, 16), shape(8, 40), shape(8, 64), shape(3, 24)] },
  { name: 'answers', task: 'question-answering' },
  { name: 'words', task: 'fill-mask', training: [filled(8, 64)] },
  {
    name: 'words, embeddings frozen, two micro-batches',
    task: 'fill-mask',
    training: [filled(8, 64)],
    freezeEmbeddings: true,
    accumulation: 2,
  },
  { name: 'topK, most kept', pruning: masked('topK'), threshold: 0.8 },
  { name: 'topK, little kept', pruning: masked('topK', true), threshold: 0.15 },
  { name: 'topK, scores alone', pruning: masked('topK'), freezeWeights: true, freezeEmbeddings: true },
  {
    name: 'topK, little kept, scores alone, layers computed again, two micro-batches',
    pruning: masked('topK'),
    threshold: 0.15,
    freezeWeights: true,
    freezeEmbeddings: true,
    recomputesLayers: true,
    accumulation: 2,
  },
  { name: 'magnitude', pruning: masked('magnitude') },
  { name: 'l0', pruning: masked('l0'), threshold: 1 },
];

export const requestOf = (each: MemoryCase, target: MemoryRequest['target']): MemoryRequest => {
  const { threshold = 0.5, accumulation = 1 } = each;
  return {
    program: programOptions(each),
    groups: groupsOf(each),
    training: each.training ?? [shape(8, 64)],
    evaluation: [each.task === 'fill-mask' ? filled(16, 64) : shape(16, 64)],
    accumulation,
    keptFractions: [threshold, threshold],
    target,
    budgetBytes: null,
  };
};

function programOptions({ pruning = null, recomputesLayers = false, task = 'text-classification' }: MemoryCase) {
  return { config, task, labels: 3, pruning, samplesGates: true, temperature: null, recomputesLayers };
}

function shapesOf(each: MemoryCase): Map<string, Shape> {
  const { task, labels, pruning } = programOptions(each);
  const shapes = new Map<string, Shape>(parameterShapes(config, task, labels));
  if (pruning && hasScores(pruning.method)) {
    const { matrices } = createProgram(programOptions(each));
    for (const { name, rows, columns } of matrices) shapes.set(scoresName(name), [rows, columns]);
  }
  return shapes;
}

function groupsOf(each: MemoryCase) {
  const names = [...shapesOf(each).keys()];
  const scores = names.filter((name) => name.endsWith('mask_scores'));
  return parameterGroups({
    config,
    parameters: names.filter((name) => !scores.includes(name)),
    maskedWeights: createProgram(programOptions(each)).matrices.map(({ name }) => name),
    learning: {
      learningRate: 1e-3,
      weightDecay: 0,
      freezeEmbeddings: each.freezeEmbeddings ?? false,
      freezeWeights: each.freezeWeights ?? false,
    },
    scores: scores.length > 0 ? { names: scores, learningRate: 1e-2 } : null,
  });
}

/** Two updates of every training shape, then an evaluation. */
export async function carryOut(executor: Executor, each: MemoryCase): Promise<void> {
  const request = requestOf(each, { backend: 'wasm', threads: 1 });
  const program = createProgram(request.program);
  let seed = 0;
  for (const [name, extents] of shapesOf(each)) executor.setParameter(name, randomTensor(extents, seed++));
  const trainable = new Set(request.groups.flatMap(({ names }) => names));
  for (let step = 1; step <= 2; step++) {
    for (const batch of request.training) {
      const values = valuesOf(program.training(batch));
      for (let index = 0; index < request.accumulation; index++) {
        await executor.accumulate({
          terms: values.map((value, term) => ({ name: `${term}`, value, weight: 1 })),
          inputs: inputsOf(batch, each),
          trainable,
          share: 1 / request.accumulation,
        });
      }
      await executor.update({ groups: request.groups, step, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, maxGradNorm: 1 });
    }
  }
  const evaluated = each.task === 'fill-mask' ? program.wordLoss : program.logits;
  for (const batch of request.evaluation) await executor.evaluate([evaluated(batch)], inputsOf(batch, each));
}

function inputsOf(
  { batchSize, tokens, masked = 0 }: TrainingShape,
  { threshold = 0.5, task = 'text-classification' }: MemoryCase,
) {
  const random = createRandom(tokens);
  const integers = (size: number, below: number) => Int32Array.from({ length: size }, () => random.integer(below));
  const size = batchSize * tokens;
  const targets = {
    'text-classification': () => ({ labels: integers(batchSize, 3) }),
    'question-answering': () => ({ labels: integers(2 * batchSize, tokens) }),
    'fill-mask': () => ({ labels: integers(masked, 500), places: integers(masked, size) }),
  };
  const feeds = {
    inputIds: integers(size, 500),
    attentionMask: new Int32Array(size).fill(1),
    tokenTypeIds: integers(size, 2),
    ...targets[task](),
  };
  return { feeds, threshold, seed: 1, cutVersion: 0 };
}

function randomTensor(extents: Shape, seed: number) {
  const random = createRandom(seed);
  const size = extents.reduce((product, extent) => product * extent, 1);
  return { shape: extents, data: Float32Array.from({ length: size }, () => (random.float() - 0.5) / 4) };
}
