// The graphs of one run: what is trained and what is evaluated, made once per batch shape.
import { crossEntropy, distillation, feed, type Value } from '../gpu/graph.ts';
import { type MatrixInfo, maskedMatrices } from '../model/architecture.ts';
import type { ModelConfig } from '../model/config.ts';
import { denseLinear, type EncoderOptions, encode, headLogits } from '../model/encoder.ts';
import { createMasks, type Masks, type PruningMethod, scorePenalty } from '../pruning/masked-linear.ts';
import type { Batch, Task } from '../text/types.ts';

export interface ProgramOptions {
  readonly config: ModelConfig;
  readonly task: Task;
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
  /** Trains in less memory and a third more time: layers are computed again on the way back. Off unless asked for. */
  readonly recomputesLayers?: boolean;
}

/** Only what decides the shapes. */
export type BatchShape = Pick<Batch, 'batchSize' | 'tokens'>;

export interface TrainingGraph {
  /** Mean cross-entropy. */
  readonly task: Value;
  readonly distillation: Value | null;
  readonly penalty: Value | null;
}

export interface Program {
  readonly matrices: readonly MatrixInfo[];
  training(shape: BatchShape): TrainingGraph;
  /** Logits without dropout: [B, K], or [2B, T] for spans. */
  logits(shape: BatchShape): Value;
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
    training: perShape((shape) => trainingGraph(options, trainingEncoder(options, shape, training), penalty)),
    logits: perShape((shape) => headLogits(evaluationEncoder(config, shape, evaluation), options.task, options.labels)),
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

function trainingGraph(options: ProgramOptions, encoder: EncoderOptions, penalty: Value | null): TrainingGraph {
  const logits = headLogits(encoder, options.task, options.labels);
  const rows = logits.shape[0] ?? 0;
  return {
    task: crossEntropy(logits, feed('labels', [rows])),
    distillation:
      options.temperature === null
        ? null
        : distillation(logits, feed('teacherLogits', logits.shape, 'float32'), options.temperature),
    penalty,
  };
}

/** Remembers what a batch shape compiles to. */
function perShape<T>(make: (shape: BatchShape) => T): (shape: BatchShape) => T {
  const known = new Map<string, T>();
  return ({ batchSize, tokens }) => {
    const key = `${batchSize}×${tokens}`;
    const made = known.get(key) ?? make({ batchSize, tokens });
    known.set(key, made);
    return made;
  };
}
