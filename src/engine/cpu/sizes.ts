// Elements that the kernels of this folder allocate per operation: what forward saves beside its value, what backward
// makes, and the room and scratch that all of them share. Losses and reshapes of logits are too small to be exact about.
import type { Operation, Shape, Value } from '../gpu/graph.ts';
import { PRODUCT_SCRATCH } from './cpu.ts';
import { attentionScratch, probabilityElements } from './kernels/attention.ts';
import { packedBytes } from './product.ts';
import { compressedElements, sparseScratch } from './sparse.ts';

type Attention = Extract<Operation, { op: 'attention' }>;

const sizeOf = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);

function inputAt({ op, inputs }: Operation, index: number): Value {
  const input = inputs[index];
  if (!input) throw new Error(`${op}: expected input ${index}, got ${inputs.length} inputs`);
  return input;
}

/** Sizes of the tensors that forward saves; `keptFraction` is the share of masked weights in use. */
export function savedSizes(operation: Operation, keptFraction: number): number[] {
  switch (operation.op) {
    case 'linear': {
      const h = operation.attributes.activation === 'none' ? [] : [sizeOf(operation.shape)];
      return operation.inputs[3] ? [...h, compressedElements(inputAt(operation, 1).shape, keptFraction)] : h;
    }
    case 'attention':
      return [probabilityElements(attentionShape(operation))];
    case 'layerNorm':
      return [sizeOf(operation.shape), operation.shape[0] ?? 0];
    case 'mask': // the l0 gate
      return [sizeOf(operation.shape)];
    case 'crossEntropy':
      return [sizeOf(inputAt(operation, 0).shape)];
    default:
      return [];
  }
}

export interface GradientSizes {
  /** Held while the results are made. */
  readonly scratch: number;
  /** Per input; 0 where none is made, 'first' where it is the first input's. */
  readonly results: readonly (number | 'first')[];
}

export function gradientSizes(operation: Operation, wanted: readonly boolean[]): GradientSizes {
  const results = operation.inputs.map(({ shape }, index) => (wanted[index] ? sizeOf(shape) : 0));
  switch (operation.op) {
    case 'linear':
      return { scratch: operation.attributes.activation === 'none' ? 0 : sizeOf(operation.shape), results };
    case 'attention': // all three at once, wanted or not
      return { scratch: 0, results: operation.inputs.map(({ shape }, index) => (index < 3 ? sizeOf(shape) : 0)) };
    case 'layerNorm': // x and residual share theirs
      return { scratch: 0, results: results.map((size, index) => (index === 3 && size && wanted[0] ? 'first' : size)) };
    default:
      return { scratch: 0, results };
  }
}

/** Bytes of the room and the threads' scratch, which grow to what the greediest kernel asks for. */
export function roomBytes(o: {
  readonly trained: readonly Operation[];
  readonly evaluated: readonly Operation[];
  readonly threads: number;
}): number {
  const { trained, evaluated, threads } = o;
  const rooms = [
    ...trained.map((operation) => linearRoom(operation, true)),
    ...evaluated.map((each) => linearRoom(each, false)),
  ];
  const scratch = [...trained, ...evaluated].map((operation) => {
    if (operation.op === 'attention') return attentionScratch(attentionShape(operation));
    if (operation.op === 'linear' && operation.inputs[3]) return sparseScratch(inputAt(operation, 1).shape[1] ?? 0);
    return 0;
  });
  return Math.max(0, ...rooms) + 4 * threads * Math.max(PRODUCT_SCRATCH, ...scratch);
}

/** y [R, N] = x [R, K] Wᵀ packs Wᵀ; on the way back dx = dy W packs W, and dW = dyᵀ x packs x. */
function linearRoom(operation: Operation, goesBack: boolean): number {
  if (operation.op !== 'linear') return 0;
  const [rows = 0, inner = 0] = inputAt(operation, 0).shape;
  const columns = operation.shape[1] ?? 0;
  const forward = packedBytes({ n: columns, k: inner });
  if (!goesBack) return forward;
  return Math.max(forward, packedBytes({ n: inner, k: columns }), packedBytes({ n: inner, k: rows }));
}

function attentionShape(operation: Attention) {
  const [batch = 0, tokens = 0] = inputAt(operation, 3).shape;
  const { heads } = operation.attributes;
  return { batch, tokens, heads, size: (operation.shape[1] ?? 0) / heads };
}
