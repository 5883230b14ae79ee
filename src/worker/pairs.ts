// Unlabelled texts with their augmented twins, encoded as they are drawn: a twin is drawn anew in every epoch, where the
// authors prepare a number of copies of each before they train.
import { encodeTexts } from '../engine/text/classification.ts';
import type { Tokenizer } from '../engine/text/tokenizer.ts';
import type { ClassificationExample, ClassificationFeature } from '../engine/text/types.ts';
import { type Augmenter, createAugmenter } from '../engine/uda/augmenter.ts';
import { parsePolicy, usesSynonyms } from '../engine/uda/policy.ts';
import { loadSynonyms } from '../hub/synonyms.ts';
import type { TrainingArguments } from '../runs/spec.ts';

export interface PairSource {
  readonly count: number;
  pair(
    index: number,
    copy: number,
  ): { readonly original: ClassificationFeature; readonly augmented: ClassificationFeature };
}

interface AugmenterSettings {
  readonly policy: string;
  readonly examples: readonly ClassificationExample[];
  readonly tokenizer: Tokenizer;
  readonly seed: number;
}

/** @throws WinnowError where there are no texts, or the policy changes none of them. */
export async function openAugmenter({ policy, examples, tokenizer, seed }: AugmenterSettings): Promise<Augmenter> {
  const parsed = parsePolicy(policy);
  const synonyms = usesSynonyms(parsed) ? await loadSynonyms() : null;
  return createAugmenter({ policy: parsed, examples, wordSettings: tokenizer, synonyms, seed });
}

export async function openPairs(
  settings: AugmenterSettings,
  { max_seq_length: maxSeqLength, truncation_side: truncate }: TrainingArguments,
): Promise<PairSource> {
  const { examples, tokenizer } = settings;
  const augmenter = await openAugmenter(settings);
  const feature = (exampleIndex: number, text: string): ClassificationFeature => ({
    exampleIndex,
    label: null,
    ...encodeTexts(tokenizer, { text }, { maxSeqLength, truncate }),
  });
  return {
    count: examples.length,
    pair: (index, copy) => ({
      original: feature(index, examples[index]!.text),
      augmented: feature(index, augmenter.augment(index, copy)),
    }),
  };
}
