// Texts and pairs between special tokens, cut as Hugging Face's `longest_first`.
import { WinnowError } from '../error.ts';
import { joinTexts, specialTokens, type Tokenizer } from './tokenizer.ts';
import type { ClassificationExample, ClassificationFeature, Encoding } from './types.ts';

export interface EncodeOptions {
  readonly maxSeqLength: number;
  /** Where tokens are cut off: 'left' keeps the last ones, as UDA does, since reviews end with the verdict. */
  readonly truncate?: 'right' | 'left';
}

type Texts = Pick<ClassificationExample, 'text' | 'textPair'>;

export function classificationFeatures(
  tokenizer: Tokenizer,
  examples: readonly ClassificationExample[],
  options: EncodeOptions,
): ClassificationFeature[] {
  return examples.map((example, exampleIndex) => ({
    exampleIndex,
    label: example.label,
    ...encodeTexts(tokenizer, example, options),
  }));
}

/** @throws WinnowError `bad-settings` where not even the special tokens fit. */
export function encodeTexts(tokenizer: Tokenizer, { text, textPair }: Texts, options: EncodeOptions): Encoding {
  const { maxSeqLength, truncate = 'right' } = options;
  const first = tokenizer.encode(text).ids;
  const second = textPair === undefined ? null : tokenizer.encode(textPair).ids;
  const room = maxSeqLength - specialTokens(tokenizer, second ? 2 : 1);
  if (room < 1) throw tooShort(maxSeqLength);
  const [firstLength, secondLength] = second ? longestFirst(first.length, second.length, room) : [room, 0];
  const { inputIds, tokenTypeIds } = joinTexts(
    tokenizer,
    cut(first, firstLength, truncate),
    second && cut(second, secondLength, truncate),
  );
  return { inputIds, tokenTypeIds };
}

/** What each of a pair may keep: the longer gives first, then both keep half of the room. */
function longestFirst(first: number, second: number, room: number): [number, number] {
  if (first + second <= room) return [first, second];
  const shorter = Math.min(first, second);
  const kept = shorter > room / 2 ? Math.floor(room / 2) : shorter;
  return first <= second ? [kept, room - kept] : [room - kept, kept];
}

function cut(ids: readonly number[], length: number, side: 'right' | 'left'): readonly number[] {
  if (ids.length <= length) return ids;
  return side === 'right' ? ids.slice(0, length) : ids.slice(ids.length - length);
}

function tooShort(maxSeqLength: number): WinnowError {
  const message = `max_seq_length: expected room for a token beside the special ones, got ${maxSeqLength}. Raise it.`;
  return new WinnowError('bad-settings', message);
}
