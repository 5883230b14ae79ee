// The files of a byte-level BPE tokenizer: tokenizer.json, or vocab.json with merges.txt, and tokenizer_config.json.
import { z } from 'zod';
import { WinnowError } from '../error.ts';
import { addedTokensSchema, tokenIdSchema } from './added-tokens.ts';
import type { Merge } from './bpe.ts';
import type { ByteLevelSettings, Trimming } from './byte-level.ts';
import { parseJson, parseWith } from './parse-file.ts';

const vocabularySchema = z.record(z.string(), tokenIdSchema);
const no = z.literal(false).default(false);
const nothing = z.literal('').nullable().default(null);

const tokenizerJsonSchema = z.object({
  added_tokens: addedTokensSchema,
  normalizer: z.null().default(null),
  pre_tokenizer: z.object({
    type: z.literal('ByteLevel'),
    add_prefix_space: z.boolean().default(true),
    use_regex: z.literal(true).default(true),
  }),
  post_processor: z.unknown().optional(),
  model: z.object({
    vocab: vocabularySchema,
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])], 'expected a merge of two tokens')),
    unk_token: z.string().nullable().default(null),
    dropout: z.null().default(null),
    continuing_subword_prefix: nothing,
    end_of_word_suffix: nothing,
    fuse_unk: no,
    byte_fallback: no,
    ignore_merges: no,
  }),
});

const trimmingSchema = z.object({ trim_offsets: z.boolean(), add_prefix_space: z.boolean().default(true) });
const sequenceSchema = z.object({ processors: z.array(z.unknown()) });

const configSchema = z.object({ add_prefix_space: z.boolean().optional(), trim_offsets: z.boolean().optional() });

export function readByteLevelJson(json: unknown): ByteLevelSettings {
  const { added_tokens, pre_tokenizer, post_processor, model } = parseWith(tokenizerJsonSchema, 'tokenizer.json', json);
  return {
    vocabulary: new Map(Object.entries(model.vocab)),
    merges: model.merges.map((merge) => (typeof merge === 'string' ? splitMerge('tokenizer.json', merge) : merge)),
    addPrefixSpace: pre_tokenizer.add_prefix_space,
    trimming: trimmingOf(post_processor),
    unknownToken: model.unk_token,
    addedTokens: added_tokens,
  };
}

/** As transformers reads the older form, the one that RoBERTa was published in. */
export function readVocabAndMerges(vocab: string, merges: string): ByteLevelSettings {
  const vocabulary = parseWith(vocabularySchema, 'vocab.json', parseJson('vocab.json', vocab));
  const lines = merges.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version'));
  return {
    vocabulary: new Map(Object.entries(vocabulary)),
    merges: lines.map((line) => splitMerge('merges.txt', line)),
    trimming: { addPrefixSpace: false },
  };
}

/** What tokenizer_config.json has to say of `settings`. */
export function withConfig(settings: ByteLevelSettings, text: string): ByteLevelSettings {
  const name = 'tokenizer_config.json';
  const config = parseWith(configSchema, name, parseJson(name, text));
  const addPrefixSpace = config.add_prefix_space ?? settings.addPrefixSpace ?? false;
  const given = settings.trimming ?? null;
  const isTrimmed = config.trim_offsets ?? given !== null;
  const trimming = { addPrefixSpace: config.add_prefix_space ?? given?.addPrefixSpace ?? addPrefixSpace };
  return { ...settings, addPrefixSpace, trimming: isTrimmed ? trimming : null };
}

function splitMerge(file: string, line: string): Merge {
  const [left, right, ...rest] = line.split(' ');
  if (left && right && rest.length === 0) return [left, right];
  const message = `${file}: expected merges of two tokens with a space between, got ${JSON.stringify(line)}.`;
  throw new WinnowError('bad-model', `${message} Download the file again.`);
}

/** RobertaProcessing and ByteLevel trim, on their own or among others. */
function trimmingOf(processor: unknown): Trimming | null {
  const sequence = sequenceSchema.safeParse(processor);
  const processors = sequence.success ? sequence.data.processors : [processor];
  const [found] = processors.flatMap((one) => trimmingSchema.safeParse(one).data ?? []);
  return found?.trim_offsets ? { addPrefixSpace: found.add_prefix_space } : null;
}
