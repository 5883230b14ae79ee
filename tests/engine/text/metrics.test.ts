import { describe, expect, it } from 'vitest';
import {
  accuracy,
  answerF1,
  classF1,
  confusionMatrix,
  exactMatch,
  macroF1,
  scoreSquad,
} from '../../../src/engine/text/metrics.ts';

describe('SQuAD scores', () => {
  it('ignore case, punctuation, articles and spaces', () => {
    expect(exactMatch(' the  "Genetic" branches. ', ['genetic branches'])).toBe(1);
    expect(exactMatch('then', ['n'])).toBe(0);
    expect(exactMatch('aé', ['é'])).toBe(0); // an article ends at a word's end, whatever its alphabet
  });

  it('F1 counts shared words as often as both have them', () => {
    // predicted: to be or not to be (6), expected: to be (2); shared 2: P 2/6, R 2/2, F1 2·(1/3)/(4/3) = 1/2.
    expect(answerF1('to be or not to be', ['to be'])).toBeCloseTo(0.5, 12);
    expect(answerF1('nothing', ['else'])).toBe(0);
  });

  it('take the best of several answers', () => {
    expect(answerF1('red fox', ['dog', 'fox'])).toBeCloseTo(2 / 3, 12);
    expect(exactMatch('fox', ['dog', 'the fox'])).toBe(1);
  });

  it('an unanswerable question is answered rightly by nothing', () => {
    expect([exactMatch('', []), answerF1('', [])]).toEqual([1, 1]);
    expect([exactMatch('fox', []), answerF1('fox', [])]).toEqual([0, 0]);
  });

  it('average in percent over all examples, a missing prediction counting 0', () => {
    const examples = ['fox', 'red fox', 'dog', 'cat'].map((text, i) => {
      return { id: String(i), title: '', context: text, question: '', answers: [{ text, answer_start: 0 }] };
    });
    const predictions = [
      { id: '0', text: 'fox' },
      { id: '1', text: 'fox' },
      { id: '2', text: 'cat' },
    ];
    const scores = scoreSquad(examples, predictions);
    expect(scores.exact_match).toBe(25);
    expect(scores.f1).toBeCloseTo((100 * (1 + 2 / 3)) / 4, 10);
  });
});

describe('classification scores', () => {
  // true 0 0 1 1 1, predicted 0 1 1 1 0
  const matrix = confusionMatrix([0, 0, 1, 1, 1], [0, 1, 1, 1, 0], 2);

  it('count true labels by row, predicted ones by column', () => {
    expect(matrix).toEqual([
      [1, 1],
      [1, 2],
    ]);
  });

  it('accuracy is the share on the diagonal', () => {
    expect(accuracy(matrix)).toBeCloseTo(3 / 5, 12);
    expect(accuracy(confusionMatrix([], [], 2))).toBe(0);
  });

  it('binary F1 is that of class 1', () => {
    expect(classF1(matrix)).toBeCloseTo(2 / 3, 12); // P 2/3, R 2/3
    expect(classF1(matrix, 0)).toBeCloseTo(1 / 2, 12); // P 1/2, R 1/2
    expect(classF1(confusionMatrix([0], [0], 2))).toBe(0);
  });

  it('macro F1 averages the classes that occur or are predicted', () => {
    expect(macroF1(confusionMatrix([0, 0, 1, 1, 1], [0, 1, 1, 1, 0], 4))).toBeCloseTo((2 / 3 + 1 / 2) / 2, 12);
    // Class 2 is only predicted: it counts, with 0.
    expect(macroF1(confusionMatrix([0, 1], [0, 2], 3))).toBeCloseTo(1 / 3, 12);
  });
});
