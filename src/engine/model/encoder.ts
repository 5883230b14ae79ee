// The BERT encoder (Devlin et al. 2019) and its kin, which differ in what architecture.ts says, written once as a
// graph. It is handed `linear` as a function, so it has never heard of masks: pruning passes a masked one.
// Shapes: B batch, T tokens, H hidden, E embedding, F feed-forward; activations are rows [B·T, H].
import {
  type Activation,
  attention,
  checkpoint,
  dropout,
  embedding,
  feed,
  firstToken,
  gatherRows,
  layerNorm,
  linear as linearOp,
  meanTokens,
  parameter,
  spanRows,
  type Value,
} from '../gpu/graph.ts';
import { type ModelTask, namesOf, projectionOf, rowsOfPositions } from './architecture.ts';
import type { ModelConfig } from './config.ts';

/** Applies the linear map stored under `module` (weight [rows, columns]) to rows of activations. */
export type Linear = (x: Value, module: string, rows: number, activation?: Activation) => Value;

export interface EncoderOptions {
  readonly config: ModelConfig;
  readonly batch: number;
  readonly tokens: number;
  readonly linear: Linear;
  /** Dropout acts only here. */
  readonly isTraining: boolean;
  /** Where one step runs the encoder more than once: in front of the names of this pass's feeds. */
  readonly feedPrefix?: string;
  /** … and added to its dropout sites, so that passes draw noise of their own. */
  readonly firstSite?: number;
  /** Keeps each layer's input alone for the way back, where the rest of the layer is computed again. */
  readonly recomputesLayers: boolean;
}

/** The unmasked map: what every model is made of before pruning. */
export const denseLinear: Linear = (x, module, rows, activation = 'none') => {
  const columns = x.shape[1] ?? 0;
  const weight = parameter(`${module}.weight`, [rows, columns]);
  return linearOp({ x, weight, bias: parameter(`${module}.bias`, [rows]) }, activation);
};

/** Hidden states: the embeddings' output, then every layer's, each [B·T, H]. */
export function encode(options: EncoderOptions): Value[] {
  const attentionMask = attentionMaskOf(options);
  const hidden = [embed(options)];
  for (let layer = 0; layer < options.config.layers; layer++) {
    const input = hidden[layer] as Value;
    hidden.push(encodeLayer(options, layer, options.recomputesLayers ? checkpoint(input) : input, attentionMask));
  }
  return hidden;
}

/** How a text becomes one vector: its `[CLS]` row through the head's hidden map, or the mean over its tokens as it is. */
export type Pooling = 'cls' | 'mean';

export interface Head {
  readonly task: ModelTask;
  /** Classes. */
  readonly labels: number;
  /** Of the classifier. */
  readonly pooling: Pooling;
}

/** Logits of the task's head: [B, K] for classes; [2B, T], starts then ends, for spans. */
export function headLogits(options: EncoderOptions, head: Head): Value {
  if (head.task === 'fill-mask') throw new Error('headLogits: expected classes or spans; see tokenLogits');
  const last = encode(options).at(-1) as Value;
  return head.task === 'question-answering' ? spanLogits(options, last) : classLogits(options, last, head);
}

/**
 * Logits over the vocabulary [M, V] of the M tokens that the feed `places` names, as rows of [B·T]. Only they meet the
 * decoder, which is tied to the word embeddings: of all tokens the logits would be too many to hold.
 */
export function tokenLogits(options: EncoderOptions, count: number): Value {
  const { config } = options;
  const { embeddings, maskedLm } = namesOf(config.architecture);
  const gathered = gatherRows(encode(options).at(-1) as Value, feed('places', [count])); // [M, H]
  const activation = maskedLm.activation ?? config.activation;
  const transformed = denseLinear(gathered, maskedLm.transform, config.embeddingSize, activation); // [M, E]
  const weight = parameter(`${embeddings.word}.weight`, [config.vocabularySize, config.embeddingSize]);
  const bias = parameter(maskedLm.decoderBias, [config.vocabularySize]);
  return linearOp({ x: norm(config, maskedLm.norm, transformed), weight, bias });
}

