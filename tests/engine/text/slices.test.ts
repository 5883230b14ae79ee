import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectSlice, selectSplits, sourcesOf } from '../../../src/engine/text/slices.ts';

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

  it('take unlabelled texts from a split of their own, where there is one', () => {
    expect(selectSlice('dev[:1]+unsupervised[:2]', { ...splits, unsupervised: range(3000, 3010) })).toEqual([
      2000, 3000, 3001,
    ]);
    expect(() => select('unsupervised')).toThrow('expected examples, got none');
  });

  it('name the splits that they are taken of', () => {
    expect(sourcesOf({ train: 'train[:5]+unsupervised', dev: 'validation', test: 'nonsense' })).toEqual(
      new Set(['train', 'unsupervised', 'dev']),
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

describe('a shuffle by seed', () => {
  const whole = { train: 'train', dev: 'dev', test: 'test' };
  const selected = (slices: Partial<typeof whole>, shuffle_seed: number | null) =>
    selectSplits({ slices: { ...whole, ...slices }, shuffle_seed }, { ...splits, test: range(4000, 4010) });

  it('comes before the slices, and is the same on every machine for ever', () => {
    expect(selected({}, 42).test).toEqual([4001, 4006, 4004, 4009, 4007, 4003, 4005, 4000, 4008, 4002]);
    expect(selected({ test: 'test[:3]' }, 42).test).toEqual([4001, 4006, 4004]);
    expect(selected({ test: 'test[:3]' }, 0).test).toEqual([4007, 4006, 4005]);
    expect(selected({ test: 'test[:3]' }, null).test).toEqual([4000, 4001, 4002]);
  });

  it('keeps every example once', () => {
    expect(selected({}, 7).train.toSorted((a, b) => a - b)).toEqual(splits.train);
  });

  it('leaves slices of one split without a common example where their ranges have none', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 98 }), (seed, percent) => {
        const { train, dev } = selected({ train: `train[:${percent}%]`, dev: `train[${percent}%:]` }, seed);
        expect(new Set([...train, ...dev]).size).toBe(1000);
        expect(train.length + dev.length).toBe(1000);
      }),
    );
  });

  it('needs no test split', () => {
    expect(selectSplits({ slices: whole, shuffle_seed: 1 }, splits).test).toEqual([]);
  });
});
