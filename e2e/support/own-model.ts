// A BERT of a few words and numbers, as the files that a person would bring.
import { parseConfig } from '../../src/engine/model/config.ts';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../../src/engine/model/safetensors.ts';
import { bertJson, tinyFile, tinyTensors } from '../../tests/engine/model/tiny.ts';

const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'good', 'bad', 'film', 'very', 'a', '##s', 'plot'];

function filesOf(changes: object) {
  const config = { ...bertJson, vocab_size: 12, max_position_embeddings: 40, ...changes };
  return {
    'config.json': JSON.stringify(config),
    'vocab.txt': words.join('\n'),
    'model.safetensors': tinyFile(tinyTensors(parseConfig(config), 'text-classification')),
  } as const;
}

export const ownModel = filesOf({});

/** WebGPU's attention reads four numbers at once. */
export const ownGpuModel = filesOf({ num_attention_heads: 1 });

export const reviews = Array.from({ length: 60 }, (_, i) =>
  i % 2 ? `a very good film ${i},${i},pos` : `bad plot bad film ${i},${i},neg`,
);

/** With a tensor more that no model uses, of so many bytes. */
export function padWeights(file: Uint8Array, bytes: number): Uint8Array {
  const pad: StoredTensor = { dtype: 'F32', shape: [bytes / 4], data: new Uint8Array(bytes) };
  const entries = readSafetensors(file, 'model.safetensors').entries;
  return writeSafetensors(new Map([...entries, ['padding', pad]]));
}
