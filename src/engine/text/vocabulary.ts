// Reads a tokenizer from a model folder's files, as transformers does, and writes its files back.
// Truncation and padding baked into tokenizer.json are ignored: the run decides lengths.
import { z } from 'zod';
import { WinnowError } from '../error.ts';
import { addedTokensSchema, MOST_TOKENS, tokenIdSchema } from './added-tokens.ts';
import { type ByteLevelSettings, createByteLevelTokenizer } from './byte-level.ts';
import { readByteLevelJson, readVocabAndMerges, withConfig } from './byte-level-files.ts';
import { parseJson, parseWith } from './parse-file.ts';
import { largestId, type Tokenizer } from './tokenizer.ts';
import { createTokenizer, SPECIAL_TOKENS, type TokenizerSettings, type WordPieceTokenizer } from './wordpiece.ts';

/** Texts of a model folder's files, by name. The first that is there counts: vocab.json takes merges.txt along. */
export interface TokenizerFiles {
  readonly 'tokenizer.json'?: string;
  readonly 'vocab.txt'?: string;
  readonly 'vocab.json'?: string;
  readonly 'merges.txt'?: string;
  readonly 'tokenizer_config.json'?: string;
}

/** Embedding rows are often padded to a multiple of up to 128; a larger surplus is another model's vocabulary. */
const ROW_PADDING = 128;

const tokenizerJsonSchema = z.object({
  added_tokens: addedTokensSchema,
  normalizer: z.object({
    type: z.literal('BertNormalizer'),
    clean_text: z.boolean().default(true),
    handle_chinese_chars: z.boolean().default(true),
    strip_accents: z.boolean().nullable().default(null),
    lowercase: z.boolean().default(true),
  }),
  pre_tokenizer: z.object({ type: z.literal('BertPreTokenizer') }),
  model: z.object({
    vocab: z.record(z.string(), tokenIdSchema),
    unk_token: z.string().default('[UNK]'),
    continuing_subword_prefix: z.literal('##').default('##'),
    max_input_chars_per_word: z.number().int().positive().default(100),
  }),
});

const configSchema = z.object({
  do_lower_case: z.boolean().optional(),
  strip_accents: z.boolean().nullable().optional(),
  tokenize_chinese_chars: z.boolean().optional(),
});

/** Of config.json. */
export interface ModelToFit {
  readonly vocabularySize: number;
  /** With one type alone, or none, all texts are of type 0. */
  readonly typeVocabularySize: number;
}

/** @throws WinnowError `bad-model` for files of neither WordPiece nor byte-level BPE, or that do not fit the model. */
export function readTokenizer(files: TokenizerFiles, model?: ModelToFit): Tokenizer {
  const read = readSettings(files);
  const config = files['tokenizer_config.json'];
  const tokenizer =
    read.kind === 'wordpiece'
      ? createTokenizer({ ...read.settings, ...(config === undefined ? {} : readConfig(config)) })
      : createByteLevelTokenizer(config === undefined ? read.settings : withConfig(read.settings, config));
  if (model === undefined) return tokenizer;
  checkSize(read.name, tokenizer, model.vocabularySize);
  return model.typeVocabularySize > 1
    ? tokenizer
    : { ...tokenizer, template: { ...tokenizer.template, secondType: 0 } };
}

/** vocab.txt, line by line: the token of line i has id i. */
export function vocabularyLines({ vocabulary }: WordPieceTokenizer): string[] {
  const lines: string[] = [];
  for (const [token, id] of vocabulary) lines[id] = token;
  return Array.from(lines, (token, id) => token ?? `[unused-${id}]`);
}

/** What tokenizer_config.json must say beside that vocab.txt for transformers to tokenize alike. */
export function tokenizerConfig({
  lowercase,
  stripAccents,
  chineseChars,
}: WordPieceTokenizer): Record<string, unknown> {
  return {
    tokenizer_class: 'BertTokenizer',
    do_lower_case: lowercase,
    strip_accents: stripAccents,
    tokenize_chinese_chars: chineseChars,
  };
}

type Settings =
  | { readonly kind: 'wordpiece'; readonly settings: TokenizerSettings }
  | { readonly kind: 'byte-level'; readonly settings: ByteLevelSettings };

