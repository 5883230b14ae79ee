// The definition of every operation that runs as plain tfjs ops. `globalCut` does not, as a cut-off is decided on the
// host, nor does `checkpoint`, which computes nothing.
import type { OpName } from '../graph.ts';
import { attention } from './attention.ts';
import { dropout } from './dropout.ts';
import { embedding } from './embedding.ts';
import type { ReferenceKernel } from './kernel.ts';
import { layerNorm } from './layer-norm.ts';
import { linear } from './linear.ts';
import { crossEntropy, distillation, firstToken, spanRows } from './losses.ts';
import { mask, penalty } from './mask.ts';

export const referenceKernels: { readonly [O in Exclude<OpName, 'globalCut' | 'checkpoint'>]: ReferenceKernel<O> } = {
  attention,
  crossEntropy,
  distillation,
  dropout,
  embedding,
  firstToken,
  layerNorm,
  linear,
  mask,
  penalty,
  spanRows,
};
