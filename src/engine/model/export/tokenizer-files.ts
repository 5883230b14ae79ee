// The tokenizer's files, so that the folder stands alone: text goes in, not only ids.
import { tokenizerConfig, vocabularyLines } from '../../text/vocabulary.ts';
import type { WordPieceTokenizer } from '../../text/wordpiece.ts';
import { namesOf } from '../architecture.ts';
import type { ModelConfig } from '../config.ts';
import { byteLevelFiles, type TokenizerParts } from './byte-level-files.ts';
import type { FolderSource } from './source.ts';

const specialTokens = {
  unk_token: '[UNK]',
  sep_token: '[SEP]',
  pad_token: '[PAD]',
  cls_token: '[CLS]',
  mask_token: '[MASK]',
};

/** Path to content: text, or an object to be written as JSON. */
export function tokenizerFiles({
  config,
  tokenizer,
  tokenizerJson,
}: Pick<FolderSource, 'config' | 'tokenizer' | 'tokenizerJson'>): Record<string, string | object> {
  const { json, settings, special, others } =
    tokenizer.kind === 'wordpiece' ? wordPieceFiles(tokenizer, config) : byteLevelFiles(tokenizer);
  return {
    ...others,
    'tokenizer.json': tokenizerJson === null ? json : withoutLimits(tokenizerJson),
    'tokenizer_config.json': { ...settings, model_max_length: config.maxPositions, ...special },
    'special_tokens_map.json': special,
  };
}

function wordPieceFiles(tokenizer: WordPieceTokenizer, { architecture }: ModelConfig): TokenizerParts {
  const { wordPieceClass } = namesOf(architecture);
  return {
    json: bertTokenizer(tokenizer),
    settings: { ...tokenizerConfig(tokenizer), tokenizer_class: wordPieceClass },
    special: specialTokens,
    others: { 'vocab.txt': `${vocabularyLines(tokenizer).join('\n')}\n` },
  };
}

/** A length baked into tokenizer.json (all-MiniLM's: 128) would silently cut what the caller asks for. */
function withoutLimits(tokenizerJson: string): object {
  return { ...JSON.parse(tokenizerJson), truncation: null, padding: null };
}

/** The fast tokenizer that a vocab.txt stands for, as transformers would convert it. */
function bertTokenizer({ vocabulary, lowercase, stripAccents, chineseChars }: WordPieceTokenizer): object {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens(vocabulary),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: chineseChars,
      strip_accents: stripAccents,
      lowercase,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: pairTemplate(vocabulary),
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: specialTokens.unk_token,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary),
    },
  };
}

function addedTokens(vocabulary: ReadonlyMap<string, number>): object[] {
  return Object.values(specialTokens)
    .filter((content) => vocabulary.has(content))
    .map((content) => ({
      id: vocabulary.get(content),
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    }));
}

/** `[CLS] a [SEP]`, and for pairs `[CLS] a [SEP] b [SEP]` with type 1 from b on. */
function pairTemplate(vocabulary: ReadonlyMap<string, number>): object {
  const special = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
  const sequence = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const single = [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0)];
  return {
    type: 'TemplateProcessing',
    single,
    pair: [...single, sequence('B', 1), special('[SEP]', 1)],
    special_tokens: Object.fromEntries(
      ['[CLS]', '[SEP]'].map((token) => [token, { id: token, ids: [vocabulary.get(token)], tokens: [token] }]),
    ),
  };
}
