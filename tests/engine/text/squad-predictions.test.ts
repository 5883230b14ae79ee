import { describe, expect, it } from 'vitest';
import { questionFeatures } from '../../../src/engine/text/squad-features.ts';
import { type PredictionOptions, predictAnswers } from '../../../src/engine/text/squad-predictions.ts';
import { letterTokenizer } from './fixtures.ts';

const example = { id: 'q1', title: '', question: 'x', context: 'a, b c d', answers: [] };
// [CLS] x [SEP] a , b c d [SEP]: context tokens at 3 … 7. `,` is unknown, yet has its offsets.
const [window] = questionFeatures(letterTokenizer, [example], { maxSeqLength: 16, docStride: 2 });

const logits = (at: Readonly<Record<number, number>>) => Float32Array.from({ length: 16 }, (_, i) => at[i] ?? -9);
function predict(start: Record<number, number>, end: Record<number, number>, options?: PredictionOptions) {
  return predictAnswers([example], [window!], [{ start: logits(start), end: logits(end) }], options)[0]!;
}

describe('answers from logits', () => {
  it('cuts the best span out of the original text', () => {
    expect(predict({ 3: 2 }, { 5: 1 })).toEqual({ id: 'q1', text: 'a, b', span: [0, 4], score: 3, nullScore: -18 });
  });

  it('never ends before it starts', () => {
    // (6, 4) would score 9; of the allowed, (3, 4) has 5 and (6, 7) has 6.
    expect(predict({ 3: 1, 6: 5 }, { 4: 4, 7: 1 }).text).toBe('c d');
  });

  it('ignores question, special and padding positions', () => {
    expect(predict({ 0: 9, 1: 9, 4: 0, 12: 9 }, { 2: 9, 5: 0, 8: 9, 13: 9 }).text).toBe(', b');
  });

  it('keeps to the longest answer, counted in tokens', () => {
    const [start, end] = [
      { 3: 5, 6: 0 },
      { 7: 5, 3: 0 },
    ];
    expect(predict(start, end, { maxAnswerLength: 5 }).text).toBe('a, b c d');
    expect(predict(start, end, { maxAnswerLength: 4 }).text).toBe('a'); // ties with "c d" at 5; the first stays
  });

  it('considers only the n best starts and ends', () => {
    // One best each: start 6, end 4, which is no span.
    expect(predict({ 3: 1, 6: 5 }, { 4: 4, 7: 1 }, { nBestSize: 1 })).toMatchObject({ text: '', span: null });
  });

  it('takes the best window of several', () => {
    const long = { ...example, context: 'a b c d e' };
    const features = questionFeatures(letterTokenizer, [long], { maxSeqLength: 7, docStride: 1 });
    expect(features).toHaveLength(2); // [a b c] and [c d e], context tokens at 3 … 5
    const weak = { start: logits({ 3: 1 }), end: logits({ 3: 1 }) };
    const strong = { start: logits({ 0: -2, 4: 3 }), end: logits({ 0: -1, 5: 3 }) };
    expect(predictAnswers([long], features, [weak, strong])).toEqual([
      { id: 'q1', text: 'd e', span: [6, 9], score: 6, nullScore: -18 },
    ]);
  });

  it('answers nothing where the null score wins by more than the threshold (SQuAD 2.0)', () => {
    const [start, end] = [
      { 0: 2, 3: 1 },
      { 0: 2, 3: 1 },
    ]; // null 4, best span 2
    expect(predict(start, end).text).toBe('a');
    expect(predict(start, end, { nullThreshold: 2 }).text).toBe('a');
    expect(predict(start, end, { nullThreshold: 1.5 })).toMatchObject({ text: '', score: 4 });
  });
});
