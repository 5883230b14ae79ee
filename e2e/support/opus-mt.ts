// Two translation models of a few words, in the form that the Hub keeps opus-mt in, and a Hub that answers with them. The
// one to French writes down what it reads; the one back knows two words for some, and either is as likely.
import type { Page } from '@playwright/test';
import { type OnnxNode, type OnnxValue, writeOnnx } from '../../tools/bench/infer/onnx.ts';

/** Begins with what Marian's vocabularies begin and end with: end of text, unknown, padding. */
const words = ['a', 'A', 'very', 'good', 'great', 'bad', 'poor', 'film', 'plot'];
const vocabulary = ['</s>', '<unk>', '<pad>', '.', ...words.map(piece)];
const [END, UNKNOWN, PADDING] = [0, 1, 2];
const synonyms: Readonly<Record<string, string>> = { good: 'great', bad: 'poor' };

/** SentencePiece marks where a word begins. */
function piece(word: string): string {
  return `\u2581${word}`;
}

/** Answers for the Hub, and counts how often it was asked for weights. */
export async function serveOpusMt(page: Page): Promise<{ readonly weights: string[] }> {
  const weights: string[] = [];
  await page.route('https://huggingface.co/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    const name = pathname.slice(pathname.lastIndexOf('/') + 1);
    const body = filesOf(pathname.includes('opus-mt-en-')).get(name);
    if (name.endsWith('.onnx')) weights.push(pathname);
    const headers = { 'access-control-allow-origin': '*' };
    await route.fulfill(body ? { headers, body: Buffer.from(body) } : { headers, status: 404 });
  });
  return { weights };
}

function filesOf(isThere: boolean): ReadonlyMap<string, string | Uint8Array> {
  const json = (content: object) => JSON.stringify(content);
  const ends = { eos_token_id: END, pad_token_id: PADDING, decoder_start_token_id: PADDING };
  return new Map<string, string | Uint8Array>([
    ['config.json', json({ ...config, ...ends })],
    ['generation_config.json', json({ ...ends, max_length: 512, num_beams: 4, bad_words_ids: [[PADDING]] })],
    ['tokenizer.json', json(tokenizer)],
    ['tokenizer_config.json', json({ tokenizer_class: 'MarianTokenizer', model_max_length: 512, ...specials })],
    ['encoder_model_quantized.onnx', encoder(isThere)],
    ['decoder_model_merged_quantized.onnx', decoder()],
  ]);
}

const specials = { eos_token: '</s>', unk_token: '<unk>', pad_token: '<pad>' };

const config = {
  model_type: 'marian',
  architectures: ['MarianMTModel'],
  is_encoder_decoder: true,
  vocab_size: vocabulary.length,
  d_model: 1,
  encoder_layers: 1,
  decoder_layers: 1,
  encoder_attention_heads: 1,
  decoder_attention_heads: 1,
};

const metaspace = { type: 'Metaspace', replacement: '\u2581', add_prefix_space: true, prepend_scheme: 'always' };

const tokenizer = {
  version: '1.0',
  added_tokens: [END, UNKNOWN, PADDING].map((id) => ({
    ...{ id, content: vocabulary[id], special: true },
    ...{ single_word: false, lstrip: false, rstrip: false, normalized: false },
  })),
  normalizer: null,
  pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace] },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }],
    pair: [],
    special_tokens: { '</s>': { id: '</s>', ids: [END], tokens: ['</s>'] } },
  },
  decoder: metaspace,
  model: { type: 'Unigram', unk_id: UNKNOWN, vocab: vocabulary.map((token, id) => [token, -id]) },
};

/** A score for each word at each place: [B, S] → [B, S, V]. */
function encoder(isThere: boolean): Uint8Array {
  const second = (token: string) => vocabulary.indexOf(piece(synonyms[token.slice(1)] ?? ''));
  const candidates = vocabulary.flatMap((token, id) => [id, isThere || second(token) < 0 ? id : second(token)]);
  return writeOnnx({
    operatorSets: { '': 17 },
    nodes: [
      node('Gather', ['candidates', 'input_ids'], 'ids'), // [B, S, 2]
      node('OneHot', ['ids', 'words', 'scores'], 'each'), // [B, S, 2, V]
      node('ReduceMax', ['each'], 'best', { axes: { ints: [2] }, keepdims: { int: 0 } }),
      node('Unsqueeze', ['attention_mask', 'last'], 'columns'),
      node('Cast', ['columns'], 'mask', { to: { int: 1 } }),
      node('Mul', ['best', 'mask'], 'last_hidden_state'),
    ],
    initializers: new Map([
      ['candidates', { dims: [vocabulary.length, 2], data: BigInt64Array.from(candidates.map(BigInt)) }],
      ['words', { dims: [], data: BigInt64Array.of(BigInt(vocabulary.length)) }],
      ['scores', { dims: [2], data: Float32Array.of(0, 60) }], // others have no chance
      ['last', { dims: [1], data: BigInt64Array.of(2n) }],
    ]),
    inputs: [whole('input_ids', 'batch_size', 'sequence'), whole('attention_mask', 'batch_size', 'sequence')],
    outputs: [real('last_hidden_state', 'batch_size', 'sequence', vocabulary.length)],
  });
}

/** The scores of the place that is next, which the length of the cache tells. */
function decoder(): Uint8Array {
  const caches = ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'];
  const grown = (name: string) =>
    node('Concat', [`past_key_values.0.${name}`, 'entry'], `present.0.${name}`, { axis: { int: 2 } });
  return writeOnnx({
    operatorSets: { '': 17 },
    nodes: [
      node('Shape', ['past_key_values.0.decoder.key'], 'place', { start: { int: 2 }, end: { int: 3 } }),
      node('Gather', ['encoder_hidden_states', 'place'], 'logits', { axis: { int: 1 } }), // [B, 1, V]
      node('Unsqueeze', ['input_ids', 'outer'], 'entries'), // [B, 1, 1, 1]
      node('Cast', ['entries'], 'entry', { to: { int: 1 } }),
      ...caches.slice(0, 2).map(grown),
      node('Unsqueeze', ['encoder_attention_mask', 'outer'], 'places'), // [B, 1, S, 1]
      ...caches.slice(2).map((name) => node('Cast', ['places'], `present.0.${name}`, { to: { int: 1 } })),
    ],
    initializers: new Map([['outer', { dims: [2], data: BigInt64Array.of(1n, 3n) }]]),
    inputs: [
      whole('input_ids', 'batch_size', 'step'),
      whole('encoder_attention_mask', 'batch_size', 'sequence'),
      real('encoder_hidden_states', 'batch_size', 'sequence', vocabulary.length),
      ...caches.map((name) => cache(`past_key_values.0.${name}`)),
    ],
    outputs: [
      real('logits', 'batch_size', 'step', vocabulary.length),
      ...caches.map((name) => cache(`present.0.${name}`)),
    ],
  });
}

const node = (
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode => ({ operator, domain: '', inputs, outputs: [output], attributes });

const value =
  (type: OnnxValue['type']) =>
  (name: string, ...dims: OnnxValue['dims']): OnnxValue => ({ name, type, dims });
const whole = value('int64');
const real = value('float32');
/** By the names of sizes the library tells an empty cache. */
const cache = (name: string) => real(name, 'batch_size', 1, 'past_sequence_length', 1);
