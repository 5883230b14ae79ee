// From dW′, the gradient of M∘W, to the gradients of weights and scores: the epilogue of a weight gradient.
import { isBinary } from '../../../pruning/masks.ts';
import type { MaskMethod } from '../../graph.ts';
import { type Binding, read, readMatrix } from '../shader.ts';
import type { Matrix, View } from '../storage.ts';
import { maskFunctions } from './mask.ts';
import { bitMask, blockBits, KEPT, keptAt } from './mask-bits.ts';

/**
 * WGSL in whose scope are `v` (a vector of dW′) with its row `r`, vector column `c` and place `at` in the matrix, and
 * `sources`: where scores, weight (in vectors) and mask bits (in words) begin, and the site of l0's noise.
 */
export interface Masking {
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly declarations: string;
  /** Run once per tile, and for every vector of a matrix with so many columns. */
  readonly start: string;
  readonly each: (columns: number) => string;
  /** dW, of rows with so many vectors, and dS. */
  readonly weight: (vectors: number) => string;
  readonly score: string;
}

export interface MaskGradientOptions {
  readonly wanted: { readonly weight: boolean; readonly scores: boolean };
  readonly parameters: Pick<Matrix, 'view' | 'format'>;
  /** Packed bits of binary masks. */
  readonly bits: View | null;
}

export function maskGradients(method: MaskMethod, options: MaskGradientOptions): Masking {
  return isBinary(method) ? straightThrough(options) : throughGates(method, options);
}

/** Binary masks: dW = dW′∘M, and dS = dW′∘W at every entry. */
function straightThrough({ wanted, parameters, bits }: MaskGradientOptions): Masking {
  return {
    bindings: {
      ...(wanted.weight && bits ? { bits: read(bits, 'u32') } : {}),
      ...(wanted.scores ? { parameters: readMatrix(parameters) } : {}),
    },
    declarations: wanted.weight ? KEPT : '',
    start: '',
    each: () => '',
    weight: (vectors) => keptAt('v', blockBits(bitMask('bits', 'sources.z', vectors), 'r / 4u', 'c'), 'r % 4u'),
    score: 'v * load_parameters(sources.y + at)',
  };
}

/** l0: dW = dW′∘M, dS = dW′∘W∘dM/dS. */
function throughGates(method: MaskMethod, { parameters }: MaskGradientOptions): Masking {
  return {
    bindings: { parameters: readMatrix(parameters) },
    declarations: maskFunctions(method),
    start: 'let key = streamKey(step.seed, sources.w);',
    each: (columns) => `let index = r * ${columns}u + c * 4u + vec4u(0u, 1u, 2u, 3u);
      let score = load_parameters(sources.x + at);`,
    weight: () => 'v * maskOf(score, index, vec2u(), key)',
    score: 'v * load_parameters(sources.y + at) * maskSlope(score, index, key)',
  };
}
