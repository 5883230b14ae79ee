import { describe, expect, it } from 'vitest';
import { describeSums } from '../../../src/ui/masks/SumsView.tsx';
import { keptSums } from '../../../src/ui/masks/sums.ts';
import { matrixOf } from './matrixFixture.ts';

// Two heads of one row each, three columns.
const data = matrixOf({
  rows: 2,
  columns: 3,
  pretrained: [0, 0, 0, 0, 0, 0],
  finetuned: [0, 0, 0, 0, 0, 0],
  keep: [1, 1, 0, 0, 1, 0],
});

describe('keptSums', () => {
  it('gives the kept share of each row and column', () => {
    const { rows, columns, heads } = keptSums(data, null);
    expect([...rows]).toEqual([Math.fround(2 / 3), Math.fround(1 / 3)]);
    expect([...columns]).toEqual([0.5, 1, 0]);
    expect(heads).toBeNull();
  });

  it('gives the share of each head, along the axis that heads have', () => {
    expect([...keptSums(data, { name: 'head', axis: 'row', size: 2 }).heads!]).toEqual([0.5]);
    expect([...keptSums(data, { name: 'head', axis: 'column', size: 1 }).heads!]).toEqual([0.5, 1, 0]);
    expect(keptSums(data, { name: 'neuron', axis: 'row', size: 1 }).heads).toBeNull();
  });
});

describe('describeSums', () => {
  it('names the extremes and counts what is empty', () => {
    expect(describeSums('column', Float32Array.of(0.5, 1, 0))).toBe(
      'from 0.0\u202f% (column 2) to 100.0\u202f% (column 1); 1 of 3 columns are empty',
    );
    expect(describeSums('head', Float32Array.of(0.25, 0.5))).toBe(
      'from 25.0\u202f% (head 0) to 50.0\u202f% (head 1); no head is empty',
    );
  });
});
