// What a person dropped: a model folder, a data set, or something else, told apart by names and first bytes. The
// message of "neither" says what was expected, what arrived and what to do.

import { bytes } from '../runs/bytes.ts';

export interface DroppedFile {
  /** Relative to what was dropped, such as `my-bert/config.json`. */
  readonly path: string;
  readonly size: number;
  /** The first bytes of weights; 64 are enough. */
  readonly head: Uint8Array;
}

export type Classified =
  /** `paths` are the files to keep, in the dropped folder's order; their base names are unique. */
  | { readonly kind: 'model'; readonly paths: readonly string[] }
  | { readonly kind: 'dataset'; readonly paths: readonly string[] }
  | { readonly kind: 'neither'; readonly message: string };

export const headBytes = 64;

export function classifyFiles(dropped: readonly DroppedFile[]): Classified {
  const files = dropped.filter(
    ({ path }) => !path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX'),
  );
  const fault = files.map(unreadable).find((message) => message !== null);
  const folder = modelFolder(files);
  if (folder !== null)
    return classifyModel(
      files.filter(({ path }) => folderOf(path) === folder),
      fault ?? null,
    );
  const data = files.filter(({ path }) => dataExtension.test(path));
  if (data.length > 0 && data.length === files.filter(({ path }) => !isCard(path)).length) return classifyData(data);
  return { kind: 'neither', message: fault ?? expectation(files) };
}

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
const isCard = (path: string) => /^(readme|license|licence|notice)(\.\w+)?$/i.test(baseName(path));
/** The tokenizer's, in the words of the messages. */
const tokenizerNames = 'tokenizer.json, vocab.txt or vocab.json with merges.txt';
const dataExtension = /\.(json|jsonl|ndjson|csv|tsv|parquet)$/i;
const modelFile =
  /^(config\.json|tokenizer\.json|tokenizer_config\.json|vocab\.(txt|json)|merges\.txt|README\.md|.+\.safetensors)$/;

/** The outermost folder that holds a part of a model which no data set has. */
function modelFolder(files: readonly DroppedFile[]): string | null {
  const marks = files.filter(({ path }) =>
    /^(config\.json|vocab\.txt|merges\.txt|.+\.safetensors)$/.test(baseName(path)),
  );
  const depth = (path: string) => path.split('/').length;
  const outermost = [...marks].sort((a, b) => depth(a.path) - depth(b.path))[0];
  return outermost ? folderOf(outermost.path) : null;
}

function classifyModel(files: readonly DroppedFile[], fault: string | null): Classified {
  const has = (name: string) => files.some(({ path }) => baseName(path) === name);
  const weights = chooseWeights(files);
  const hasTokenizer = has('tokenizer.json') || has('vocab.txt') || (has('vocab.json') && has('merges.txt'));
  const missing = [
    ...(has('config.json') ? [] : ['config.json']),
    ...(weights.length > 0 ? [] : ['model.safetensors']),
    ...(hasTokenizer ? [] : [tokenizerNames]),
  ];
  if (missing.length > 0) return { kind: 'neither', message: fault ?? incompleteModel(files, missing) };
  const broken = weights.map(brokenWeights).find((message) => message !== null);
  if (broken) return { kind: 'neither', message: broken };
  const others = files.filter(({ path }) => modelFile.test(baseName(path)) && !path.endsWith('.safetensors'));
  return { kind: 'model', paths: [...others, ...weights].map(({ path }) => path) };
}

/** `model.safetensors`, else its shards, else the only file of that kind. */
function chooseWeights(files: readonly DroppedFile[]): readonly DroppedFile[] {
  const weights = files.filter(({ path }) => path.endsWith('.safetensors'));
  const whole = weights.filter(({ path }) => baseName(path) === 'model.safetensors');
  if (whole.length > 0) return whole;
  const shards = weights.filter(({ path }) => /-\d{5}-of-\d{5}\.safetensors$/.test(path));
  return shards.length > 0 ? shards : weights.length === 1 ? weights : [];
}

