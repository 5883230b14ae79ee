// Every reference kernel's backward against central differences of its forward.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OpAttributes } from '../../../src/engine/gpu/graph.ts';
import { referenceKernels } from '../../../src/engine/gpu/reference/index.ts';
import type { ReferenceKernel } from '../../../src/engine/gpu/reference/kernel.ts';
import { createRandom } from '../../../src/engine/random.ts';

type Tested = keyof typeof referenceKernels;

interface Case<O extends Tested> {
  readonly op: O;
  readonly attributes: OpAttributes[O];
  readonly inputs: readonly Input[];
  readonly name?: string;
}

/** Float inputs get a gradient; integer ones are feeds. */
type Input = {
  readonly shape: readonly number[];
  readonly ids?: readonly number[];
  readonly fixed?: readonly number[];
};

const STEP = 1e-2;
const scalars = { threshold: 0.5, seed: 7 };

const floats = (...shape: number[]): Input => ({ shape });
const ids = (shape: number[], values: number[]): Input => ({ shape, ids: values });
const constant = (shape: number[], values: number[]): Input => ({ shape, fixed: values });

const linearInputs = [floats(5, 3), floats(4, 3), floats(4)];
const qkv = [floats(6, 4), floats(6, 4), floats(6, 4), ids([2, 3], [1, 1, 1, 1, 1, 0])];

const cases: readonly Case<Tested>[] = [
  ...(['none', 'gelu', 'gelu_new', 'tanh'] as const).map((activation) => ({
    op: 'linear' as const,
    name: `linear with ${activation}`,
    attributes: { activation },
    inputs: linearInputs,
  })),
  {
    op: 'linear',
    name: 'linear under a real-valued mask',
    attributes: { activation: 'gelu' },
    inputs: [...linearInputs, floats(4, 3)],
  },
  { op: 'layerNorm', attributes: { epsilon: 1e-5 }, inputs: [floats(3, 6), floats(6), floats(6), floats(3, 6)] },
  { op: 'attention', attributes: { heads: 2, dropout: 0, site: 0 }, inputs: qkv },
  { op: 'attention', name: 'attention with dropout', attributes: { heads: 2, dropout: 0.3, site: 1 }, inputs: qkv },
  { op: 'dropout', attributes: { rate: 0.4, site: 3 }, inputs: [floats(4, 5)] },
  {
    op: 'embedding',
    attributes: { padTokenId: 2, skipsPadding: true },
    inputs: [ids([2, 2], [1, 3, 1, 0]), floats(7, 3), floats(5, 3), ids([2, 2], [0, 1, 1, 0]), floats(2, 3)],
  },
  { op: 'firstToken', attributes: { tokens: 2 }, inputs: [floats(6, 3)] },
  { op: 'meanTokens', attributes: {}, inputs: [floats(6, 3), ids([2, 3], [1, 1, 0, 1, 1, 1])] },
  { op: 'sliceRows', attributes: { from: 1, count: 3 }, inputs: [floats(5, 2)] },
  { op: 'gatherRows', attributes: {}, inputs: [floats(5, 2), ids([3], [4, 0, 2])] },
  { op: 'tokenCrossEntropy', attributes: {}, inputs: [floats(4, 5), ids([4], [3, -1, 0, 4])] },
  { op: 'spanRows', attributes: { tokens: 3 }, inputs: [floats(6, 2)] },
  { op: 'crossEntropy', attributes: {}, inputs: [floats(3, 4), ids([3], [0, 3, 1])] },
  {
    op: 'distillation',
    attributes: { temperature: 2 },
    inputs: [floats(2, 3), constant([2, 3], [0.2, -1, 0.7, 1, 0.1, -0.4])],
  },
  {
    op: 'annealedCrossEntropy',
    attributes: {},
    inputs: [floats(5, 3), ids([5], [0, 2, 1, 1, 2]), constant([1], [0.35])],
  },
  {
    op: 'consistency',
    attributes: { temperature: 0.8, confidenceThreshold: 0.5 },
    inputs: [floats(3, 3), constant([3, 3], [0.2, -1, 0.7, 2, 0.1, -0.4, 0, 0.1, 0])],
  },
  { op: 'mask', name: 'l0 gate', attributes: { method: 'l0', row: null, site: 1 }, inputs: [floats(3, 4)] },
  {
    op: 'mask',
    name: 'sampled l0 gate',
    attributes: { method: 'l0_sampled', row: null, site: 1 },
    inputs: [floats(3, 4)],
  },
  { op: 'penalty', attributes: { shift: -1.5 }, inputs: [floats(2, 3), floats(4, 2)] },
];

describe('the gradient of', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each(cases.map((each) => [each.name ?? each.op, each] as const))('%s equals central differences', (_, each) => {
    const inputs = each.inputs.map((input, index) => toTensor(input, index));
    const kernel = referenceKernels[each.op] as unknown as ReferenceKernel<'linear'>;
    const forward = (tensors: readonly tf.Tensor[]) => kernel.forward(tensors, each.attributes as never, scalars);
    const { value, saved } = forward(inputs);
    const cotangent = randomTensor(value.shape, 99);
    const loss = (tensors: readonly tf.Tensor[]) => tf.sum(tf.mul(forward(tensors).value, cotangent)).dataSync()[0]!;
    const wanted = each.inputs.map(({ ids: isIds, fixed }) => !isIds && !fixed);
    const gradients = kernel.backward({
      gradient: cotangent,
      inputs,
      value,
      saved,
      attributes: each.attributes as never,
      wanted,
      scalars,
      hostFeed: (tensor) => tensor.dataSync() as Int32Array,
    });
    wanted.forEach((isWanted, which) => {
      if (!isWanted) return;
      const gradient = gradients[which]!.dataSync();
      const numeric = differences(inputs, which, loss);
      for (const [index, slope] of numeric.entries()) {
        expect(Math.abs(gradient[index]! - slope), `input ${which}[${index}]`).toBeLessThan(
          2e-3 * (1 + Math.abs(slope)),
        );
      }
    });
  });
});

function differences(
  inputs: readonly tf.Tensor[],
  which: number,
  loss: (inputs: readonly tf.Tensor[]) => number,
): number[] {
  const values = Array.from(inputs[which]!.dataSync());
  return values.map((value, index) => {
    const at = (moved: number) => {
      const disturbed = tf.tensor(values.with(index, moved), inputs[which]!.shape);
      return loss(inputs.with(which, disturbed));
    };
    return (at(value + STEP) - at(value - STEP)) / (2 * STEP);
  });
}

function toTensor({ shape, ids: integers, fixed }: Input, index: number): tf.Tensor {
  if (integers) return tf.tensor([...integers], [...shape], 'int32');
  return fixed ? tf.tensor([...fixed], [...shape]) : randomTensor(shape, index);
}

function randomTensor(shape: readonly number[], seed: number): tf.Tensor {
  const random = createRandom(seed + 1);
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tf.tensor(
    Array.from({ length: size }, () => 2 * random.float() - 1),
    [...shape],
  );
}
