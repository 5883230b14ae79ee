// The promise behind the download: the zip is read back as a stranger would read it, before it is offered.
import { unzipSync } from 'fflate';
import { WinnowError } from '../../error.ts';
import { type MatrixInfo, maskedMatrices } from '../architecture.ts';
import type { ModelConfig } from '../config.ts';
import { readSafetensors, type StoredTensor } from '../safetensors.ts';
import { isKept } from './bake.ts';
import { maskFileName, readMasks } from './masks.ts';
import type { ExportedSummary, PackedMask } from './source.ts';

/**
 * Checks that every pruned weight in the zip is exactly zero and that its counts are the report's.
 * Returns the number of pruned weights found zero; throws `internal` at the first disagreement.
 */
export function verifyZip(zip: Uint8Array, config: ModelConfig, summary: ExportedSummary): number {
  const { weights, masks } = readBack(zip);
  const matrices = maskedMatrices(config);
  let kept = 0;
  let zeros = 0;
  for (const [at, matrix] of matrices.entries()) {
    const found = countPruned(matrix, weights.get(matrix.name), masks.get(matrix.name));
    const size = matrix.rows * matrix.columns;
    expectEqual(`${matrix.name}: weights kept`, summary.keptByMatrix[at], size - found);
    kept += size - found;
    zeros += found;
  }
  expectEqual('encoder: weights kept', summary.encoderKept, kept);
  expectEqual('encoder: weights', summary.encoderTotal, kept + zeros);
  checkModelCounts([...weights.values()], summary);
  return zeros;
}

function readBack(zip: Uint8Array): {
  readonly weights: ReadonlyMap<string, StoredTensor>;
  readonly masks: ReadonlyMap<string, PackedMask>;
} {
  try {
    const files = new Map(Object.entries(unzipSync(zip)).map(([path, bytes]) => [path.split('/').at(-1), bytes]));
    const masks = files.get(maskFileName);
    return {
      weights: readSafetensors(files.get('model.safetensors') ?? new Uint8Array()).entries,
      masks: masks === undefined ? new Map() : readMasks(masks),
    };
  } catch (cause) {
    throw new WinnowError('internal', `zip: expected files that can be read back, got: ${cause}`, { cause });
  }
}

/** Weights that the mask prunes, each of which must be zero; a matrix without a mask is dense. */
function countPruned(matrix: MatrixInfo, stored: StoredTensor | undefined, mask: PackedMask | undefined): number {
  expectEqual(`${matrix.name}: shape`, `${matrix.rows}, ${matrix.columns}`, stored?.shape.join(', '));
  if (stored === undefined || mask === undefined) return 0;
  const magnitudes = magnitudeBits(stored);
  let pruned = 0;
  for (let i = 0; i < magnitudes.length; i++) {
    if (isKept(mask, i)) continue;
    if (magnitudes[i] !== 0) throw disagreement(`${matrix.name}: pruned weight ${i}`, '0', 'another value');
    pruned += 1;
  }
  return pruned;
}

/** A kept weight may be zero as well, by chance or by rounding to F16: never more non-zeros than reported. */
function checkModelCounts(tensors: readonly StoredTensor[], summary: ExportedSummary): void {
  let total = 0;
  let nonZero = 0;
  for (const tensor of tensors) {
    for (const bits of magnitudeBits(tensor)) if (bits !== 0) nonZero += 1;
    total += tensor.shape.reduce((size, n) => size * n, 1);
  }
  expectEqual('model: parameters', summary.modelTotal, total);
  if (nonZero > summary.modelNonZero) {
    throw disagreement('model: non-zero parameters', `at most ${summary.modelNonZero}`, `${nonZero}`);
  }
}

/** The elements' bits without the sign, so that −0 counts as zero. */
function magnitudeBits({ dtype, data }: StoredTensor): Uint16Array | Uint32Array {
  const { buffer } = new Uint8Array(data); // aligned
  return dtype === 'F16'
    ? new Uint16Array(buffer).map((bits) => bits & 0x7fff)
    : new Uint32Array(buffer).map((bits) => bits & 0x7fffffff);
}

function expectEqual<T>(where: string, expected: T, got: T): void {
  if (expected !== got) throw disagreement(where, String(expected), String(got));
}

function disagreement(where: string, expected: string, got: string): WinnowError {
  return new WinnowError('internal', `zip: ${where}: expected ${expected}, got ${got}. The download is withheld.`);
}
