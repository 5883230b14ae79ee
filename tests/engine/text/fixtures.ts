import { createTokenizer } from '../../../src/engine/text/wordpiece.ts';

export const SPECIALS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

/** Ids: the five specials are 0 … 4, the words follow from 5 on. */
export const tokenizerOf = (words: readonly string[]) => createTokenizer({ vocabulary: [...SPECIALS, ...words] });

/** A tokenizer of one-letter words: `a` is 5, `b` is 6, … `z` is 30. */
export const letterTokenizer = tokenizerOf([...'abcdefghijklmnopqrstuvwxyz']);
