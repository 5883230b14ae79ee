import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectSlice } from '../../../src/engine/text/slices.ts';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const splits = { train: range(0, 1000), dev: range(2000, 2025), test: [] };
const select = (notation: string) => selectSlice(notation, splits);

describe('slices', () => {
  it.each([
    ['train', range(0, 1000)],
    ['train[:10%]', range(0, 100)],
    ['train[200:300]', range(200, 300)],
    ['train[-500:]', range(500, 1000)],
    ['train[10%:20%]', range(100, 200)],
    ['train[-10%:]', range(900, 1000)],
    ['train[990:2000]', range(990, 1000)],
    ['train[:]', range(0, 1000)],
    ['dev', splits.dev],
    ['validation[:2]', [2000, 2001]],
    ['train[:2]+dev[-1:] + train[5:6]', [0, 1, 2024, 5]],
  ])('%s', (notation, expected) => {
    expect(select(notation)).toEqual(expected);
  });

  it('percentages round to the closest example, halves to even', () => {
    // Of 25: 2 % = 0.5 → 0, 6 % = 1.5 → 2, 10 % = 2.5 → 2, 14 % = 3.5 → 4, 3 % = 0.75 → 1.
    const counts = ['6%', '10%', '14%', '3%'].map((to) => select(`dev[:${to}]`).length);
    expect(counts).toEqual([2, 2, 4, 1]);
    expect(() => select('dev[:2%]')).toThrow('expected examples, got none');
  });

  it('two parts that share a boundary share no example and leave none out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 100 }), (count, percent) => {
        const train = range(0, count);
        const notation = `train[:${percent}%]+train[${percent}%:]`;
        expect(selectSlice(notation, { train, dev: [], test: [] })).toEqual(train);
      }),
    );
  });

  it.each([
    ['trian', 'slice: expected train, dev or test, such as train[:10%], train[200:300] or train[-500:], got "trian".'],
    ['train[10%]', 'expected train, dev or test'],
    ['train[1.5%:]', 'expected train, dev or test'],
    ['', 'got ""'],
    ['toString', 'got "toString"'],
    ['train[10%:20]', 'expected both boundaries in percent or both in examples, got "train[10%:20]"'],
    ['train[:120%]', 'expected percentages between −100 and 100'],
    ['test', 'slice "test": expected examples, got none; train has 1000, dev has 25, test has 0.'],
  ])('refuses %j', (notation, message) => {
    expect(() => select(notation)).toThrow(message);
  });
});
