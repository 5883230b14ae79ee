// Which of a repository's files make a model that Winnow can read.
import { WinnowError } from '../engine/error.ts';
import { type HubAccess, type HubFile, type HubRepository, lookUp } from './hub-client.ts';
import type { HubName } from './hub-id.ts';

/** Read beside the weights, where they are there. */
const TEXTS = /^(config\.json|tokenizer\.json|tokenizer_config\.json|vocab\.txt|vocab\.json|merges\.txt|README\.md)$/;
const WHOLE = 'model.safetensors';
const SHARD = /^model-\d{5}-of-\d{5}\.safetensors$/;
/** The Hub's own conversions of what was saved by PyTorch lie here. */
const CONVERTED = 'refs/convert/safetensors';

export interface HubModel extends Omit<HubRepository, 'files'> {
  readonly texts: readonly HubFile[];
  readonly weights: readonly HubFile[];
}

/** @throws WinnowError `bad-model` for what is no model with weights in safetensors; and as `lookUp`. */
export async function lookUpModel(access: HubAccess, name: HubName): Promise<HubModel> {
  const { files, ...repository } = await lookUp(access, 'models', name);
  const texts = files.filter(({ path }) => TEXTS.test(path));
  if (!texts.some(({ path }) => path === 'config.json')) throw noModel(repository, files);
  const own = weightsAmong(files);
  const weights = own.length > 0 ? own : await convertedWeights(access, repository, files);
  return { ...repository, texts, weights };
}

function weightsAmong(files: readonly HubFile[]): readonly HubFile[] {
  const whole = files.filter(({ path }) => path === WHOLE);
  return whole.length > 0 ? whole : files.filter(({ path }) => SHARD.test(path));
}

async function convertedWeights(
  access: HubAccess,
  repository: Omit<HubRepository, 'files'>,
  files: readonly HubFile[],
): Promise<readonly HubFile[]> {
  const name = { id: repository.id, revision: CONVERTED };
  const converted = await lookUp(access, 'models', name).catch((error: unknown) => {
    if (error instanceof WinnowError && error.code === 'bad-settings') return null; // there is no such revision
    throw error;
  });
  const weights = weightsAmong(converted?.files ?? []);
  if (weights.length > 0) return weights;
  const got = files.filter(({ path }) => /\.(bin|pt|h5|msgpack|onnx|gguf|safetensors)$/.test(path));
  const names = got.map(({ path }) => path).slice(0, 3);
  throw new WinnowError(
    'bad-model',
    `${repository.id}: expected ${WHOLE} (or its shards), got ${names.join(', ') || 'no weights'}, and no conversion at ${CONVERTED}. Choose a revision that has one (huggingface.co/spaces/safetensors/convert makes one), or save the model with safe_serialization=True and drop its folder here.`,
  );
}

function noModel({ id }: { readonly id: string }, files: readonly HubFile[]): WinnowError {
  const names = files.map(({ path }) => path).slice(0, 4);
  return new WinnowError(
    'bad-model',
    `${id}: expected a model with a config.json, got ${names.join(', ') || 'no files'}. Choose the repository of a BERT-family model.`,
  );
}
