// masks.safetensors: which weights were kept, one packed U8 tensor per masked matrix. The matrix's own shape stands
// in the metadata, under the weight's name, since the packed bytes no longer show it.
import { type MatrixInfo, maskedMatrices } from '../architecture.ts';
import type { ModelConfig } from '../config.ts';
import { readSafetensors, writeSafetensors } from '../safetensors.ts';
import type { PackedMask } from './source.ts';

export const maskFileName = 'masks.safetensors';

export function writeMasks(config: ModelConfig, masks: ReadonlyMap<string, PackedMask>): Uint8Array<ArrayBuffer> {
  const matrices = maskedMatrices(config).filter(({ name }) => masks.has(name));
  const packed = matrices.map(({ name }) => {
    const data = masks.get(name)!;
    return [name, { dtype: 'U8', shape: [data.length], data }] as const;
  });
  return writeSafetensors(new Map(packed), {
    layout: 'packed bits, least significant first, row-major; 1 keeps the weight',
    ...Object.fromEntries(matrices.map((matrix) => [matrix.name, shapeOf(matrix)])),
  });
}

export function readMasks(bytes: Uint8Array): Map<string, PackedMask> {
  const { entries } = readSafetensors(bytes, maskFileName);
  return new Map([...entries].map(([name, { data }]) => [name, data]));
}

const shapeOf = ({ rows, columns }: MatrixInfo) => JSON.stringify([rows, columns]);
