// gpu/reference/linear.ts on packed products: the mask is applied while packing, bias and GELU while a tile is hot.
// Where little is kept, forward and the input's gradient go over the kept weights alone.
import type * as tf from '@tensorflow/tfjs-core';
import { activate, activationGradient } from '../../gpu/reference/activation.ts';
import { type BackwardArguments, inputAt, type ReferenceKernel } from '../../gpu/reference/kernel.ts';
import type { Cpu } from '../cpu.ts';
import { type Matrix, multiply, multiplyInto, rowMajor, transposed } from '../product.ts';
import { compress, type SparseWeight, sparseAffine, sparseInputGradient } from '../sparse.ts';
import { columnSums } from './column-sums.ts';
import { ELEMENTS } from './tiles.ts';

export function linearKernel(cpu: Cpu): ReferenceKernel<'linear'> {
  return {
    forward(inputs, { activation }) {
      const { rows, columns } = sizesOf(inputs);
      const sparse = inputs[3] ? compress(cpu, inputAt(inputs, 1), inputs[3]) : null;
      const h = cpu.heap.output([rows, columns]);
      const activated = activation === 'gelu' ? cpu.heap.output([rows, columns]) : null;
      if (sparse) sparseAffine(cpu, { x: inputAt(inputs, 0), weight: sparse, bias: inputAt(inputs, 2), h, activated });
      else affine(cpu, inputs, h, activated);
      return {
        value: activated ?? activate(h, activation),
        saved: [...(activation === 'none' ? [] : [h]), ...(sparse ? tensorsOf(sparse) : [])],
      };
    },

    backward(args) {
      const { gradient, inputs, wanted } = args;
      const dh = preActivationGradient(cpu, args);
      const [dW, dMask] = weightGradients(cpu, dh, args);
      const gradients = [
        wanted[0] ? inputGradient(cpu, dh, args) : null,
        dW,
        wanted[2] ? columnSums(cpu, dh, null) : null,
        ...(inputs[3] ? [dMask] : []),
      ];
      if (dh !== gradient) dh.dispose();
      return gradients;
    },
  };
}

const tensorsOf = ({ starts, kept, values }: SparseWeight): tf.Tensor[] => [starts, kept, values];

function sparseOf([starts, kept, values]: readonly tf.Tensor[]): SparseWeight | null {
  return starts && kept && values ? { starts, kept, values } : null;
}

/** x [R, K], weight [N, K] */
function sizesOf(inputs: readonly tf.Tensor[]) {
  const [rows = 0, inner = 0] = inputAt(inputs, 0).shape;
  const [columns = 0] = inputAt(inputs, 1).shape;
  return { rows, inner, columns };
}

/** h = x (M∘W)ᵀ + bias, and gelu(h) where there is an `activated`. */
function affine(cpu: Cpu, inputs: readonly tf.Tensor[], h: tf.Tensor, activated: tf.Tensor | null): void {
  const { addressOf } = cpu.heap;
  const { rows, inner, columns } = sizesOf(inputs);
  const [x, weight, bias] = [inputAt(inputs, 0), inputAt(inputs, 1), inputAt(inputs, 2)].map(addressOf) as Three;
  const [to, activatedTo] = [addressOf(h), activated ? addressOf(activated) : 0];
  multiply(
    cpu,
    {
      a: rowMajor(x, inner),
      b: transposed(rowMajor(weight, inner)),
      mask: inputs[3] ? addressOf(inputs[3]) : 0,
      m: rows,
      n: columns,
      k: inner,
    },
    {
      kernel: 'affineTile',
      before: (column) => [to + 4 * column, columns],
      after: (column) => [bias + 4 * column, activatedTo === 0 ? 0 : activatedTo + 4 * column],
    },
  );
}

type Three = [number, number, number];

function preActivationGradient(cpu: Cpu, args: BackwardArguments<'linear'>): tf.Tensor {
  const { gradient, value, saved, attributes } = args;
  if (attributes.activation === 'none') return gradient;
  const h = inputAt(saved, 0);
  if (attributes.activation !== 'gelu') return activationGradient(gradient, h, value, attributes.activation);
  const dh = cpu.heap.output(gradient.shape);
  const addresses = [dh, gradient, h].map(cpu.heap.addressOf);
  cpu.run('geluGradientTile', Math.ceil(dh.size / ELEMENTS), [...addresses, dh.size]);
  return dh;
}

/** dx = dh (M∘W) */
function inputGradient(cpu: Cpu, dh: tf.Tensor, { inputs, saved, attributes }: BackwardArguments<'linear'>): tf.Tensor {
  const { addressOf } = cpu.heap;
  const { rows, inner, columns } = sizesOf(inputs);
  const dx = cpu.heap.output([rows, inner]);
  const sparse = sparseOf(attributes.activation === 'none' ? saved : saved.slice(1));
  if (sparse) {
    sparseInputGradient(cpu, dx, dh, sparse);
    return dx;
  }
  multiplyInto(cpu, addressOf(dx), {
    a: rowMajor(addressOf(dh), columns),
    b: rowMajor(addressOf(inputAt(inputs, 1)), inner),
    mask: inputs[3] ? addressOf(inputs[3]) : 0,
    m: rows,
    n: inner,
    k: columns,
  });
  return dx;
}

/** From dW′ = dhᵀ x: dW = dW′∘M (or dW′ itself, unmasked) and dM = dW′∘W, each where wanted. */
function weightGradients(
  cpu: Cpu,
  dh: tf.Tensor,
  { inputs, wanted }: BackwardArguments<'linear'>,
): [tf.Tensor | null, tf.Tensor | null] {
  const { addressOf } = cpu.heap;
  const { rows, inner, columns } = sizesOf(inputs);
  const [weight, mask] = [inputAt(inputs, 1), inputs[3]];
  const dW = wanted[1] ? cpu.heap.output([columns, inner]) : null;
  const dMask = mask && wanted[3] ? cpu.heap.output([columns, inner]) : null;
  if (!dW && !dMask) return [null, null];
  const a: Matrix = transposed(rowMajor(addressOf(dh), columns));
  const b = rowMajor(addressOf(inputAt(inputs, 0)), inner);
  const product = { a, b, mask: 0, m: columns, n: inner, k: rows };
  if (!mask) {
    multiplyInto(cpu, addressOf(dW as tf.Tensor), product);
    return [dW, null];
  }
  const shifted = (tensor: tf.Tensor | null, column: number) => (tensor ? addressOf(tensor) + 4 * column : 0);
  multiply(cpu, product, {
    kernel: 'maskedGradientTile',
    before: (column) => [shifted(dW, column), shifted(dMask, column), inner],
    after: (column) => [shifted(weight, column), shifted(mask, column)],
  });
  return [dW, dMask];
}
