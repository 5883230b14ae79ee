// From a model choice to the files of a Hub folder, as bytes and text; nothing is parsed here.
import { WinnowError } from '../engine/error.ts';
import type { TokenizerFiles } from '../engine/text/vocabulary.ts';
import type { ModelChoice } from '../runs/spec.ts';
import { downloadAll, type LoadOptions } from './download.ts';
import { type NamedBlob, readBytes, readImport } from './file-store.ts';
import { readModelFile, readModelFiles } from './hub-store.ts';

/** What a model is and how it reads, without its weights. */
export interface ModelTexts {
  readonly config: string;
  readonly tokenizer: TokenizerFiles;
}

export interface ModelFiles extends ModelTexts {
  readonly name: string;
  /** As the model card states it (an SPDX id in lower case); "unknown" where none says. */
  readonly licence: string;
  /** One buffer per safetensors file: several where the checkpoint is sharded. */
  readonly weights: readonly Uint8Array<ArrayBuffer>[];
  readonly weightsFileName: string;
}

export async function fetchModelFiles(choice: ModelChoice, options: LoadOptions = {}): Promise<ModelFiles> {
  if (choice.kind === 'embedded') return embeddedModel(choice.id, options);
  return modelIn(choice, await filesOf(choice), options);
}

export async function fetchModelTexts(choice: ModelChoice, options: LoadOptions = {}): Promise<ModelTexts> {
  if (choice.kind !== 'embedded') return textsIn(nameOf(choice), await filesOf(choice));
  const names = ['config.json', 'tokenizer.json'].map((name) => `models/${choice.id}/${name}`);
  const [config, tokenizer] = await downloadAll(names, 'bad-model', options);
  return embeddedTexts(config!, tokenizer!);
}

/** config.json alone, which is there as soon as a model of the Hub was found. */
export async function fetchModelConfig(choice: ModelChoice): Promise<string> {
  switch (choice.kind) {
    case 'embedded': {
      const [config] = await downloadAll([`models/${choice.id}/config.json`], 'bad-model');
      return text(config!);
    }
    case 'files':
      return configIn(choice.key, await readImport(choice.key));
    case 'hub':
      return (await readModelFile(choice.id, commitOf(choice), 'config.json')).blob.text();
    default:
      return choice satisfies never;
  }
}

type KeptChoice = Exclude<ModelChoice, { kind: 'embedded' }>;
type HubChoice = Extract<ModelChoice, { kind: 'hub' }>;

const filesOf = (choice: KeptChoice): Promise<NamedBlob[]> =>
  choice.kind === 'files' ? readImport(choice.key) : readModelFiles(choice.id, commitOf(choice));

const nameOf = (choice: KeptChoice): string => (choice.kind === 'files' ? choice.key : choice.id);

function commitOf({ id, commit }: HubChoice): string {
  if (commit !== null) return commit;
  throw new WinnowError('not-kept', `${id}: expected a commit to take it at, got none. Find it in the model cell.`);
}

async function embeddedModel(id: string, options: LoadOptions): Promise<ModelFiles> {
  const names = ['config.json', 'tokenizer.json', 'model.safetensors'];
  const [config, tokenizer, weights] = await downloadAll(
    names.map((name) => `models/${id}/${name}`),
    'bad-model',
    options,
  );
  return {
    name: id,
    licence: 'apache-2.0',
    ...embeddedTexts(config!, tokenizer!),
    weights: [weights!],
    weightsFileName: 'model.safetensors',
  };
}

function embeddedTexts(config: Uint8Array, tokenizer: Uint8Array): ModelTexts {
  return { config: text(config), tokenizer: { 'tokenizer.json': text(tokenizer) } };
}

async function modelIn(
  choice: KeptChoice,
  files: readonly NamedBlob[],
  { onProgress, signal }: LoadOptions,
): Promise<ModelFiles> {
  const weightFiles = files.filter(({ name }) => name.endsWith('.safetensors'));
  const texts = await textsIn(nameOf(choice), files);
  if (weightFiles.length === 0) throw missing(nameOf(choice), 'model.safetensors');
  const total = weightFiles.reduce((sum, { blob }) => sum + blob.size, 0);
  const weights: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  for (const { blob } of weightFiles) {
    signal?.throwIfAborted();
    weights.push(
      await readBytes(blob, (bytes) => {
        done += bytes;
        onProgress?.(done, total);
      }),
    );
  }
  const card = await textOf(files, 'README.md');
  return {
    ...texts,
    name: choice.kind === 'hub' ? choice.id : (nameIn(texts.config) ?? choice.key),
    licence: (card && licenceIn(card)) ?? 'unknown',
    weights,
    weightsFileName: weightFiles.map(({ name }) => name).join(', '),
  };
}

async function textsIn(where: string, files: readonly NamedBlob[]): Promise<ModelTexts> {
  return {
    config: await configIn(where, files),
    tokenizer: await tokenizerIn(files),
  };
}

const tokenizerNames = ['tokenizer.json', 'vocab.txt', 'vocab.json', 'merges.txt', 'tokenizer_config.json'];

async function tokenizerIn(files: readonly NamedBlob[]): Promise<TokenizerFiles> {
  const own = files.filter(({ name }) => tokenizerNames.includes(name));
  return Object.fromEntries(await Promise.all(own.map(async ({ name, blob }) => [name, await blob.text()] as const)));
}

async function configIn(where: string, files: readonly NamedBlob[]): Promise<string> {
  const config = await textOf(files, 'config.json');
  if (config === null) throw missing(where, 'config.json');
  return config;
}

const missing = (where: string, name: string): WinnowError =>
  new WinnowError('bad-model', `model "${where}": expected ${name} among its files, got none. Drop the whole folder.`);

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function textOf(files: readonly NamedBlob[], name: string): Promise<string | null> {
  const file = files.find((candidate) => candidate.name === name);
  return file ? file.blob.text() : null;
}

/** transformers writes where a model came from into `_name_or_path`; a broken config is the model loader's to report. */
function nameIn(config: string): string | null {
  return /"_name_or_path"\s*:\s*"([^"]+)"/.exec(config)?.[1] ?? null;
}

/** The `license` of a model card's YAML head. */
function licenceIn(card: string): string | null {
  const head = /^---\n([\s\S]*?)\n---/.exec(card)?.[1];
  return (head && /^license:\s*["']?([\w.-]+)/m.exec(head)?.[1]) ?? null;
}
