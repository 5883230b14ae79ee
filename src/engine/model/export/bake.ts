// Baking in: the masks become part of the weights, exact zeros where they prune, ready for any BERT code.
import { WinnowError } from '../../error.ts';
import type { HostTensor } from '../../gpu/executor.ts';
import { floatToHalf, largestHalf } from '../half.ts';
import type { StoredTensor } from '../safetensors.ts';
import type { FloatDtype, FolderSource, PackedMask } from './source.ts';

export const isKept = (mask: PackedMask, index: number): boolean =>
  (((mask[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;

/** W∘M for the masked matrices, everything else as it is, in the file's dtype. */
export function bakeTensors(
  source: Pick<FolderSource, 'tensors' | 'masks' | 'gates' | 'dtype'>,
): Map<string, StoredTensor> {
  const { tensors, masks, gates, dtype } = source;
  const baked = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) {
    const mask = masks.get(name);
    const data = mask === undefined ? tensor.data : bake(tensor.data, mask, gates?.get(name));
    baked.set(name, storeTensor(name, { shape: tensor.shape, data }, dtype));
  }
  return baked;
}

/** `weights` with exact zeros where the mask is 0; `gates` (l0) scale the rest. */
export function bake(weights: Float32Array, mask: PackedMask, gates?: Float32Array): Float32Array {
  return weights.map((weight, i) => (isKept(mask, i) ? weight * (gates?.[i] ?? 1) : 0));
}

function storeTensor(name: string, { shape, data }: HostTensor, dtype: FloatDtype): StoredTensor {
  if (dtype === 'F32') return { dtype, shape, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  const tooLarge = data.find((value) => Math.abs(value) > largestHalf);
  if (tooLarge !== undefined) {
    throw new WinnowError(
      'bad-settings',
      `${name}: expected values within ±${largestHalf} for F16, got ${tooLarge}. Download the weights as F32.`,
    );
  }
  return { dtype, shape, data: new Uint8Array(floatToHalf(data).buffer) };
}
