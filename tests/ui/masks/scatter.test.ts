import { describe, expect, it } from 'vitest';
import { cellOf, describeScatter, scatterDensity, summariseScatter } from '../../../src/ui/masks/scatter.ts';
import { matrixOf } from './matrixFixture.ts';

const signal = new AbortController().signal;
const data = matrixOf({
  rows: 2,
  columns: 2,
  pretrained: [0.5, -0.5, 0.2, -1],
  finetuned: [0.75, -0.25, 0.4, -0.9],
  keep: [1, 1, 0, 0],
});

describe('summariseScatter', () => {
  it('counts how many kept and pruned weights moved away from zero', async () => {
    // Kept: 0.5 → 0.75 grows, −0.5 → −0.25 shrinks. Pruned: 0.2 → 0.4 grows, −1 → −0.9 shrinks.
    expect(await summariseScatter(data, signal)).toMatchObject({
      total: 4,
      kept: 2,
      keptMovedAway: 1,
      prunedMovedAway: 1,
    });
  });

  it('correlates pretrained with fine-tuned values', async () => {
    // Deviations from the means −0.2 and 0: x = 0.7 −0.3 0.4 −0.8, y = 0.75 −0.25 0.4 −0.9.
    // Σxy = 1.48, Σxx = 1.38, Σyy = 1.595.
    const summary = await summariseScatter(data, signal);
    expect(summary!.correlation).toBeCloseTo(1.48 / Math.sqrt(1.38 * 1.595), 6);
  });

  it('is 1 for weights that did not move', async () => {
    const still = { ...data, finetuned: data.pretrained };
    expect((await summariseScatter(still, signal))!.correlation).toBeCloseTo(1, 12);
  });

  it('finds the largest value of either axis, and the limit of the central 99.9 %', async () => {
    // 9,999 weights within ±0.1 and one that grew to 4: one in 10,000 may lie outside.
    const pretrained = Array.from({ length: 10_000 }, (_, i) => 0.1 * Math.sin(i));
    const finetuned = pretrained.map((value, i) => (i === 5_000 ? 4 : value));
    const keep = pretrained.map(() => 1 as const);
    const summary = await summariseScatter(matrixOf({ rows: 100, columns: 100, pretrained, finetuned, keep }), signal);
    expect(summary!.limit).toBe(4);
    expect(summary!.centralLimit).toBeGreaterThanOrEqual(0.099);
    expect(summary!.centralLimit).toBeLessThan(0.11);
  });

  it('gives nothing once aborted', async () => {
    expect(await summariseScatter(data, AbortSignal.abort())).toBeNull();
  });
});

describe('cellOf', () => {
  it('puts the largest fine-tuned value in the top row, the largest pretrained one in the last column', () => {
    expect(cellOf(-1, 1, 4, 1)).toBe(0);
    expect(cellOf(1, 1, 4, 1)).toBe(3);
    expect(cellOf(-1, -1, 4, 1)).toBe(12);
    expect(cellOf(1, -1, 4, 1)).toBe(15);
    expect(cellOf(0.25, 0.25, 4, 1)).toBe(6);
  });

  it('has no place beyond the limit or for what is not a number', () => {
    expect([cellOf(1.01, 0, 4, 1), cellOf(0, -1.01, 4, 1), cellOf(Number.NaN, 0, 4, 1)]).toEqual([-1, -1, -1]);
  });
});

describe('scatterDensity', () => {
  it('counts every weight once, kept and pruned apart, and those left out', async () => {
    // Side 2, limit 0.8: quadrants. −1 lies outside; 0.5 → 0.75 and 0.2 → 0.4 top right, −0.5 → −0.25 bottom left.
    const density = await scatterDensity(data, { side: 2, limit: 0.8 }, signal);
    expect([...density!.kept]).toEqual([0, 1, 1, 0]);
    expect([...density!.pruned]).toEqual([0, 1, 0, 0]);
    expect(density!.outside).toBe(1);
  });
});

describe('describeScatter', () => {
  it('says the numbers of the plot', async () => {
    const summary = await summariseScatter(data, signal);
    expect(describeScatter('topK', summary!)).toBe(
      'topK: pretrained against fine-tuned values of 4 weights, correlation 0.9976; 2 kept, 50.0\u202f%, ' +
        '50.0\u202f% of these moved away from zero.',
    );
  });
});
