// One training step of a small random BERT on any executor: what it computed, to be compared with another's.
import type { Executor, StepReport, Term } from '../../../src/engine/gpu/executor.ts';
import { type Operation, topologicalOrder, type Value } from '../../../src/engine/gpu/graph.ts';
import { parseConfig } from '../../../src/engine/model/config.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { createProgram, type ProgramOptions } from '../../../src/engine/train/program.ts';

const BERT = {
  model_type: 'bert',
  vocab_size: 31,
  hidden_size: 24,
  num_attention_heads: 3,
  intermediate_size: 36,
  max_position_embeddings: 12,
  type_vocab_size: 2,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
  layer_norm_eps: 1e-12,
  pad_token_id: 0,
};

const TOKENS = 7;

export interface TrainingRun {
  readonly terms: readonly Term[];
  /** Shapes by name. */
  readonly parameters: ReadonlyMap<string, readonly number[]>;
  readonly batchSize: number;
  setParameters(executor: Executor): void;
}

export function trainingRun(o: {
  readonly pruning: ProgramOptions['pruning'];
  readonly recomputesLayers: boolean;
  readonly layers: number;
  readonly batchSize?: number;
}): TrainingRun {
  const { pruning, recomputesLayers, layers, batchSize = 3 } = o;
  const program = createProgram({
    config: parseConfig({ ...BERT, num_hidden_layers: layers }),
    task: 'text-classification',
    labels: 3,
    pruning,
    samplesGates: true,
    temperature: null,
    recomputesLayers,
  });
  const graph = program.training({ batchSize, tokens: TOKENS });
  const terms = [
    { name: 'task', value: graph.task, weight: 1 },
    ...(graph.penalty ? [{ name: 'penalty', value: graph.penalty, weight: 3 }] : []),
  ];
  const parameters = parametersOf(terms.map(({ value }) => value));
  const setParameters = (executor: Executor) => {
    [...parameters].forEach(([name, shape], index) => {
      executor.setParameter(name, { shape, data: randomNumbers(sizeOf(shape), 1000 + index) });
    });
  };
  return { terms, parameters, batchSize, setParameters };
}

/** One micro-batch, with everything trainable; `seed` draws dropout and, with the batch's size, its texts. */
async function accumulate(
  executor: Executor,
  { terms, batchSize, parameters }: TrainingRun,
  { seed, threshold }: { readonly seed: number; readonly threshold: number },
): Promise<void> {
  const random = createRandom(seed + batchSize);
  const integers = (size: number, below: number) => Int32Array.from({ length: size }, () => random.integer(below));
  const rows = batchSize * TOKENS;
  await executor.accumulate({
    terms,
    inputs: {
      feeds: {
        inputIds: integers(rows, BERT.vocab_size),
        attentionMask: Int32Array.from({ length: rows }, (_, i) => (i % TOKENS < 5 ? 1 : 0)),
        tokenTypeIds: integers(rows, 2),
        labels: integers(batchSize, 3),
      },
      threshold,
      seed,
      cutVersion: 0,
    },
    trainable: new Set(parameters.keys()),
    share: 0.5,
  });
}

/** Updates `from` … `to` of two micro-batches each, whose masks grow sparser; what each reports. */
export async function trainSteps(
  executor: Executor,
  run: TrainingRun,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<StepReport[]> {
  const groups = [{ names: [...run.parameters.keys()], learningRate: 0.01, weightDecay: 0.1 }];
  const reports: StepReport[] = [];
  for (let step = from; step <= to; step++) {
    for (const batch of [0, 1]) await accumulate(executor, run, { seed: 10 * step + batch, threshold: 1 - step / 10 });
    await executor.update({ groups, step, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, maxGradNorm: 1 });
    reports.push(await executor.readReport());
  }
  return reports;
}

/** Every term and gradient of one micro-batch with everything trainable. */
export async function trainOnce(executor: Executor, run: TrainingRun): Promise<Record<string, number[]>> {
  const names = [...run.parameters.keys()];
  await accumulate(executor, run, { seed: 9, threshold: 0.6 });
  const gradients: Record<string, number[]> = {};
  for (const name of names) {
    const gradient = await executor.readGradient(name).catch(() => null);
    if (gradient) gradients[name] = [...gradient];
  }
  await executor.update({ groups: [], step: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, maxGradNorm: 0 });
  const { terms: losses, gradientNorm } = await executor.readReport();
  return { ...gradients, losses: [...Object.values(losses), gradientNorm] };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

function parametersOf(values: readonly Value[]): Map<string, readonly number[]> {
  const inputs = topologicalOrder(values).flatMap((operation: Operation) => operation.inputs);
  return new Map(inputs.flatMap((input) => (input.kind === 'parameter' ? [[input.name, input.shape]] : [])));
}

/** Uniform in ±0.7. */
function randomNumbers(size: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: size }, () => (2 * random.float() - 1) * 0.7);
}
