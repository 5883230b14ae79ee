// Reads a tokenizer from a model folder's files, as transformers does, and writes its files back.
// Truncation and padding baked into tokenizer.json are ignored: the run decides lengths.
import { z } from 'zod';
import { WinnowError } from '../error.ts';
import { createTokenizer, SPECIAL_TOKENS, type Tokenizer, type TokenizerSettings } from './wordpiece.ts';

/** Texts of a model folder's files, by name; tokenizer.json is preferred to vocab.txt. */
export interface TokenizerFiles {
  readonly 'tokenizer.json'?: string;
  readonly 'vocab.txt'?: string;
  readonly 'tokenizer_config.json'?: string;
}

/** Embedding rows are often padded to a multiple of up to 128; a larger surplus is another model's vocabulary. */
const ROW_PADDING = 128;

const addedTokenSchema = z.object({
  id: z.number().int().nonnegative(),
  content: z.string().min(1),
  normalized: z.boolean().default(false),
  single_word: z.boolean().default(false),
});

const tokenizerJsonSchema = z.object({
  added_tokens: z.array(addedTokenSchema).default([]),
  normalizer: z.object({
    type: z.literal('BertNormalizer'),
    clean_text: z.boolean().default(true),
    handle_chinese_chars: z.boolean().default(true),
    strip_accents: z.boolean().nullable().default(null),
    lowercase: z.boolean().default(true),
  }),
  pre_tokenizer: z.object({ type: z.literal('BertPreTokenizer') }),
  model: z.object({
    vocab: z.record(z.string(), z.number().int().nonnegative()),
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

/**
 * @param vocabularySize `vocab_size` of config.json, when there is a model to fit.
 * @throws WinnowError `bad-model` for files that are no WordPiece tokenizer or do not fit the model.
 */
export function readTokenizer(files: TokenizerFiles, vocabularySize?: number): Tokenizer {
  const [name, settings] = readSettings(files);
  const config = files['tokenizer_config.json'];
  const tokenizer = createTokenizer({ ...settings, ...(config === undefined ? {} : readConfig(config)) });
  if (vocabularySize !== undefined) checkSize(name, tokenizer, vocabularySize);
  return tokenizer;
}

/** vocab.txt, line by line: the token of line i has id i. */
export function vocabularyLines({ vocabulary }: Tokenizer): string[] {
  const lines: string[] = [];
  for (const [token, id] of vocabulary) lines[id] = token;
  return Array.from(lines, (token, id) => token ?? `[unused-${id}]`);
}

/** What tokenizer_config.json must say beside that vocab.txt for transformers to tokenize alike. */
export function tokenizerConfig({ lowercase, stripAccents, chineseChars }: Tokenizer): Record<string, unknown> {
  return {
    tokenizer_class: 'BertTokenizer',
    do_lower_case: lowercase,
    strip_accents: stripAccents,
    tokenize_chinese_chars: chineseChars,
  };
}

function readSettings(files: TokenizerFiles): [name: string, settings: TokenizerSettings] {
  const json = files['tokenizer.json'];
  if (json !== undefined) return ['tokenizer.json', readTokenizerJson(json)];
  const lines = files['vocab.txt'];
  if (lines !== undefined) return ['vocab.txt', { vocabulary: readVocabularyLines(lines) }];
  const message = 'tokenizer: expected tokenizer.json or vocab.txt, got neither. Add one of them to the model folder.';
  throw new WinnowError('bad-model', message);
}

function readTokenizerJson(text: string): TokenizerSettings {
  const json = parseJson('tokenizer.json', text);
  refuseOtherModels(json);
  const { added_tokens, normalizer, model } = parseWith(tokenizerJsonSchema, 'tokenizer.json', json);
  const unusual = added_tokens.find((token) => token.single_word || (token.normalized && /\s/.test(token.content)));
  if (unusual) {
    const got = JSON.stringify(unusual.content);
    const expected = 'expected added tokens without single_word and without spaces';
    throw new WinnowError('bad-model', `tokenizer.json: ${expected}, got ${got}. Remove it from added_tokens.`);
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

/** The likeliest mistake, a folder of GPT-2's or XLM-R's family, is told apart from a damaged file. */
function refuseOtherModels(json: unknown): void {
  const typeSchema = z.object({ model: z.object({ type: z.string().default('no type') }) });
  const { type } = parseWith(typeSchema, 'tokenizer.json', json).model;
  if (type === 'WordPiece') return;
  const message = `tokenizer.json: expected a WordPiece model, got ${type}. Choose a model of the BERT or DistilBERT family.`;
  throw new WinnowError('bad-model', message);
}

function readVocabularyLines(text: string): ReadonlyMap<string, number> {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const missing = SPECIAL_TOKENS.filter((token) => !lines.includes(token));
  if (missing.length === 0) return new Map(lines.map((token, id) => [token, id]));
  const got = `${lines.length} lines without ${missing.join(', ')}`;
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
  const size = Math.max(...vocabulary.values()) + 1;
  if (size <= rows && rows - size < ROW_PADDING) return;
  const message = `${name}: expected ${rows} tokens (vocab_size in config.json), got ${size}.`;
  throw new WinnowError('bad-model', `${message} Use the tokenizer files of this very model.`);
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `${name}: expected JSON, got ${(cause as Error).message}. Download the file again.`;
    throw new WinnowError('bad-model', message, { cause });
  }
}

function parseWith<T>(schema: z.ZodType<T>, name: string, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const at = issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  const message = `${name}${at}: ${issue.message}. Use the unchanged file of a BERT or DistilBERT model.`;
  throw new WinnowError('bad-model', message, { cause: parsed.error });
}