function incompleteModel(files: readonly DroppedFile[], missing: readonly string[]): string {
  return `model folder: expected config.json, model.safetensors and ${tokenizerNames}, got ${listNames(files)}. Drop the whole folder; missing: ${missing.join(', ')}.`;
}

function brokenWeights({ path, size, head }: DroppedFile): string | null {
  const name = baseName(path);
  const text = new TextDecoder('latin1').decode(head);
  if (text.startsWith('version https://git-lfs')) {
    return `${name}: expected weights, got a Git LFS pointer of ${size} bytes. Run \`git lfs pull\` in the folder, or download the file itself.`;
  }
  if (/^\s*<(!doctype|html)/i.test(text)) return `${name}: expected weights, got a web page. Download the file itself.`;
  return null; // the safetensors reader judges the rest, with the exact fault
}

/** A browser's strings end at half a GiB, and rows take several times what their text takes. */
const mostTextBytes = 2 ** 28;

/** Why a data file is not read, where it is text and too long for it; else null. Parquet is read in parts. */
export function tooLong(name: string, size: number): string | null {
  if (size <= mostTextBytes || /\.parquet$/i.test(name)) return null;
  return `${name}: expected at most ${bytes(mostTextBytes)} of text, got ${bytes(size)}. Save it as parquet (\`dataset.to_parquet("train.parquet")\` in datasets), split it, or keep a part of its rows.`;
}

function classifyData(files: readonly DroppedFile[]): Classified {
  const long = files.map(({ path, size }) => tooLong(baseName(path), size)).find((message) => message !== null);
  if (long) return { kind: 'neither', message: long };
  const empty = files.find(({ size }) => size === 0);
  if (empty)
    return {
      kind: 'neither',
      message: `${baseName(empty.path)}: expected rows, got an empty file. Drop one that has some.`,
    };
  const names = files.map(({ path }) => baseName(path));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    return {
      kind: 'neither',
      message: `${twice}: expected one file of this name, got two in different folders. Drop one of the folders.`,
    };
  return { kind: 'dataset', paths: files.map(({ path }) => path) };
}

const remedies: readonly (readonly [extension: RegExp, what: string, remedy: string])[] = [
  [
    /\.(bin|pt|pth|ckpt|pkl)$/i,
    'PyTorch weights',
    'Winnow reads model.safetensors: `model.save_pretrained(folder, safe_serialization=True)` in transformers writes it.',
  ],
  [
    /\.(h5|msgpack)$/i,
    'TensorFlow or Flax weights',
    'Winnow reads model.safetensors: load them in transformers and save with `safe_serialization=True`.',
  ],
  [
    /\.(onnx|gguf|tflite)$/i,
    'an inference-only model',
    'Winnow trains, and reads model.safetensors: drop the original Hugging Face folder.',
  ],
  [
    /\.(arrow|feather)$/i,
    'an Arrow table',
    'Winnow reads parquet: `dataset.to_parquet("train.parquet")` in datasets writes it.',
  ],
  [/\.zip$/i, 'an archive in an archive', 'Unpack the outer one and drop what is in it.'],
  [/\.(gz|tgz|tar|bz2|xz|7z|rar)$/i, 'an archive', 'Unpack it and drop the files.'],
  [/\.(xlsx?|ods)$/i, 'a spreadsheet', 'Save it as CSV and drop that.'],
];

function unreadable({ path }: DroppedFile): string | null {
  const found = remedies.find(([extension]) => extension.test(path));
  return found ? `${baseName(path)}: expected a model folder or a data file, got ${found[1]}. ${found[2]}` : null;
}

function expectation(files: readonly DroppedFile[]): string {
  return `dropped files: expected a model folder (config.json, model.safetensors, ${tokenizerNames}) or data (.parquet, .jsonl, .csv, .tsv, .json), got ${listNames(files)}. Drop one of the two.`;
}

function listNames(files: readonly DroppedFile[]): string {
  const names = files.map(({ path }) => baseName(path));
  const rest = names.length - 4;
  return names.length === 0
    ? 'nothing'
    : rest > 0
      ? `${names.slice(0, 4).join(', ')} and ${rest} more`
      : names.join(', ');
}
