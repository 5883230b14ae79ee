// Every fast kernel beside its reference: the same operation on the same random inputs, value and gradients.
import * as tf from '@tensorflow/tfjs-core';
import type { Activation, OpAttributes, OpName } from '../../../src/engine/gpu/graph.ts';
import { referenceKernels } from '../../../src/engine/gpu/reference/index.ts';
import type { ReferenceKernel } from '../../../src/engine/gpu/reference/kernel.ts';
import { createRandom } from '../../../src/engine/random.ts';

type Operations = typeof referenceKernels;

export interface ParityCase {
  readonly name: string;
  readonly op: keyof Operations;
  readonly attributes: OpAttributes[OpName];
  readonly inputs: readonly Input[];
}

/** Numbers in ±1; 0 and 1; or ids below `below`. */
export interface Input {
  readonly shape: readonly number[];
  readonly kind: 'real' | 'bits' | 'ids';
  /** Share of ones. */
  readonly share?: number;
  readonly below?: number;
}

const real = (...shape: number[]): Input => ({ shape, kind: 'real' });
const bits = (share: number, ...shape: number[]): Input => ({ shape, kind: 'bits', share });
const ids = (below: number, ...shape: number[]): Input => ({ shape, kind: 'ids', below });

/** [rows, inner, columns]: smaller than any tile, no multiple of any, several tiles and blocks of every kind. */
const sizes: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [7, 13, 9],
  [50, 391, 70],
  [200, 96, 130],
];

const linearCases: readonly ParityCase[] = [
  ...sizes.flatMap(([R, K, N]) => [
    linear(`${R}×${K}×${N}`, 'none', [real(R, K), real(N, K), real(N)]),
    linear(`${R}×${K}×${N} masked, GELU`, 'gelu', [real(R, K), real(N, K), real(N), bits(0.6, N, K)]),
    linear(`${R}×${K}×${N} mostly pruned, GELU`, 'gelu', [real(R, K), real(N, K), real(N), bits(0.1, N, K)]),
  ]),
  linear('wholly pruned', 'none', [real(9, 6), real(5, 6), real(5), bits(0, 5, 6)]),
  ...(['relu', 'tanh', 'gelu_new'] as const).map((activation) =>
    linear(activation, activation, [real(5, 6), real(7, 6), real(7), real(7, 6)]),
  ),
  linear('wider than one packing', 'none', [real(4, 16_400), real(66, 16_400), real(66), bits(0.5, 66, 16_400)]),
];

function linear(name: string, activation: Activation, inputs: readonly Input[]): ParityCase {
  return { name: `linear ${name}`, op: 'linear', attributes: { activation }, inputs };
}

const attentionCases: readonly ParityCase[] = [
  [1, 1, 1, 1],
  [2, 5, 3, 6],
  [3, 12, 2, 32],
  [2, 67, 1, 5],
  [1, 400, 1, 8],
].flatMap(([batch = 0, tokens = 0, heads = 0, size = 0]) =>
  [0, 0.3].map((dropout) => {
    const rows = real(batch * tokens, heads * size);
    return {
      name: `attention B ${batch}, T ${tokens}, N ${heads}, D ${size}, dropout ${dropout}`,
      op: 'attention' as const,
      attributes: { heads, dropout, site: 5 },
      inputs: [rows, rows, rows, ids(2, batch, tokens)],
    };
  }),
);

const rowCases: readonly ParityCase[] = [
  [1, 1],
  [3, 6],
  [37, 384],
  [70, 93],
].flatMap(([R = 0, H = 0]) => [
  { name: `layerNorm ${R}×${H}`, op: 'layerNorm', attributes: { epsilon: 1e-5 }, inputs: norm(R, H) },
  {
    name: `layerNorm ${R}×${H} with residual`,
    op: 'layerNorm',
    attributes: { epsilon: 1e-5 },
    inputs: [...norm(R, H), real(R, H)],
  },
  { name: `dropout ${R}×${H}`, op: 'dropout', attributes: { rate: 0.1, site: 3 }, inputs: [real(R, H)] },
]);

function norm(rows: number, hidden: number): readonly Input[] {
  return [real(rows, hidden), real(hidden), real(hidden)];
}

