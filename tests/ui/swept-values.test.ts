import { describe, expect, it } from 'vitest';
import { pruningFields, trainingFields } from '../../src/ui/run/fields.ts';
import { parseSwept, sweptText } from '../../src/ui/run/swept-values.ts';

const field = (key: string) => [...trainingFields, ...pruningFields].find((each) => each.key === key)!;
const read = (key: string, text: string) => parseSwept(key, field(key), text);

describe('swept values as they are typed', () => {
  it('are a list of what the field takes', () => {
    expect(read('seed', '1, 2,3')).toEqual({ setting: { kind: 'list', path: 'seed', values: [1, 2, 3] } });
    expect(read('pruning_method', 'topK, magnitude')).toMatchObject({ setting: { values: ['topK', 'magnitude'] } });
    expect(read('fp16', 'true, false')).toMatchObject({ setting: { values: [true, false] } });
    expect(read('hidden_dropout_prob', 'none, 0.1')).toMatchObject({ setting: { values: [null, 0.1] } });
  });

  it('are a range in even steps, or in even ratios', () => {
    const range = { kind: 'range', path: 'final_threshold', from: 0.03, to: 0.3, count: 4, scale: 'linear' };
    expect(read('final_threshold', '0.03 to 0.3 in 4')).toEqual({ setting: range });
    expect(read('final_threshold', '0.03 to 0.3 in 4 log')).toEqual({ setting: { ...range, scale: 'log' } });
  });

  it.each([
    ['seed', '1, x', '“x”'],
    ['seed', '1, 2.5', '“2.5”'],
    ['seed', '1, ', '“”'],
    ['pruning_method', 'topK, guess', '“guess”'],
    ['final_threshold', '0.3 to 0.03 in 4', 'from the smaller'],
    ['final_threshold', '0.3 to 0.4 in 1', 'at least 2'],
    ['final_threshold', '0 to 0.4 in 3 log', 'above 0'],
  ])('of %s refuse %s', (key, text, problem) => {
    expect(read(key, text)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it.each([
    ['seed', '1, 2, 3'],
    ['learning_rate', '5e-5, 0.001'],
    ['learning_rate', '1e-5 to 0.001 in 3 log'],
    ['hidden_dropout_prob', 'none, 0.1'],
  ])('of %s come back as typed: %s', (key, text) => {
    const answer = read(key, text);
    expect('setting' in answer && sweptText(answer.setting)).toBe(text);
  });
});
