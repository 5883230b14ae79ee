// config.json of the Hub, read once at the edge. Architectures name the same sizes differently;
// past this file there is one set of names. Extra keys stay in `raw` and are written back on export.
import { z } from 'zod';
import { WinnowError } from '../error.ts';
import { parseForeignJson } from '../json.ts';

/** What Winnow trains: `model_type`, and how people write it. */
export const architectureLabels = {
  bert: 'BERT',
  distilbert: 'DistilBERT',
  roberta: 'RoBERTa',
  electra: 'ELECTRA',
} as const;
export type Architecture = keyof typeof architectureLabels;
export type Activation = 'gelu' | 'gelu_new' | 'relu';

export interface ModelConfig {
  readonly architecture: Architecture;
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  /** Of the embeddings, which ELECTRA maps to the hidden size where it differs. */
  readonly embeddingSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly intermediateSize: number;
  /** Tokens of the longest text. */
  readonly maxPositions: number;
  /** Row of the position table for a text's first token; in RoBERTa the one behind that of padding, which has its id. */
  readonly firstPosition: number;
  /** 0 where the architecture has no token types (DistilBERT). */
  readonly typeVocabularySize: number;
  readonly layerNormEps: number;
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
  /** Before the classifier; BERT falls back to its hidden dropout. */
  readonly classifierDropout: number;
  readonly activation: Activation;
  readonly padTokenId: number;
  readonly raw: Readonly<Record<string, unknown>>;
}

const activations: readonly Activation[] = ['gelu', 'gelu_new', 'relu'];

// Each piece carries its expectation as the message; `reject` puts field and value around it.
const expecting = <T>(expectation: string, holds: (value: unknown) => boolean) => z.custom<T>(holds, expectation);
const isFraction = (v: unknown) => typeof v === 'number' && v >= 0 && v < 1;
/** Past these nothing is a model of this family, and what is made of each layer would fill the memory. */
const [MOST_LAYERS, LARGEST_SIZE] = [512, 2 ** 24];
const isFrom1To = (most: number) => (v: unknown) => Number.isInteger(v) && Number(v) > 0 && Number(v) <= most;
const positive = expecting<number>(`a positive integer up to ${LARGEST_SIZE}`, isFrom1To(LARGEST_SIZE));
const layerCount = expecting<number>(`1 to ${MOST_LAYERS} layers`, isFrom1To(MOST_LAYERS));
const index = expecting<number>('an index ≥ 0', (v) => v === 0 || isFrom1To(LARGEST_SIZE)(v));
const dropout = expecting<number>('a probability below 1', isFraction);
const epsilon = expecting<number>('a positive number', (v) => typeof v === 'number' && v > 0);
const activation = expecting<Activation>(`one of ${activations.join(', ')}`, (v) =>
  activations.some((name) => name === v),
);
const absolute = expecting<'absolute'>('absolute', (v) => v === 'absolute');
const never = expecting<false>('false', (v) => v === false);

const bertFields = {
  vocab_size: positive,
  hidden_size: positive,
  num_hidden_layers: layerCount,
  num_attention_heads: positive,
  intermediate_size: positive,
  max_position_embeddings: positive,
  type_vocab_size: positive.default(2),
  layer_norm_eps: epsilon.default(1e-12),
  hidden_dropout_prob: dropout.default(0.1),
  attention_probs_dropout_prob: dropout.default(0.1),
  classifier_dropout: dropout.nullable().default(null),
  hidden_act: activation.default('gelu'),
  pad_token_id: index.nullable().default(0),
  position_embedding_type: absolute.default('absolute'),
  is_decoder: never.default(false),
};

const bertSchema = z.looseObject(bertFields);
const robertaSchema = z.looseObject({ ...bertFields, pad_token_id: index.nullable().default(1) });
const electraSchema = z.looseObject({ ...bertFields, embedding_size: positive.default(128) });

const distilbertSchema = z.looseObject({
  vocab_size: positive,
  dim: positive,
  n_layers: layerCount,
  n_heads: positive,
  hidden_dim: positive,
  max_position_embeddings: positive,
  dropout: dropout.default(0.1),
  attention_dropout: dropout.default(0.1),
  seq_classif_dropout: dropout.default(0.2),
  activation: activation.default('gelu'),
  pad_token_id: index.nullable().default(0),
});

/** Reads config.json, given as text or already parsed. Throws `bad-model`, naming the field. */
export function parseConfig(json: unknown): ModelConfig {
  const raw = asObject(typeof json === 'string' ? parseJson(json) : json);
  const config = readers[architectureOf(raw)].read(raw);
  if (config.hiddenSize % config.heads !== 0) {
    reject(`a hidden size that ${config.heads} heads divide`, config.hiddenSize);
  }
  return config;
}