function readSettings(files: TokenizerFiles): Settings & { readonly name: string } {
  const { 'tokenizer.json': json, 'vocab.txt': lines, 'vocab.json': vocab, 'merges.txt': merges } = files;
  if (json !== undefined) return { name: 'tokenizer.json', ...readTokenizerJson(parseJson('tokenizer.json', json)) };
  if (lines !== undefined) {
    return { name: 'vocab.txt', kind: 'wordpiece', settings: { vocabulary: readVocabularyLines(lines) } };
  }
  if (vocab !== undefined && merges !== undefined) {
    return { name: 'vocab.json', kind: 'byte-level', settings: readVocabAndMerges(vocab, merges) };
  }
  const got = vocab === undefined ? (merges === undefined ? 'none of them' : 'merges.txt alone') : 'vocab.json alone';
  const message = `tokenizer: expected tokenizer.json, vocab.txt, or vocab.json with merges.txt, got ${got}.`;
  throw new WinnowError('bad-model', `${message} Add what is missing to the model folder.`);
}

const modelSchema = z.object({ model: z.object({ type: z.string().optional(), merges: z.unknown().optional() }) });

/** Files of before types were written down (distilbert-base-uncased's) are known by their merges. */
function readTokenizerJson(json: unknown): Settings {
  const { type, merges } = parseWith(modelSchema, 'tokenizer.json', json).model;
  const kind = type ?? (merges === undefined ? 'WordPiece' : 'BPE');
  if (kind === 'BPE') return { kind: 'byte-level', settings: readByteLevelJson(json) };
  if (kind === 'WordPiece') return { kind: 'wordpiece', settings: readWordPieceJson(json) };
  const message = `tokenizer.json: expected a WordPiece or byte-level BPE model, got ${kind}.`;
  throw new WinnowError('bad-model', `${message} Choose a model with one of these tokenizers.`);
}

function readWordPieceJson(json: unknown): TokenizerSettings {
  const { added_tokens, normalizer, model } = parseWith(tokenizerJsonSchema, 'tokenizer.json', json);
  const unusual = added_tokens.find(({ normalized, content }) => normalized && /\s/.test(content));
  if (unusual) {
    const got = JSON.stringify(unusual.content);
    const message = `tokenizer.json: expected added tokens without spaces, got ${got}. Remove it from added_tokens.`;
    throw new WinnowError('bad-model', message);
  }
  return {
    vocabulary: new Map(Object.entries(model.vocab)),
    lowercase: normalizer.lowercase,
    stripAccents: normalizer.strip_accents,
    chineseChars: normalizer.handle_chinese_chars,
    cleanText: normalizer.clean_text,
    unknownToken: model.unk_token,
    maxCharsPerWord: model.max_input_chars_per_word,
    addedTokens: added_tokens,
  };
}

function readVocabularyLines(text: string): ReadonlyMap<string, number> {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const missing = SPECIAL_TOKENS.filter((token) => !lines.includes(token));
  if (missing.length === 0 && lines.length <= MOST_TOKENS) return new Map(lines.map((token, id) => [token, id]));
  const got = `${lines.length} lines${missing.length > 0 ? ` without ${missing.join(', ')}` : ''}`;
  const message = `vocab.txt: expected one WordPiece token a line, got ${got}. Use the file the model was trained with.`;
  throw new WinnowError('bad-model', message);
}

function readConfig(text: string): Partial<TokenizerSettings> {
  const name = 'tokenizer_config.json';
  const config = parseWith(configSchema, name, parseJson(name, text));
  return {
    ...(config.do_lower_case !== undefined && { lowercase: config.do_lower_case }),
    ...(config.strip_accents !== undefined && { stripAccents: config.strip_accents }),
    ...(config.tokenize_chinese_chars !== undefined && { chineseChars: config.tokenize_chinese_chars }),
  };
}

function checkSize(name: string, { vocabulary }: Tokenizer, rows: number): void {
  const size = largestId(vocabulary) + 1;
  if (size <= rows && rows - size < ROW_PADDING) return;
  const message = `${name}: expected ${rows} tokens (vocab_size in config.json), got ${size}.`;
  throw new WinnowError('bad-model', `${message} Use the tokenizer files of this very model.`);
}
