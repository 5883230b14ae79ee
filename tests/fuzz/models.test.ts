import { it } from 'vitest';
import { loadCheckpoint } from '../../src/engine/model/checkpoint.ts';
import { parseConfig } from '../../src/engine/model/config.ts';
import type { Random } from '../../src/engine/random.ts';
import { BYTE_LEVEL_SPECIALS } from '../../src/engine/text/byte-level.ts';
import { readTokenizer, type TokenizerFiles } from '../../src/engine/text/vocabulary.ts';
import { bertJson, distilbertJson, electraJson, robertaJson, tinyFile, tinyTensors } from '../engine/model/tiny.ts';
import { attack } from './attack.ts';
import { mutateBytes, mutateJson, mutateText } from './mutate.ts';

const configs = [
  bertJson,
  distilbertJson,
  robertaJson,
  electraJson,
  { ...bertJson, layer_norm_eps: 1e-12, hidden_act: 'gelu' },
];
const weights = tinyFile(tinyTensors(parseConfig(bertJson), 'text-classification'));

it('parseConfig answers 10,000 broken config.json with a config that its weights are checked against, or a refusal', () =>
  attack('config.json', {
    cases: 10_000,
    make(random) {
      const text = mutateJson(random, configs[random.integer(configs.length)]);
      const rest = { files: [weights], fileName: 'model.safetensors', task: 'text-classification' as const };
      const read = () => loadCheckpoint({ config: parseConfig(text), ...rest, labels: 2, layers: null, seed: 1 });
      return { size: text.length, read };
    },
  }));

it('loadCheckpoint answers 10,000 broken weights with parameters or a plain refusal', () =>
  attack('weights of a model', {
    cases: 10_000,
    make(random) {
      const file = mutateBytes(random, weights);
      const rest = { fileName: 'model.safetensors', task: 'text-classification' as const };
      const source = { config: parseConfig(bertJson), files: [file], ...rest, labels: 2, layers: null, seed: 1 };
      return { size: file.length, read: () => loadCheckpoint(source) };
    },
  }));

const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'good', 'film', '##s', 'a', '.'];
const wordPieces = Object.fromEntries(words.map((word, id) => [word, id]));
const wordPieceJson = {
  added_tokens: words.slice(0, 5).map((content, id) => ({ id, content, normalized: false, special: true })),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  model: { type: 'WordPiece', unk_token: '[UNK]', vocab: wordPieces },
};

const tokens = [...BYTE_LEVEL_SPECIALS, 'a', 'b', 'c', 'ab', 'abc', 'Ġ', 'Ġa'];
const merges = ['a b', 'ab c', 'Ġ a'];
const byteLevel = Object.fromEntries(tokens.map((token, id) => [token, id]));
const byteLevelJson = {
  added_tokens: BYTE_LEVEL_SPECIALS.map((content, id) => ({ id, content, normalized: false, lstrip: true })),
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false },
  post_processor: { type: 'RobertaProcessing', trim_offsets: true, add_prefix_space: false },
  model: { type: 'BPE', vocab: byteLevel, merges },
};

const settings = { do_lower_case: true, strip_accents: null, tokenize_chinese_chars: true, add_prefix_space: true };

/** Reads the files for a model of a few rows more, then a text with them. */
function readWith(random: Random, files: TokenizerFiles, rows: number) {
  const model =
    random.integer(2) === 0 ? undefined : { vocabularySize: rows, typeVocabularySize: 1 + random.integer(2) };
  const size = Object.values(files).reduce((sum, text) => sum + text.length, 0);
  return { size, read: () => readTokenizer(files, model).encode('A good film\u0301s, abc 💥 [SEP] </s>') };
}

/** Each kind of file in turn, with settings beside it in one case of two. */
const kinds: Readonly<Record<string, (random: Random) => TokenizerFiles>> = {
  'vocab.txt': (random) => ({ 'vocab.txt': mutateText(random, words.join('\n')) }),
  'tokenizer.json of WordPiece': (random) => ({ 'tokenizer.json': mutateJson(random, wordPieceJson) }),
  'tokenizer.json of BPE': (random) => ({ 'tokenizer.json': mutateJson(random, byteLevelJson) }),
  'vocab.json': (random) => ({ 'vocab.json': mutateJson(random, byteLevel), 'merges.txt': merges.join('\n') }),
  'merges.txt': (random) => ({
    'vocab.json': JSON.stringify(byteLevel),
    'merges.txt': mutateText(random, ['#version: 0.2', ...merges].join('\n')),
  }),
  'tokenizer_config.json': (random) => ({
    ...(random.integer(2) === 0
      ? { 'vocab.txt': words.join('\n') }
      : { 'tokenizer.json': JSON.stringify(byteLevelJson) }),
    'tokenizer_config.json': mutateJson(random, settings),
  }),
};

it.each(Object.entries(kinds))(
  'readTokenizer answers 10,000 broken %s with a tokenizer or a plain refusal',
  (name, make) => attack(name, { cases: 10_000, make: (random) => readWith(random, make(random), words.length + 2) }),
);
