// The definition of every operation that runs as plain tfjs ops. `globalCut` does not, as a cut-off is decided on the
// host, nor do `checkpoint` and `stopGradient`, which compute nothing.
import type { OpName } from '../graph.ts';
import { attention } from './attention.ts';
import { dropout } from './dropout.ts';
import { embedding } from './embedding.ts';
import type { ReferenceKernel } from './kernel.ts';
import { layerNorm } from './layer-norm.ts';
import { linear } from './linear.ts';
import { crossEntropy, distillation, tokenCrossEntropy } from './losses.ts';
import { mask, penalty } from './mask.ts';
import { firstToken, gatherRows, meanTokens, sliceRows, spanRows } from './rows.ts';
import { annealedCrossEntropy, annealedShare, confidentShare, consistency } from './uda-losses.ts';

export const referenceKernels: {
  readonly [O in Exclude<OpName, 'globalCut' | 'checkpoint' | 'stopGradient'>]: ReferenceKernel<O>;
} = {
  annealedCrossEntropy,
  annealedShare,
  attention,
  confidentShare,
  consistency,
  crossEntropy,
  distillation,
  dropout,
  embedding,
  firstToken,
  gatherRows,
  layerNorm,
  linear,
  mask,
  meanTokens,
  penalty,
  sliceRows,
  spanRows,
  tokenCrossEntropy,
};
