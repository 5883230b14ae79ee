import { describe, expect, it } from 'vitest';
import { fileNamePart } from '../../../src/ui/files/save-blob.ts';
import { formatShare, layoutOf, unitOf, weightAt } from '../../../src/ui/masks/matrix.ts';
import { slices } from '../../../src/ui/masks/slices.ts';
import { matrixOf } from './matrixFixture.ts';

describe('weightAt', () => {
  it('reads values and mask of one weight, row by row', () => {
    const data = matrixOf({
      rows: 2,
      columns: 2,
      pretrained: [1, 2, 3, 4],
      finetuned: [5, 6, 7, 8],
      keep: [0, 0, 1, 0],
    });
    expect(weightAt(data, { row: 1, column: 0 })).toEqual({
      row: 1,
      column: 0,
      pretrained: 3,
      finetuned: 7,
      isKept: true,
    });
    expect(weightAt(data, { row: 0, column: 1 }).isKept).toBe(false);
  });
});

describe('unitOf', () => {
  it('finds heads in rows of what computes them and in columns of what reads them', () => {
    const head = { name: 'head', size: 32 };
    expect((['query', 'key', 'value'] as const).map((kind) => unitOf(kind, 32))).toEqual(
      Array(3).fill({ ...head, axis: 'row' }),
    );
    expect(unitOf('attention.output', 32)).toEqual({ ...head, axis: 'column' });
    expect(unitOf('query', undefined)).toBeNull();
  });

  it('finds a neuron in each row that computes one and in each column that reads one', () => {
    expect(unitOf('intermediate', 32)).toEqual({ name: 'neuron', axis: 'row', size: 1 });
    expect(unitOf('output', undefined)).toEqual({ name: 'neuron', axis: 'column', size: 1 });
  });
});

describe('layoutOf', () => {
  it('tells square, wide and tall matrices apart', () => {
    const info = matrixOf({ rows: 1, columns: 1, pretrained: [0], finetuned: [0], keep: [0] }).info;
    expect(layoutOf({ ...info, rows: 384, columns: 384 })).toBe('square');
    expect(layoutOf({ ...info, rows: 384, columns: 1536 })).toBe('wide');
    expect(layoutOf({ ...info, rows: 1536, columns: 384 })).toBe('tall');
  });
});

describe('formatShare', () => {
  it('shows a second digit below one per cent', () => {
    expect([0, 0.0054, 0.031, 1].map(formatShare)).toEqual(['0.0\u202f%', '0.54\u202f%', '3.1\u202f%', '100.0\u202f%']);
  });
});

describe('fileNamePart', () => {
  it('keeps letters, digits and dots', () => {
    expect(fileNamePart('topK, 3.5 %')).toBe('topk-3.5');
  });
});

describe('slices', () => {
  it('cover everything in order, the last one shorter', async () => {
    const ranges: [number, number][] = [];
    for await (const range of slices(10, 4, new AbortController().signal)) ranges.push(range);
    expect(ranges).toEqual([
      [0, 4],
      [4, 8],
      [8, 10],
    ]);
  });

  it('end as soon as the signal is aborted', async () => {
    const abort = new AbortController();
    const ranges: [number, number][] = [];
    for await (const range of slices(10, 4, abort.signal)) {
      ranges.push(range);
      abort.abort();
    }
    expect(ranges).toEqual([[0, 4]]);
  });
});