const embeddingCases: readonly ParityCase[] = [6, 70].flatMap((hidden) => [
  {
    name: `embedding H ${hidden}`,
    op: 'embedding',
    attributes: { padTokenId: 0, skipsPadding: false },
    inputs: [ids(9, 3, 40), real(9, hidden), real(50, hidden), ids(2, 3, 40), real(2, hidden)],
  },
  {
    name: `embedding H ${hidden} without token types`,
    op: 'embedding',
    attributes: { padTokenId: 3, skipsPadding: false },
    inputs: [ids(9, 2, 4), real(9, hidden), real(4, hidden)],
  },
  {
    name: `embedding H ${hidden} that skips padding`,
    op: 'embedding',
    attributes: { padTokenId: 1, skipsPadding: true },
    inputs: [ids(9, 2, 4), real(9, hidden), real(7, hidden)],
  },
]);

const scoreCases: readonly ParityCase[] = [
  ...(['l0', 'l0_sampled'] as const).map((method) => ({
    name: `${method} gate`,
    op: 'mask' as const,
    attributes: { method, row: null, site: 4 },
    inputs: [real(190, 93)],
  })),
  { name: 'penalty', op: 'penalty', attributes: { shift: -0.4 }, inputs: [real(3, 7), real(190, 93)] },
];

export const parityCases: readonly ParityCase[] = [
  ...linearCases,
  ...attentionCases,
  ...rowCases,
  ...embeddingCases,
  ...scoreCases,
];

/** Largest ‖fast − reference‖/‖reference‖ of value and gradients. */
export async function parityError(operations: Operations, { op, attributes, inputs }: ParityCase): Promise<number> {
  const before = tf.memory().numTensors;
  const tensors = inputs.map(tensorOf);
  const run = (kernels: Operations) =>
    runBoth(kernels[op] as unknown as ReferenceKernel<'linear'>, tensors, attributes);
  const [fast, reference] = [await run(operations), await run(referenceKernels)];
  tf.dispose(tensors);
  if (tf.memory().numTensors !== before) throw new Error(`${op}: expected every tensor to be freed`);
  if (fast.length !== reference.length)
    throw new Error(`${op}: expected ${reference.length} results, got ${fast.length}`);
  return Math.max(...fast.map((numbers, index) => relativeError(numbers, reference[index]!)));
}

/** Value and wanted gradients, each an array of numbers. */
async function runBoth(
  kernel: ReferenceKernel<'linear'>,
  inputs: readonly tf.Tensor[],
  opAttributes: OpAttributes[OpName],
): Promise<Float32Array[]> {
  const attributes = opAttributes as OpAttributes['linear'];
  const scalars = { threshold: 0.5, seed: 11 };
  const { value, saved } = kernel.forward(inputs, attributes, scalars);
  const gradient = tf.tensor(randomNumbers(value.size, 99), value.shape);
  const gradients = kernel.backward({
    gradient,
    inputs,
    value,
    saved,
    attributes,
    wanted: inputs.map(({ dtype }) => dtype === 'float32'),
    scalars,
    hostFeed: (input) => input.dataSync() as Int32Array,
  });
  const results = [value, ...gradients].filter((tensor) => tensor !== null);
  const numbers = await Promise.all(results.map(async (tensor) => Float32Array.from(await tensor.data())));
  tf.dispose([value, ...saved, gradient, ...results]);
  return numbers;
}

function tensorOf({ shape, kind, below = 2, share = 0.5 }: Input, index: number): tf.Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (kind === 'real') return tf.tensor(randomNumbers(size, index), [...shape]);
  const random = createRandom(index);
  return kind === 'ids'
    ? tf.tensor(
        Int32Array.from({ length: size }, () => random.integer(below)),
        [...shape],
        'int32',
      )
    : tf.tensor(
        Float32Array.from({ length: size }, () => (random.float() < share ? 1 : 0)),
        [...shape],
      );
}

/** Uniform in ±1. */
export function randomNumbers(size: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: size }, () => 2 * random.float() - 1);
}

export function relativeError(numbers: Float32Array, reference: Float32Array): number {
  if (numbers.length !== reference.length) return Number.NaN;
  const norm = (x: Float32Array) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
  const difference = norm(numbers.map((value, i) => value - reference[i]!));
  return difference === 0 ? 0 : difference / norm(reference);
}
