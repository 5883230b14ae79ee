// A byte-level BPE tokenizer's files: tokenizer.json, and vocab.json with merges.txt for those who read only these.
import type { AddedToken } from '../../text/added-tokens.ts';
import { BYTE_LEVEL_SPECIALS, type ByteLevelTokenizer } from '../../text/byte-level.ts';

/** What a kind of tokenizer contributes to a folder. */
export interface TokenizerParts {
  /** tokenizer.json, where the base model has none. */
  readonly json: object;
  /** Of tokenizer_config.json. */
  readonly settings: object;
  /** The special tokens by role. */
  readonly special: object;
  readonly others: Readonly<Record<string, string | object>>;
}

const roles = {
  bos_token: '<s>',
  eos_token: '</s>',
  unk_token: '<unk>',
  sep_token: '</s>',
  pad_token: '<pad>',
  cls_token: '<s>',
  mask_token: '<mask>',
};

export function byteLevelFiles(tokenizer: ByteLevelTokenizer): TokenizerParts {
  const { vocabulary, pieces, merges, addPrefixSpace, trimming } = tokenizer;
  const added = tokenizer.addedTokens.map((token) => [token.id, flagsOf(token)] as const);
  return {
    json: byteLevelJson(tokenizer),
    settings: {
      tokenizer_class: 'RobertaTokenizer',
      add_prefix_space: addPrefixSpace,
      trim_offsets: trimming !== null,
      added_tokens_decoder: Object.fromEntries(added),
    },
    special: Object.fromEntries(Object.entries(roles).filter(([, token]) => vocabulary.has(token))),
    others: {
      'vocab.json': Object.fromEntries(pieces),
      'merges.txt': ['#version: 0.2', ...merges.map((merge) => merge.join(' ')), ''].join('\n'),
    },
  };
}

/** As the Rust tokenizers write it. */
export function byteLevelJson(tokenizer: ByteLevelTokenizer): object {
  const { pieces, merges, addPrefixSpace, trimming, unknownToken, addedTokens, specialIds } = tokenizer;
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens.map((token) => ({ id: token.id, ...flagsOf(token) })),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: addPrefixSpace, trim_offsets: true, use_regex: true },
    post_processor: {
      type: 'RobertaProcessing',
      sep: ['</s>', specialIds.sep],
      cls: ['<s>', specialIds.cls],
      trim_offsets: trimming !== null,
      add_prefix_space: trimming?.addPrefixSpace ?? addPrefixSpace,
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: unknownToken,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(pieces),
      merges,
    },
  };
}

const flagsOf = ({ content, normalized, lstrip = false, rstrip = false }: AddedToken) => ({
  content,
  single_word: false,
  lstrip,
  rstrip,
  normalized,
  special: BYTE_LEVEL_SPECIALS.some((token) => token === content),
});
