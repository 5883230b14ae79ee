// From a model's files to its parameters in float32, under the Hub's names. What a file has too much of is listed,
// what the task's head lacks is initialised from the seed and listed; a missing encoder tensor is an error.
import { WinnowError } from '../error.ts';
import type { HostTensor } from '../gpu/executor.ts';
import { createRandom } from '../random.ts';
import { type ModelTask, namesOf, parameterShapes } from './architecture.ts';
import { type ModelConfig, withLayers } from './config.ts';
import { bfloat16ToFloat, halfToFloat } from './half.ts';
import { readSafetensors, type StoredTensor } from './safetensors.ts';

export interface Checkpoint {
  /** Follows the `layers` asked for. */
  readonly config: ModelConfig;
  /** Every parameter of the model for the task, in the order of `parameterShapes`. */
  readonly tensors: ReadonlyMap<string, HostTensor>;
  /** Keys of the files that the model does not use, as the files spell them. */
  readonly unusedKeys: readonly string[];
  /** Parameters that no file had: freshly initialised. */
  readonly newKeys: readonly string[];
}

export interface CheckpointSource {
  readonly config: ModelConfig;
  /** One safetensors file, or all its shards. */
  readonly files: readonly Uint8Array[];
  /** Names the model's file in errors. */
  readonly fileName: string;
  readonly task: ModelTask;
  /** Classes of the classifier; unused for other tasks. */
  readonly labels: number;
  /** Keep the first n layers only; null keeps all. */
  readonly layers: number | null;
  readonly seed: number;
}

/** Throws `bad-model` for a missing or misshapen encoder tensor, `bad-settings` for more layers than there are. */
export function loadCheckpoint(source: CheckpointSource): Checkpoint {
  const { fileName, task, labels } = source;
  const config = keepLayers(source.config, source.layers);
  const { found, unusedKeys } = findParameters(source);
  const normal = normalGenerator(source.seed);
  const tensors = new Map<string, HostTensor>();
  const newKeys: string[] = [];
  for (const [name, shape] of parameterShapes(config, task, labels)) {
    const entry = found.get(name);
    if (entry !== undefined) {
      tensors.set(name, { shape, data: toFloats(entry.tensor, shape, `${fileName}: ${entry.key}`) });
    } else if (isHeadParameter(config, name)) {
      tensors.set(name, { shape, data: initialise(name, shape, normal) });
      newKeys.push(name);
    } else {
      throw bad(`${fileName}: ${name}`, `a tensor of shape [${shape.join(', ')}]`, 'none');
    }
  }
  return { config, tensors, unusedKeys, newKeys };
}

/** Throws `bad-settings` for more layers than there are. */
export function keepLayers(config: ModelConfig, layers: number | null): ModelConfig {
  if (layers === null) return config;
  if (layers >= 1 && layers <= config.layers) return withLayers(config, layers);
  throw new WinnowError(
    'bad-settings',
    `Layers: expected 1 to ${config.layers}, got ${layers}. Choose as many layers as the model has, or fewer.`,
  );
}

function readEntries(files: readonly Uint8Array[], fileName: string): Map<string, StoredTensor> {
  const all = new Map<string, StoredTensor>();
  for (const bytes of files) {
    for (const [key, entry] of readSafetensors(bytes, fileName).entries) {
      if (all.has(key)) throw bad(`${fileName}: ${key}`, 'one tensor of this name', 'one in each of two files');
      all.set(key, entry);
    }
  }
  return all;
}

interface FileEntry {
  readonly key: string;
  readonly tensor: StoredTensor;
}

/** Which entry holds which parameter: encoders are saved with and without prefix, old ones with gamma and beta. */
function findParameters(source: CheckpointSource): {
  readonly found: ReadonlyMap<string, FileEntry>;
  readonly unusedKeys: readonly string[];
} {
  const { config, task, labels, fileName } = source;
  const { base } = namesOf(config.architecture);
  const known = parameterShapes(config, task, labels); // layers that `layers` drops included: they are no surprise
  const found = new Map<string, FileEntry>();
  const unusedKeys: string[] = [];
  for (const [key, tensor] of readEntries(source.files, fileName)) {
    if (key.endsWith('embeddings.position_ids')) continue; // a constant 0, 1, 2, … of old checkpoints
    const modern = key.replace(/\.gamma$/, '.weight').replace(/\.beta$/, '.bias');
    const name = [modern, `${base}.${modern}`].find((candidate) => known.has(candidate));
    if (name === undefined || isOtherClassifier(config, name, tensor.shape, labels)) {
      unusedKeys.push(key);
      continue;
    }
    const other = found.get(name)?.key;
    if (other !== undefined) throw bad(`${fileName}: ${name}`, 'one tensor', `${other} and ${key}`);
    found.set(name, { key, tensor });
  }
  return { found, unusedKeys };
}

/** A classifier fine-tuned for another number of classes is of no use here; the new one starts afresh. */
function isOtherClassifier(config: ModelConfig, name: string, shape: readonly number[], labels: number): boolean {
  const { classifier } = namesOf(config.architecture).classification;
  return name.startsWith(`${classifier}.`) && shape[0] !== labels;
}

function isHeadParameter(config: ModelConfig, name: string): boolean {
  const { base, classification } = namesOf(config.architecture);
  return !name.startsWith(`${base}.`) || name.startsWith(`${classification.hidden}.`);
}

function toFloats(entry: StoredTensor, shape: readonly number[], where: string): Float32Array {
  if (entry.shape.length !== shape.length || entry.shape.some((size, axis) => size !== shape[axis])) {
    throw bad(where, `shape [${shape.join(', ')}]`, `[${entry.shape.join(', ')}]`);
  }
  const { buffer } = new Uint8Array(entry.data); // the copy is aligned, and lets go of the file
  switch (entry.dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return halfToFloat(new Uint16Array(buffer));
    case 'BF16':
      return bfloat16ToFloat(new Uint16Array(buffer));
    default:
      throw bad(where, 'F32, F16 or BF16', entry.dtype);
  }
}

/** As transformers does: matrices from N(0, 0.02²), LayerNorm's weights one, biases zero. */
function initialise(name: string, shape: readonly number[], normal: () => number): Float32Array {
  const data = new Float32Array(shape.reduce((size, n) => size * n, 1));
  if (shape.length > 1) return data.map(() => 0.02 * normal());
  return name.endsWith('.weight') ? data.fill(1) : data;
}

/** Standard normal numbers by Box–Muller; 1 − u keeps the logarithm finite. */
function normalGenerator(seed: number): () => number {
  const random = createRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}

function bad(where: string, expected: string, got: string): WinnowError {
  return new WinnowError(
    'bad-model',
    `${where}: expected ${expected}, got ${got}. Check that config.json and the weights belong together.`,
  );
}
