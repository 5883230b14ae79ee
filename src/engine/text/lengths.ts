// How long texts are in tokens, and what a maximum length makes of them: cut texts, or windows of questions.
import { textsOf } from './examples.ts';
import { MAX_QUESTION_TOKENS, type WindowOptions } from './squad-features.ts';
import { type SpecialNames, specialNames, specialTokens, type Tokenizer } from './tokenizer.ts';
import type { Example } from './types.ts';

/** By example of a split. */
export interface TokenLengths {
  /** Of the text, or of the question. */
  readonly first: Int32Array;
  /** Of the other text of a pair, or of the context; null where there is none. */
  readonly second: Int32Array | null;
  /** Of the whole split: all tokens, and those that the vocabulary lacks. */
  readonly tokens: number;
  readonly unknown: number;
  /** Special tokens that each whole input has beside them. */
  readonly special: number;
  readonly names: SpecialNames;
}

/** Measures example after example, and yields after each how many are done: the caller decides when to rest. */
export function* measureLengths(tokenizer: Tokenizer, examples: readonly Example[]): Generator<number, TokenLengths> {
  const first = new Int32Array(examples.length);
  const second = new Int32Array(examples.length);
  let unknown = 0;
  let hasSecond = false;
  const lengthOf = (text: string): number => {
    const { ids } = tokenizer.encode(text);
    for (const id of ids) if (id === tokenizer.specialIds.unknown) unknown += 1;
    return ids.length;
  };
  for (const [index, example] of examples.entries()) {
    const [one, other] = textsOf(example);
    first[index] = one ? lengthOf(one.text) : 0;
    second[index] = other ? lengthOf(other.text) : 0;
    hasSecond ||= other !== undefined;
    yield index + 1;
  }
  const tokens = [...first, ...second].reduce((sum, length) => sum + length, 0);
  const special = specialTokens(tokenizer, hasSecond ? 2 : 1);
  const names = specialNames(tokenizer);
  return { first, second: hasSecond ? second : null, tokens, unknown, special, names };
}

/** Tokens of each whole input, the special ones included. */
export function inputLengths({ first, second, special }: TokenLengths): Int32Array {
  return first.map((length, index) => length + (second?.[index] ?? 0) + special);
}

/** Windows that `questionFeatures` makes of a question; null where the question leaves no room to move on. */
export function countWindows(
  { question, context, special }: { readonly question: number; readonly context: number; readonly special: number },
  { maxSeqLength, docStride }: WindowOptions,
): number | null {
  const room = maxSeqLength - Math.min(question, MAX_QUESTION_TOKENS) - special;
  if (context <= room) return 1;
  const stride = room - docStride;
  return stride < 1 ? null : 1 + Math.ceil((context - room) / stride);
}
