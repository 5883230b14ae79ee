// The graphs of one run: what is trained and what is evaluated, made once per batch shape.
import {
  annealedCrossEntropy,
  annealedShare,
  confidentShare,
  consistency,
  crossEntropy,
  distillation,
  feed,
  sliceRows,
  tokenCrossEntropy,
  type Value,
} from '../gpu/graph.ts';
import { type MatrixInfo, type ModelTask, maskedMatrices } from '../model/architecture.ts';
import type { ModelConfig } from '../model/config.ts';
import {
  denseLinear,
  type EncoderOptions,
  encode,
  type Head,
  headLogits,
  type Pooling,
  tokenLogits,
} from '../model/encoder.ts';
import { createMasks, type Masks, type PruningMethod, scorePenalty } from '../pruning/masked-linear.ts';
import type { Batch } from '../text/types.ts';

export interface ProgramOptions {
  readonly config: ModelConfig;
  readonly task: ModelTask;
  /** Classes of the classifier; unused for spans. */
  readonly labels: number;
  readonly pruning: {
    readonly method: PruningMethod;
    readonly isGlobal: boolean;
    readonly regularization: 'l1' | 'l0' | null;
  } | null;
  /** Whether l0 draws its gates in training, as it should; golden vectors were made without the draw. */
  readonly samplesGates: boolean;
  /** Null where no teacher is in play. */
  readonly temperature: number | null;
  /** Of the classifier; `cls` unless asked for. */
  readonly pooling?: Pooling;
  /** How pairs of unlabelled texts are trained on (UDA). */
  readonly consistency?: ConsistencyOptions | null;
  /** Trains in less memory and a third more time: layers are computed again on the way back. Off unless asked for. */
  readonly recomputesLayers?: boolean;
}

export interface ConsistencyOptions {
  /** Of the target, that is of the original text's side; 1 leaves it as it is. */
  readonly temperature: number;
  /** Pairs whose target is no surer than this are dropped; −1 keeps all. */
  readonly confidenceThreshold: number;
}

/** Only what decides the shapes. */
export type BatchShape = Pick<Batch, 'batchSize' | 'tokens'>;

/** `pairs` beside `batchSize` labelled texts, all of the same length; of a masked batch, how many tokens it asks for. */
export type TrainingShape = BatchShape & { readonly pairs?: number; readonly masked?: number };

export interface TrainingGraph {
  /** Mean cross-entropy, annealed where there are pairs; of tokens for `fill-mask`. */
  readonly task: Value;
  readonly distillation: Value | null;
  readonly penalty: Value | null;
  readonly consistency: ConsistencyGraph | null;
}

export interface ConsistencyGraph {
  readonly loss: Value;
  /** Shares to be watched, of the labelled texts in use and of the pairs kept. */
  readonly labelledShare: Value;
  readonly pairShare: Value;
}

export interface Program {
  readonly matrices: readonly MatrixInfo[];
  training(shape: TrainingShape): TrainingGraph;
  /** Logits without dropout: [B, K], or [2B, T] for spans. */
  logits(shape: BatchShape): Value;
  /** Mean loss over the words asked for, without dropout: for `fill-mask`. */
  wordLoss(shape: TrainingShape): Value;
  /** Hidden states without dropout, the embeddings' output first. */
  hidden(shape: BatchShape): readonly Value[];
  /** Masks as evaluation sees them, in the matrices' order; empty for a dense model. */
  readonly masks: readonly Value[];
}

export function createProgram(options: ProgramOptions): Program {
  const { config, pruning } = options;
  const matrices = maskedMatrices(config);
  const evaluation = pruning && createMasks({ ...pruning, matrices, isTraining: false });
  const training =
    pruning?.method === 'l0' && options.samplesGates
      ? createMasks({ ...pruning, matrices, isTraining: true })
      : evaluation;
  const penalty = pruning?.regularization ? scorePenalty(pruning.regularization, matrices) : null;
  return {
    matrices,
    masks: evaluation?.values ?? [],
    training: perShape((shape) => {
      const encoder = (passShape: BatchShape) => trainingEncoder(options, passShape, training);
      return { ...graphOf(options, encoder, shape), penalty };
    }),
    wordLoss: perShape((shape) => wordLoss(evaluationEncoder(config, shape, evaluation), shape)),
    logits: perShape((shape) => headLogits(evaluationEncoder(config, shape, evaluation), headOf(options))),
    hidden: perShape((shape) => encode(evaluationEncoder(config, shape, evaluation))),
  };
}

