import { describe, expect, it } from 'vitest';
import {
  describeChart,
  formatNumber,
  gapStarts,
  nearestPoint,
  neighbourStep,
  sampleSteps,
  seriesRows,
  snapStep,
  summarise,
} from '../../../src/ui/charts/series.ts';

const points = (...pairs: readonly (readonly [number, number])[]) => pairs.map(([step, value]) => ({ step, value }));
const loss = { key: 'a', label: 'topK', color: 'red', points: points([1, 0.9], [2, 0.4], [3, 0.5]) };
const f1 = { key: 'b', label: 'F1', color: 'blue', points: points([10, 50], [20, 60]) };

describe('nearestPoint', () => {
  it('is the point closest in step, the earlier one on a tie', () => {
    expect(nearestPoint(f1.points, 14)?.step).toBe(10);
    expect(nearestPoint(f1.points, 15)?.step).toBe(10);
    expect(nearestPoint(f1.points, 16)?.step).toBe(20);
    expect(nearestPoint(f1.points, 1)?.step).toBe(10);
    expect(nearestPoint(f1.points, 99)?.step).toBe(20);
    expect(nearestPoint([], 5)).toBeNull();
  });
});

describe('snapStep', () => {
  it('lands on a step that some series has', () => {
    expect(snapStep([loss, f1], 8)).toBe(10);
    expect(snapStep([loss, f1], 2.4)).toBe(2);
    expect(snapStep([], 2)).toBeNull();
  });
});

describe('neighbourStep', () => {
  it('walks the union of all steps and stops at its ends', () => {
    expect(neighbourStep([loss, f1], 3, 1)).toBe(10);
    expect(neighbourStep([loss, f1], 10, -1)).toBe(3);
    expect(neighbourStep([loss, f1], 20, 1)).toBe(20);
    expect(neighbourStep([loss, f1], 1, -1)).toBe(1);
  });
});

describe('summarise', () => {
  it('finds last, lowest and highest, and counts what is not finite', () => {
    expect(summarise(points([1, 2], [2, 5], [3, Number.NaN], [4, 3]))).toEqual({
      last: { step: 4, value: 3 },
      lowest: { step: 1, value: 2 },
      highest: { step: 2, value: 5 },
      nonFinite: 1,
    });
    expect(summarise([])).toBeNull();
  });
});

describe('describeChart', () => {
  it('says for each series where it ended and between what it moved', () => {
    expect(describeChart('Loss', [loss, { ...f1, points: [] }], formatNumber)).toBe(
      'Loss, by step. topK: 0.5 at step 3, lowest 0.4, highest 0.9. F1: no values yet.',
    );
  });
});

describe('gapStarts', () => {
  it('marks each run of non-finite values once', () => {
    const values = points([1, Number.NaN], [2, Number.NaN], [3, 1], [4, Number.POSITIVE_INFINITY], [5, 2]);
    expect(gapStarts(values).map(({ step }) => step)).toEqual([1, 4]);
  });
});

describe('sampleSteps', () => {
  it('spreads the rows over the union of steps, ends included', () => {
    expect(sampleSteps([loss, f1], 10)).toEqual([1, 2, 3, 10, 20]);
    expect(sampleSteps([loss, f1], 3)).toEqual([1, 3, 20]);
  });
});

describe('seriesRows', () => {
  it('has every step of any series once, and leaves out what was not measured there', () => {
    const rows = seriesRows([
      { key: 'a', label: 'topK', color: 'red', points: points([1, 0.9], [3, 0.5]) },
      { key: 'b', label: 'l0', color: 'red', points: points([2, 0.25]) },
    ]);
    expect(rows).toEqual([
      ['step', 'topK', 'l0'],
      [1, 0.9, ''],
      [2, '', 0.25],
      [3, 0.5, ''],
    ]);
  });
});

describe('formatNumber', () => {
  it('gives six significant digits and names what is not finite', () => {
    expect(formatNumber(0.8731249)).toBe('0.873125');
    expect(formatNumber(-2)).toBe('−2');
    expect(formatNumber(1e-8)).toBe('1e−8');
    expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(formatNumber)).toEqual([
      'NaN',
      '∞',
      '−∞',
    ]);
  });
});
