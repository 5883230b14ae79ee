// What the contestants of a race train: the same encoder with a span head, from the same weights, on the same batch.
import type { HostTensor, ParameterGroup } from '../../src/engine/gpu/executor.ts';
import { parameterShapes } from '../../src/engine/model/architecture.ts';
import { type ModelConfig, parseConfig } from '../../src/engine/model/config.ts';
import { createRandom, type Random } from '../../src/engine/random.ts';
import type { Batch } from '../../src/engine/text/types.ts';
import { parameterGroups } from '../../src/engine/train/parameter-groups.ts';

export interface Sizes {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly tokens: number;
  readonly batch: number;
}

/** S is a small real model; D is so small that what happens between kernels decides. */
export const SIZES: Readonly<Record<'S' | 'D', Sizes>> = {
  S: { layers: 2, hidden: 128, heads: 2, feedForward: 512, vocabulary: 8192, tokens: 128, batch: 8 },
  D: { layers: 2, hidden: 32, heads: 2, feedForward: 128, vocabulary: 512, tokens: 16, batch: 2 },
};

export interface Workload {
  readonly config: ModelConfig;
  /** By checkpoint key. */
  readonly tensors: ReadonlyMap<string, HostTensor>;
  readonly batch: Batch;
  readonly freezesEmbeddings: boolean;
}

/** AdamW as all contestants run it, without clipping or schedule. */
export const LEARNING = { learningRate: 1e-4, weightDecay: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** An encoder of these sizes with weights drawn as BERT's are. */
export function randomWorkload(sizes: Sizes): Workload {
  const config = configOf(sizes);
  const random = createRandom(7);
  const shapes = parameterShapes(config, 'question-answering', 0);
  const tensors = new Map([...shapes].map(([name, shape]) => [name, { shape, data: drawn(name, shape, random) }]));
  return { config, tensors, batch: randomBatch(sizes), freezesEmbeddings: false };
}

/**
 * Texts of ¾ T to T tokens. Places past a text's end hold tokens that attention ignores instead of the padding token,
 * whose embedding is never trained: the rivals would need further operations for that.
 */
export function randomBatch({ batch, tokens, vocabulary }: Pick<Sizes, 'batch' | 'tokens' | 'vocabulary'>): Batch {
  const random = createRandom(3);
  const lengths = Array.from({ length: batch }, () => tokens - random.integer(tokens / 4));
  const startPositions = Int32Array.from(lengths, (length) => random.integer(length - 4));
  return {
    batchSize: batch,
    tokens,
    // Cubed, as some words are far more frequent than others.
    inputIds: Int32Array.from({ length: batch * tokens }, () => 1 + Math.floor(random.float() ** 3 * (vocabulary - 1))),
    attentionMask: Int32Array.from({ length: batch * tokens }, (_, i) =>
      i % tokens < lengths[Math.floor(i / tokens)]! ? 1 : 0,
    ),
    tokenTypeIds: new Int32Array(batch * tokens),
    startPositions,
    endPositions: startPositions.map((start) => start + random.integer(4)),
  };
}

export function sizesOf({ config, batch }: Workload): Sizes {
  return {
    layers: config.layers,
    hidden: config.hiddenSize,
    heads: config.heads,
    feedForward: config.intermediateSize,
    vocabulary: config.vocabularySize,
    tokens: batch.tokens,
    batch: batch.batchSize,
  };
}

/** What trains; biases and LayerNorm are not decayed. */
export function groupsOf({ config, tensors, freezesEmbeddings }: Workload): ParameterGroup[] {
  const { learningRate, weightDecay } = LEARNING;
  return parameterGroups({
    config,
    parameters: [...tensors.keys()],
    maskedWeights: [],
    learning: { learningRate, weightDecay, freezeEmbeddings: freezesEmbeddings, freezeWeights: false },
    scores: null,
  });
}

export function trainedNames(workload: Workload): ReadonlySet<string> {
  return new Set(groupsOf(workload).flatMap(({ names }) => names));
}

export function decayedNames(workload: Workload): ReadonlySet<string> {
  return new Set(groupsOf(workload).flatMap(({ names, weightDecay }) => (weightDecay > 0 ? names : [])));
}

function configOf(sizes: Sizes): ModelConfig {
  return parseConfig({
    model_type: 'bert',
    vocab_size: sizes.vocabulary,
    hidden_size: sizes.hidden,
    num_hidden_layers: sizes.layers,
    num_attention_heads: sizes.heads,
    intermediate_size: sizes.feedForward,
    max_position_embeddings: sizes.tokens,
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
  });
}

/** Matrices from N(0, 0.02²), biases 0, LayerNorm's weights 1. */
function drawn(name: string, shape: readonly number[], random: Random): Float32Array {
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (shape.length === 1) return new Float32Array(size).fill(name.endsWith('LayerNorm.weight') ? 1 : 0);
  return Float32Array.from({ length: size }, () => 0.02 * normal(random));
}

/** Box–Muller; 1 − u keeps the logarithm finite. */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