/** The same config with the first `layers` layers only, in the fields and in what will be written back. */
export function withLayers(config: ModelConfig, layers: number): ModelConfig {
  const key = readers[config.architecture].layersKey;
  return { ...config, layers, raw: { ...config.raw, [key]: layers } };
}

type Raw = Record<string, unknown>;

interface Reader {
  readonly read: (raw: Raw) => ModelConfig;
  /** The field that counts layers. */
  readonly layersKey: string;
}

const readers: Readonly<Record<Architecture, Reader>> = {
  bert: { read: (raw) => fromBert('bert', parse(bertSchema, raw), raw), layersKey: 'num_hidden_layers' },
  distilbert: { read: fromDistilbert, layersKey: 'n_layers' },
  roberta: { read: fromRoberta, layersKey: 'num_hidden_layers' },
  electra: { read: fromElectra, layersKey: 'num_hidden_layers' },
};

const architectures = Object.keys(readers) as Architecture[];

/** Old files name their class alone, and the oldest (BERT-tiny's) nothing but BERT's sizes. */
function architectureOf({ model_type: type, architectures: classes, ...sizes }: Raw): Architecture {
  const given = architectures.find((name) => name === type);
  if (given) return given;
  const [className] = Array.isArray(classes) ? classes : [];
  const named = architectures.find((name) => new RegExp(`^${name}(Model$|For)`, 'i').test(className));
  const isUnnamed = classes === undefined && 'type_vocab_size' in sizes && 'num_hidden_layers' in sizes;
  const told = named ?? (isUnnamed ? 'bert' : undefined);
  return type === undefined && told
    ? told
    : reject(`model_type ${listOf(architectures.map((name) => `"${name}"`))}`, type);
}

function fromBert(architecture: Architecture, c: z.output<typeof bertSchema>, raw: Raw): ModelConfig {
  return {
    architecture,
    vocabularySize: c.vocab_size,
    hiddenSize: c.hidden_size,
    embeddingSize: c.hidden_size,
    layers: c.num_hidden_layers,
    heads: c.num_attention_heads,
    intermediateSize: c.intermediate_size,
    maxPositions: c.max_position_embeddings,
    firstPosition: 0,
    typeVocabularySize: c.type_vocab_size,
    layerNormEps: c.layer_norm_eps,
    hiddenDropout: c.hidden_dropout_prob,
    attentionDropout: c.attention_probs_dropout_prob,
    classifierDropout: c.classifier_dropout ?? c.hidden_dropout_prob,
    activation: c.hidden_act,
    padTokenId: c.pad_token_id ?? 0,
    raw,
  };
}

function fromRoberta(raw: Raw): ModelConfig {
  const c = parse(robertaSchema, raw);
  const padTokenId = c.pad_token_id ?? 1;
  const firstPosition = padTokenId + 1;
  const maxPositions = c.max_position_embeddings - firstPosition;
  if (maxPositions < 1) reject(`max_position_embeddings: more than ${firstPosition}`, c.max_position_embeddings);
  return { ...fromBert('roberta', c, raw), padTokenId, firstPosition, maxPositions };
}

function fromElectra(raw: Raw): ModelConfig {
  const c = parse(electraSchema, raw);
  return { ...fromBert('electra', c, raw), embeddingSize: c.embedding_size };
}

function fromDistilbert(raw: Raw): ModelConfig {
  const c = parse(distilbertSchema, raw);
  return {
    architecture: 'distilbert',
    vocabularySize: c.vocab_size,
    hiddenSize: c.dim,
    embeddingSize: c.dim,
    layers: c.n_layers,
    heads: c.n_heads,
    intermediateSize: c.hidden_dim,
    maxPositions: c.max_position_embeddings,
    firstPosition: 0,
    typeVocabularySize: 0,
    layerNormEps: 1e-12, // fixed in the reference code
    hiddenDropout: c.dropout,
    attentionDropout: c.attention_dropout,
    classifierDropout: c.seq_classif_dropout,
    activation: c.activation,
    padTokenId: c.pad_token_id ?? 0,
    raw,
  };
}

function parse<S extends z.ZodType>(schema: S, raw: Raw): z.output<S> {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = String(issue?.path[0]);
  return reject(`${field}: ${issue?.message}`, raw[field]);
}

function asObject(value: unknown): Raw {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Raw) : reject('a JSON object', value);
}

function parseJson(text: string): unknown {
  try {
    return parseForeignJson(text);
  } catch {
    return reject('JSON', text.slice(0, 40));
  }
}

function reject(expected: string, got: unknown): never {
  const found = got === undefined ? 'nothing' : JSON.stringify(got);
  throw new WinnowError(
    'bad-model',
    `config.json: expected ${expected}, got ${found}. Choose a ${listOf(Object.values(architectureLabels))} encoder in the Hub's format.`,
  );
}

const listOf = (items: readonly string[]): string => `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;
