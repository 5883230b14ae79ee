import { describe, expect, it } from 'vitest';
import { checkAnswers, questionFeatures } from '../../../src/engine/text/squad-features.ts';
import type { QuestionExample } from '../../../src/engine/text/types.ts';
import { letterTokenizer } from './fixtures.ts';

const [CLS, SEP, A] = [2, 3, 5];
const letters = (text: string) => [...text].map((letter) => A + letter.charCodeAt(0) - 'a'.charCodeAt(0));

function example(context: string, answer?: string, answer_start = context.indexOf(answer ?? '')): QuestionExample {
  const answers = answer === undefined ? [] : [{ text: answer, answer_start }];
  return { id: 'q1', title: '', question: 'x y', context, answers };
}

// Room for context tokens: 10 − 2 (question) − 3 = 5.
const options = { maxSeqLength: 10, docStride: 2 };
const windows = (of: QuestionExample) => questionFeatures(letterTokenizer, [of], options);

describe('question windows', () => {
  it('one window where all fits', () => {
    expect(windows(example('a b c', 'b'))).toEqual([
      {
        exampleIndex: 0,
        inputIds: [CLS, ...letters('xy'), SEP, ...letters('abc'), SEP],
        tokenTypeIds: [0, 0, 0, 0, 1, 1, 1, 1],
        startPosition: 5,
        endPosition: 5,
        contextFrom: 4,
        offsets: [
          [0, 1],
          [2, 3],
          [4, 5],
        ],
      },
    ]);
  });

  it('neighbours share doc_stride tokens and the last window ends with the context', () => {
    // Steps of 5 − 2 = 3: [a…e], [d…h], [g…i].
    const inner = windows(example('a b c d e f g h i')).map(({ inputIds }) => inputIds.slice(4, -1));
    expect(inner).toEqual([letters('abcde'), letters('defgh'), letters('ghi')]);
  });

  it('a window points at its answer, or at [CLS] where it holds not all of it', () => {
    const positions = windows(example('a b c d e f g h i', 'd e f')).map((f) => [f.startPosition, f.endPosition]);
    expect(positions).toEqual([
      [0, 0],
      [4, 6],
      [0, 0],
    ]);
  });

  it('an answer inside words takes the tokens that it touches', () => {
    const [window] = windows(example('a--b c', '-b', 2));
    expect([window!.startPosition, window!.endPosition]).toEqual([6, 7]);
  });

  it('an unanswerable question points at [CLS]', () => {
    expect(windows(example('a b'))).toMatchObject([{ startPosition: 0, endPosition: 0 }]);
  });

  it('a question is cut to 64 tokens', () => {
    const long = { ...example('a', 'a'), question: 'z '.repeat(70) };
    const [window] = questionFeatures(letterTokenizer, [long], { maxSeqLength: 80, docStride: 2 });
    expect(window!.contextFrom).toBe(1 + 64 + 1);
  });

  it('refuses a stride that would never move on', () => {
    const tooWide = () => questionFeatures(letterTokenizer, [example('a b c d e f')], { ...options, docStride: 5 });
    expect(tooWide).toThrow('got doc_stride 5 with room for 5 context tokens at question q1.');
  });
});

describe('answers that are not where they say', () => {
  it('stop the preparation, naming question, expectation and remedy', () => {
    expect(() => windows(example('a b c', 'b', 1))).toThrow(
      'question q1: expected "b" at character 1 of the context, got " ". Set answer_start to 2.',
    );
  });

  it('are collected apart from the sound ones', () => {
    const sound = example('a b c', 'b');
    const { ok, problems } = checkAnswers([
      sound,
      example('a b', 'z', 0),
      example('a b', 'a', -1),
      example('a b', '', 0),
    ]);
    expect(ok).toEqual([sound]);
    expect(problems.map(({ message }) => message)).toEqual([
      'question q1: expected "z" at character 0 of the context, got "a". It is nowhere in the context: correct or drop this answer.',
      'question q1: expected "a" at character -1 of the context, got "a". Set answer_start to 0.',
      'question q1: expected "" at character 0 of the context, got "". It is nowhere in the context: correct or drop this answer.',
    ]);
  });
});
