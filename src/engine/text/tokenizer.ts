// What tokenizers have in common, and where special tokens stand around what they give.
import { WinnowError } from '../error.ts';
import type { ByteLevelTokenizer } from './byte-level.ts';
import type { Encoding } from './types.ts';
import type { WordPieceTokenizer } from './wordpiece.ts';

export type Offsets = readonly [start: number, end: number];

export interface TokenizedText {
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
  /** [start, end) in UTF-16 code units of the original text, one pair per token. */
  readonly offsets: readonly Offsets[];
}

export interface CommonTokenizer {
  /** Token to id, added tokens included. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly specialIds: SpecialIds;
  readonly template: Template;
  /** The text's own tokens, without special ones around them, of any length. */
  encode(text: string): TokenizedText;
}

export type Tokenizer = WordPieceTokenizer | ByteLevelTokenizer;

export interface SpecialIds {
  readonly pad: number;
  /** Null where every text has tokens. */
  readonly unknown: number | null;
  readonly cls: number;
  readonly sep: number;
  readonly mask: number | null;
}

/** `[CLS] a [SEP] b [SEP]` has one separator between its texts, and its second text has type 1. */
export interface Template {
  readonly separators: number;
  readonly secondType: 0 | 1;
}

/** Their names in the tokenizer's own vocabulary: `[CLS]`, or `<s>`. */
export interface SpecialNames {
  readonly cls: string;
  readonly sep: string;
  readonly unknown: string | null;
}

export function specialNames({ vocabulary, specialIds: { cls, sep, unknown } }: SpecialsOf): SpecialNames {
  const names = new Map<number, string>();
  for (const [token, id] of vocabulary) if (id === cls || id === sep || id === unknown) names.set(id, token);
  const nameOf = (id: number) => names.get(id) ?? `token ${id}`;
  return { cls: nameOf(cls), sep: nameOf(sep), unknown: unknown === null ? null : nameOf(unknown) };
}

type SpecialsOf = Pick<CommonTokenizer, 'vocabulary' | 'specialIds'>;
type Framed = Pick<Tokenizer, 'specialIds' | 'template'>;

/** How many special tokens stand around and between the texts. */
export const specialTokens = ({ template }: Framed, texts: 1 | 2): number =>
  texts === 1 ? 2 : 2 + template.separators;

/** One text or two, and the place of the second text's first token. */
export function joinTexts(
  { specialIds: { cls, sep }, template }: Framed,
  first: readonly number[],
  second: readonly number[] | null,
): Encoding & { readonly secondFrom: number } {
  const alone = [cls, ...first, sep];
  const between = new Array<number>(template.separators - 1).fill(sep);
  const secondFrom = alone.length + between.length;
  const inputIds = second === null ? alone : [...alone, ...between, ...second, sep];
  const tokenTypeIds = inputIds.map((_, place) => (place < secondFrom ? 0 : template.secondType));
  return { inputIds, tokenTypeIds, secondFrom };
}

/** −1 where there is none. Vocabularies are too large to be the arguments of a call. */
export function largestId(vocabulary: ReadonlyMap<string, number>): number {
  let largest = -1;
  for (const id of vocabulary.values()) largest = Math.max(largest, id);
  return largest;
}

/** @throws WinnowError `bad-model` where the vocabulary lacks the token. */
export function idOfSpecial(vocabulary: ReadonlyMap<string, number>, token: string): number {
  const id = vocabulary.get(token);
  if (id !== undefined) return id;
  throw new WinnowError(
    'bad-model',
    `vocabulary: expected the token ${token}, got ${vocabulary.size} tokens without it. Use the tokenizer files that the model was trained with.`,
  );
}