function integers({ batch, tokens, feedPrefix = '' }: EncoderOptions, name: string): Value {
  return feed(feedPrefix + name, [batch, tokens]);
}

const attentionMaskOf = (options: EncoderOptions): Value => integers(options, 'attentionMask');

function embed(options: EncoderOptions): Value {
  const { config, isTraining, firstSite = 0 } = options;
  const names = namesOf(config.architecture).embeddings;
  const E = config.embeddingSize;
  const sum = embedding(
    {
      ids: integers(options, 'inputIds'),
      types: integers(options, 'tokenTypeIds'),
      word: parameter(`${names.word}.weight`, [config.vocabularySize, E]),
      position: parameter(`${names.position}.weight`, [rowsOfPositions(config), E]),
      type: names.tokenType ? parameter(`${names.tokenType}.weight`, [config.typeVocabularySize, E]) : null,
    },
    { padTokenId: config.padTokenId, skipsPadding: config.firstPosition > 0 },
  );
  const embedded = dropout(norm(config, names.norm, sum), isTraining ? config.hiddenDropout : 0, firstSite);
  const projection = projectionOf(config);
  return projection === null ? embedded : denseLinear(embedded, projection, config.hiddenSize);
}

function encodeLayer(options: EncoderOptions, layer: number, x: Value, attentionMask: Value): Value {
  const { config, linear, isTraining, firstSite = 0 } = options;
  const architecture = namesOf(config.architecture);
  const names = architecture.layer(layer);
  const { hiddenSize: H, intermediateSize: F, heads } = config;
  const site = firstSite + 1 + 4 * layer; // dropout streams of this layer
  const hiddenDropout = isTraining ? config.hiddenDropout : 0;

  const context = attention(
    {
      query: linear(x, names.query, H),
      key: linear(x, names.key, H),
      value: linear(x, names.value, H),
      attentionMask,
    },
    { heads, dropout: isTraining ? config.attentionDropout : 0, site },
  );
  const projected = linear(context, names.attentionOutput, H);
  const attended = dropout(projected, architecture.dropsAttended ? hiddenDropout : 0, site + 1);
  const y = norm(config, names.attentionNorm, attended, x);
  const expanded = linear(y, names.intermediate, F, config.activation);
  const contracted = dropout(linear(expanded, names.output, H), hiddenDropout, site + 2);
  return norm(config, names.outputNorm, contracted, y);
}

function norm(config: ModelConfig, module: string, x: Value, residual?: Value): Value {
  const shape = x.shape.slice(-1);
  const gamma = parameter(`${module}.weight`, shape);
  const beta = parameter(`${module}.bias`, shape);
  return layerNorm(residual ? { x, gamma, beta, residual } : { x, gamma, beta }, config.layerNormEps);
}

/** Sites of the dropout before the classifier and before its hidden map, past those of any layer. */
const HEAD_SITE = 900;
const HIDDEN_SITE = 901;

function classLogits(options: EncoderOptions, last: Value, { labels, pooling }: Head): Value {
  const { config, isTraining, firstSite = 0 } = options;
  const { classifier } = namesOf(config.architecture).classification;
  const pooled = pooling === 'mean' ? meanTokens(last, attentionMaskOf(options)) : poolFirst(options, last);
  const rate = isTraining ? config.classifierDropout : 0;
  return denseLinear(dropout(pooled, rate, firstSite + HEAD_SITE), classifier, labels);
}

function poolFirst({ config, tokens, isTraining, firstSite = 0 }: EncoderOptions, last: Value): Value {
  const { hidden, activation, dropsFirst } = namesOf(config.architecture).classification;
  const rate = isTraining && dropsFirst ? config.classifierDropout : 0;
  const first = dropout(firstToken(last, tokens), rate, firstSite + HIDDEN_SITE);
  return denseLinear(first, hidden, config.hiddenSize, activation);
}

function spanLogits({ config, tokens }: EncoderOptions, last: Value): Value {
  return spanRows(denseLinear(last, namesOf(config.architecture).questionAnswering, 2), tokens);
}
