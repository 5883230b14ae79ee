// From pruning settings to the `linear` that the encoder is handed, and to the score parameters beside the weights.
import { globalCut, linear as linearOp, type MaskMethod, mask, parameter, penalty, type Value } from '../gpu/graph.ts';
import type { MatrixInfo } from '../model/architecture.ts';
import { denseLinear, type Linear } from '../model/encoder.ts';

export type PruningMethod = Exclude<MaskMethod, 'l0_sampled'>;

/** The scores of a masked weight, beside it as in the reference code. */
export const scoresName = (weightName: string): string => weightName.replace(/\.weight$/, '.mask_scores');

export const hasScores = (method: PruningMethod): boolean => method !== 'magnitude';

export interface Masks {
  /** Mask values in the matrices' order. */
  readonly values: readonly Value[];
  readonly linear: Linear;
}

export interface MaskOptions {
  readonly method: PruningMethod;
  readonly matrices: readonly MatrixInfo[];
  /** One cut-off over all matrices (magnitude and topK). */
  readonly isGlobal: boolean;
  /** l0 samples its gates in training; every other mask is the same in both. */
  readonly isTraining: boolean;
}

/** Sites of the l0 gates' noise, past those of dropout. */
const FIRST_GATE_SITE = 1000;

export function createMasks({ method, matrices, isGlobal, isTraining }: MaskOptions): Masks {
  const sources = matrices.map((matrix) => sourceOf(method, matrix));
  const isRanked = method === 'magnitude' || method === 'topK';
  const cut = isGlobal && isRanked ? globalCut(sources, method === 'magnitude' ? 'absolute' : 'signed') : null;
  const maskMethod = method === 'l0' && isTraining ? 'l0_sampled' : method;
  const values = sources.map((source, index) =>
    mask(source, { method: maskMethod, row: cut ? index : null, site: FIRST_GATE_SITE + index }, cut),
  );
  const byWeight = new Map(matrices.map((matrix, index) => [matrix.name, values[index] as Value]));
  return { values, linear: maskedLinear(byWeight) };
}

function sourceOf(method: PruningMethod, { name, rows, columns }: MatrixInfo): Value {
  return parameter(hasScores(method) ? scoresName(name) : name, [rows, columns]);
}

function maskedLinear(masks: ReadonlyMap<string, Value>): Linear {
  return (x, module, rows, activation = 'none') => {
    const name = `${module}.weight`;
    const weightMask = masks.get(name);
    if (!weightMask) return denseLinear(x, module, rows, activation);
    const weight = parameter(name, weightMask.shape);
    return linearOp({ x, weight, bias: parameter(`${module}.bias`, [rows]), mask: weightMask }, activation);
  };
}

/** Shift of the l0 penalty: β ln(−γ/ζ) with β = ⅔, γ = −0.1, ζ = 1.1. */
const L0_SHIFT = (2 / 3) * Math.log(0.1 / 1.1);

/** Mean over matrices of mean σ(S) (`l1`), or of mean σ(S − ⅔ ln(0.1/1.1)) (`l0`). */
export function scorePenalty(regularization: 'l1' | 'l0', matrices: readonly MatrixInfo[]): Value {
  const scores = matrices.map(({ name, rows, columns }) => parameter(scoresName(name), [rows, columns]));
  return penalty(scores, regularization === 'l1' ? 0 : L0_SHIFT);
}
