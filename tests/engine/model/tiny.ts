// Models small enough to think about: H 4, N 2, F 8, 2 layers, vocabulary 10.

import type { HostTensor } from '../../../src/engine/gpu/executor.ts';
import { type ModelTask, parameterShapes } from '../../../src/engine/model/architecture.ts';
import { type Architecture, type ModelConfig, parseConfig } from '../../../src/engine/model/config.ts';
import { type StoredTensor, writeSafetensors } from '../../../src/engine/model/safetensors.ts';

export const bertJson = {
  model_type: 'bert',
  vocab_size: 10,
  hidden_size: 4,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 8,
  max_position_embeddings: 6,
  type_vocab_size: 2,
};

export const distilbertJson = {
  model_type: 'distilbert',
  vocab_size: 10,
  dim: 4,
  n_layers: 2,
  n_heads: 2,
  hidden_dim: 8,
  max_position_embeddings: 6,
};

/** Rows 0 and 1 of the positions are unused, so that 6 are left. */
export const robertaJson = { ...bertJson, model_type: 'roberta', max_position_embeddings: 8, type_vocab_size: 1 };

export const electraJson = { ...bertJson, model_type: 'electra', embedding_size: 2 };

const jsons: Readonly<Record<Architecture, object>> = {
  bert: bertJson,
  distilbert: distilbertJson,
  roberta: robertaJson,
  electra: electraJson,
};

export const tinyConfig = (architecture: Architecture): ModelConfig => parseConfig(jsons[architecture]);

/** Every parameter of a task's model; entry i of the file's k-th tensor is (k + 1)/8 + i/64, exact in any dtype here. */
export function tinyTensors(config: ModelConfig, task: ModelTask, labels = 2): Map<string, HostTensor> {
  const shapes = [...parameterShapes(config, task, labels)];
  return new Map(
    shapes.map(([name, shape], k) => {
      const length = shape.reduce((size, n) => size * n, 1);
      return [name, { shape, data: Float32Array.from({ length }, (_, i) => (k + 1) / 8 + i / 64) }];
    }),
  );
}

export const stored = ({ shape, data }: HostTensor): StoredTensor => ({
  dtype: 'F32',
  shape,
  data: new Uint8Array(data.buffer),
});

/** A safetensors file of these tensors, under other names where `rename` says so, without those it maps to null. */
export function tinyFile(
  tensors: ReadonlyMap<string, HostTensor>,
  rename: (name: string) => string | null = (name) => name,
): Uint8Array {
  const renamed = [...tensors].flatMap(([name, tensor]) => {
    const key = rename(name);
    return key === null ? [] : [[key, stored(tensor)] as const];
  });
  return writeSafetensors(new Map(renamed));
}

/** What `action` throws, as a WinnowError's code and message; fails where nothing is thrown. */
export function failureOf(action: () => unknown): { readonly code: unknown; readonly message: string } {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return { code: 'code' in error ? error.code : null, message: error.message };
  }
  throw new Error('expected a failure, got none');
}
