// The plan's kernel of every operation but `globalCut`, which the mask set decides.
import type { OpName } from '../../graph.ts';
import type { PlanKernel } from '../compilation.ts';
import { attention } from './attention.ts';
import { checkpoint, dropout, stopGradient } from './elementwise.ts';
import { embedding } from './embedding.ts';
import { layerNorm } from './layer-norm.ts';
import { linear } from './linear.ts';
import { crossEntropy, distillation } from './losses.ts';
import { mask } from './mask.ts';
import { penalty } from './penalty.ts';
import { firstToken, gatherRows, meanTokens, sliceRows, spanRows } from './rows.ts';
import { tokenCrossEntropy } from './token-cross-entropy.ts';
import { annealedCrossEntropy, annealedShare, confidentShare, consistency } from './uda-losses.ts';

export const planKernels: { readonly [O in Exclude<OpName, 'globalCut'>]: PlanKernel<O> } = {
  annealedCrossEntropy,
  annealedShare,
  attention,
  checkpoint,
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
  stopGradient,
  tokenCrossEntropy,
};
