import { describe, expect, it } from 'vitest';
import { encodeTexts } from '../../../src/engine/text/classification.ts';
import { countWindows, inputLengths, measureLengths } from '../../../src/engine/text/lengths.ts';
import { questionFeatures } from '../../../src/engine/text/squad-features.ts';
import type { Example } from '../../../src/engine/text/types.ts';
import { createTokenizer } from '../../../src/engine/text/wordpiece.ts';

const tokenizer = createTokenizer({ vocabulary: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'a', 'b', '##c'] });

function measured(examples: readonly Example[]) {
  const measuring = measureLengths(tokenizer, examples);
  const done: number[] = [];
  for (;;) {
    const next = measuring.next();
    if (next.done) return { lengths: next.value, done };
    done.push(next.value);
  }
}

describe('measureLengths', () => {
  it('counts tokens and those that the vocabulary lacks, example by example', () => {
    const texts = ['a bc', 'zzz a', ''].map((text, i) => ({ id: String(i), text, label: 0 }));
    const { lengths, done } = measured(texts);
    const names = { cls: '[CLS]', sep: '[SEP]', unknown: '[UNK]' };
    expect(lengths).toEqual({ first: Int32Array.of(3, 2, 0), second: null, tokens: 5, unknown: 1, special: 2, names });
    expect(done).toEqual([1, 2, 3]);
    const whole = texts.map((text) => encodeTexts(tokenizer, text, { maxSeqLength: 512 }).inputIds.length);
    expect([...inputLengths(lengths)]).toEqual(whole);
  });

  it('counts pairs with the separator between them', () => {
    const pair = { id: '0', text: 'a', textPair: 'b bc', label: 0 };
    const { lengths } = measured([pair]);
    expect([...inputLengths(lengths)]).toEqual([encodeTexts(tokenizer, pair, { maxSeqLength: 512 }).inputIds.length]);
  });
});

describe('countWindows', () => {
  it.each([1, 7, 8, 9, 20, 21, 50])('agrees with the windows that are made of %i context tokens', (context) => {
    const question = { id: '0', title: '', question: 'a b', context: 'a '.repeat(context), answers: [] };
    const options = { maxSeqLength: 13, docStride: 3 };
    const made = questionFeatures(tokenizer, [question], options).length;
    expect(countWindows({ question: 2, context, special: 3 }, options)).toBe(made);
  });

  it('is null where the question leaves no room to move on', () => {
    expect(countWindows({ question: 64, context: 100, special: 3 }, { maxSeqLength: 128, docStride: 61 })).toBeNull();
    expect(countWindows({ question: 64, context: 61, special: 3 }, { maxSeqLength: 128, docStride: 61 })).toBe(1);
  });
});