function evaluationEncoder(config: ModelConfig, shape: BatchShape, masks: Masks | null): EncoderOptions {
  const { batchSize: batch, tokens } = shape;
  const linear = masks?.linear ?? denseLinear;
  return { config, batch, tokens, linear, isTraining: false, recomputesLayers: false };
}

function trainingEncoder(options: ProgramOptions, shape: BatchShape, masks: Masks | null): EncoderOptions {
  const { config, recomputesLayers = false } = options;
  return { ...evaluationEncoder(config, shape, masks), isTraining: true, recomputesLayers };
}

function graphOf(
  options: ProgramOptions,
  encoder: (shape: BatchShape) => EncoderOptions,
  shape: TrainingShape,
): Omit<TrainingGraph, 'penalty'> {
  if (shape.pairs) return pairedGraph(options, encoder, shape);
  if (options.task !== 'fill-mask') return labelledGraph(options, encoder(shape));
  return { task: wordLoss(encoder(shape), shape), distillation: null, consistency: null };
}

const wordLoss = (encoder: EncoderOptions, { masked = 0 }: TrainingShape): Value =>
  tokenCrossEntropy(tokenLogits(encoder, masked), feed('labels', [masked]));

const headOf = ({ task, labels, pooling = 'cls' }: ProgramOptions): Head => ({ task, labels, pooling });

function labelledGraph(options: ProgramOptions, encoder: EncoderOptions): Omit<TrainingGraph, 'penalty'> {
  const logits = headLogits(encoder, headOf(options));
  const task = crossEntropy(logits, feed('labels', [logits.shape[0] ?? 0]));
  return { task, distillation: distillationOf(options, logits), consistency: null };
}

function distillationOf({ temperature }: ProgramOptions, logits: Value): Value | null {
  return temperature === null
    ? null
    : distillation(logits, feed('teacherLogits', logits.shape, 'float32'), temperature);
}

/** Dropout sites of the pass over the original texts, past all others. */
const TARGET_SITE = 10_000;

/**
 * UDA's step. The authors send labelled, original and augmented texts through the encoder as one batch; here the
 * originals are a pass of their own, so that their half of the pairs costs no way back. It has dropout, as theirs has.
 */
function pairedGraph(
  options: ProgramOptions,
  encoder: (shape: BatchShape) => EncoderOptions,
  { batchSize, tokens, pairs = 0 }: TrainingShape,
): Omit<TrainingGraph, 'penalty'> {
  if (!options.consistency) throw new Error('program: expected options for pairs, got none');
  const originals = { feedPrefix: 'original.', firstSite: TARGET_SITE, recomputesLayers: false };
  const logits = headLogits(encoder({ batchSize: batchSize + pairs, tokens }), headOf(options)); // [B + P, K]
  const target = headLogits({ ...encoder({ batchSize: pairs, tokens }), ...originals }, headOf(options)); // [P, K]
  const labelled = sliceRows(logits, 0, batchSize);
  const threshold = feed('annealingThreshold', [1], 'float32');
  const annealing = { logits: labelled, labels: feed('labels', [batchSize]), threshold };
  return {
    task: annealedCrossEntropy(annealing),
    distillation: distillationOf(options, labelled),
    consistency: {
      loss: consistency(sliceRows(logits, batchSize, pairs), target, options.consistency),
      labelledShare: annealedShare(annealing),
      pairShare: confidentShare(target, options.consistency.confidenceThreshold),
    },
  };
}

/** Every term of a graph, in the order in which the trainer asks for them. */
export function valuesOf({ task, consistency, distillation, penalty }: TrainingGraph): Value[] {
  const watched = consistency ? [consistency.loss, consistency.labelledShare, consistency.pairShare] : [];
  return [task, ...watched, distillation, penalty].filter((value) => value !== null);
}

/** Remembers what a batch shape compiles to. */
function perShape<T>(make: (shape: TrainingShape) => T): (shape: TrainingShape) => T {
  const known = new Map<string, T>();
  return ({ batchSize, tokens, pairs = 0, masked = 0 }) => {
    const key = `${batchSize}+${pairs}×${tokens}/${masked}`;
    const made = known.get(key) ?? make({ batchSize, tokens, pairs, masked });
    known.set(key, made);
    return made;
  };
}
