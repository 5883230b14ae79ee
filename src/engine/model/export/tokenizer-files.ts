// The tokenizer's files, so that the folder stands alone: text goes in, not only ids.
import { namesOf } from '../architecture.ts';
import type { ModelConfig } from '../config.ts';
import type { TokenizerSource } from './source.ts';

const specialTokens = {
  unk_token: '[UNK]',
  sep_token: '[SEP]',
  pad_token: '[PAD]',
  cls_token: '[CLS]',
  mask_token: '[MASK]',
};

/** Path to content: text, or an object to be written as JSON. */
export function tokenizerFiles(config: ModelConfig, tokenizer: TokenizerSource): Record<string, string | object> {
  return {
    'vocab.txt': `${tokenizer.vocabulary.join('\n')}\n`,
    'tokenizer.json':
      tokenizer.tokenizerJson === null ? bertTokenizer(tokenizer) : withoutLimits(tokenizer.tokenizerJson),
    'tokenizer_config.json': {
      tokenizer_class: `${namesOf(config.architecture).className}Tokenizer`,
      do_lower_case: tokenizer.lowercase,
      tokenize_chinese_chars: true,
      strip_accents: null,
      model_max_length: config.maxPositions,
      ...specialTokens,
    },
    'special_tokens_map.json': specialTokens,
  };
}

/** A length baked into tokenizer.json (all-MiniLM's: 128) would silently cut what the caller asks for. */
function withoutLimits(tokenizerJson: string): object {
  return { ...JSON.parse(tokenizerJson), truncation: null, padding: null };
}

/** The fast tokenizer that a vocab.txt stands for, as transformers would convert it. */
function bertTokenizer({ vocabulary, lowercase }: TokenizerSource): object {
  const idOf = new Map(vocabulary.map((token, id) => [token, id]));
  const special = Object.values(specialTokens).filter((token) => idOf.has(token));
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content) => ({
      id: idOf.get(content),
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: pairTemplate(idOf),
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(idOf),
    },
  };
}

/** `[CLS] a [SEP]`, and for pairs `[CLS] a [SEP] b [SEP]` with type 1 from b on. */
function pairTemplate(idOf: ReadonlyMap<string, number>): object {
  const special = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
  const sequence = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const single = [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0)];
  return {
    type: 'TemplateProcessing',
    single,
    pair: [...single, sequence('B', 1), special('[SEP]', 1)],
    special_tokens: Object.fromEntries(
      ['[CLS]', '[SEP]'].map((token) => [token, { id: token, ids: [idOf.get(token)], tokens: [token] }]),
    ),
  };
}
