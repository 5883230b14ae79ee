import { describe, expect, it } from 'vitest';
import {
  cellOf,
  describeScatter,
  movementKind,
  movementOf,
  scatterDensity,
  scoringKind,
  scoringOf,
  summariseScatter,
} from '../../../src/ui/masks/scatter.ts';
import { viewOf } from '../../../src/ui/masks/scatterFrame.ts';
import { matrixOf } from './matrixFixture.ts';

const signal = new AbortController().signal;
const data = matrixOf({
  rows: 2,
  columns: 2,
  pretrained: [0.5, -0.5, 0.2, -1],
  finetuned: [0.75, -0.25, 0.4, -0.9],
  keep: [1, 1, 0, 0],
});
const points = movementOf(data);
const unit = viewOf({ x: 1, y: 1 });

describe('summariseScatter', () => {
  it('counts how many kept and pruned weights moved away from zero', async () => {
    // Kept: 0.5 → 0.75 grows, −0.5 → −0.25 shrinks. Pruned: 0.2 → 0.4 grows, −1 → −0.9 shrinks.
    expect(await summariseScatter(points, signal)).toMatchObject({
      total: 4,
      kept: 2,
      keptMovedAway: 1,
      prunedMovedAway: 1,
    });
  });

  it('correlates pretrained with fine-tuned values', async () => {
    // Deviations from the means −0.2 and 0: x = 0.7 −0.3 0.4 −0.8, y = 0.75 −0.25 0.4 −0.9.
    // Σxy = 1.48, Σxx = 1.38, Σyy = 1.595.
    const summary = await summariseScatter(points, signal);
    expect(summary!.correlation).toBeCloseTo(1.48 / Math.sqrt(1.38 * 1.595), 6);
  });

  it('is 1 for weights that did not move', async () => {
    const still = { ...points, y: points.x };
    expect((await summariseScatter(still, signal))!.correlation).toBeCloseTo(1, 12);
  });

  it('finds the largest value of each axis, and the limits of the central 99.9 %', async () => {
    // 9,999 weights within ±0.1 and one that grew to 4: one in 10,000 may lie outside.
    const pretrained = Array.from({ length: 10_000 }, (_, i) => 0.1 * Math.sin(i));
    const finetuned = pretrained.map((value, i) => (i === 5_000 ? 4 : value));
    const keep = pretrained.map(() => 1 as const);
    const matrix = matrixOf({ rows: 100, columns: 100, pretrained, finetuned, keep });
    const summary = await summariseScatter(movementOf(matrix), signal);
    expect(summary!.limit).toEqual({ x: Math.max(...matrix.pretrained), y: 4 });
    for (const limit of Object.values(summary!.centralLimit)) {
      expect(limit).toBeGreaterThanOrEqual(0.099);
      expect(limit).toBeLessThan(0.11);
    }
  });

  it('gives nothing once aborted', async () => {
    expect(await summariseScatter(points, AbortSignal.abort())).toBeNull();
  });
});

describe('cellOf', () => {
  it('puts the largest fine-tuned value in the top row, the largest pretrained one in the last column', () => {
    expect(cellOf(-1, 1, 4, unit)).toBe(0);
    expect(cellOf(1, 1, 4, unit)).toBe(3);
    expect(cellOf(-1, -1, 4, unit)).toBe(12);
    expect(cellOf(1, -1, 4, unit)).toBe(15);
    expect(cellOf(0.25, 0.25, 4, unit)).toBe(6);
  });

  it('has a scale of its own on each axis', () => {
    expect(cellOf(5, 0.1, 4, viewOf({ x: 10, y: 0.2 }))).toBe(cellOf(0.5, 0.5, 4, unit));
  });

  it('counts from the corner of a view that is off centre', () => {
    // x from 2 to 4 and y from 0 to 1: the middle of the third pixel across, of the second from the top.
    expect(cellOf(3.25, 0.625, 4, { x: [2, 4], y: [0, 1] })).toBe(4 + 2);
  });

  it('has no place beyond the view or for what is not a number', () => {
    expect([cellOf(1.01, 0, 4, unit), cellOf(0, -1.01, 4, unit), cellOf(Number.NaN, 0, 4, unit)]).toEqual([-1, -1, -1]);
  });
});

describe('scatterDensity', () => {
  it('counts every weight once, kept and pruned apart, and those left out', async () => {
    // Side 2, limit 0.8: quadrants. −1 lies outside; 0.5 → 0.75 and 0.2 → 0.4 top right, −0.5 → −0.25 bottom left.
    const density = await scatterDensity(points, { side: 2, view: viewOf({ x: 0.8, y: 0.8 }) }, signal);
    expect([...density!.kept]).toEqual([0, 1, 1, 0]);
    expect([...density!.pruned]).toEqual([0, 1, 0, 0]);
    expect(density!.outside).toBe(1);
  });
});

describe('describeScatter', () => {
  it('says the numbers of the plot', async () => {
    const summary = await summariseScatter(points, signal);
    expect(describeScatter('topK', movementKind, summary!)).toBe(
      'topK: pretrained weight against fine-tuned weight of 4 weights, correlation 0.9976; 2 kept, 50.0\u202f%, ' +
        '50.0\u202f% of these moved away from zero.',
    );
  });

  it('speaks of scores where they are shown, and there are none where none are learned', async () => {
    expect(scoringOf(data)).toBeNull();
    const scored = scoringOf({ ...data, scores: Float32Array.of(3, 2, 1, 0) })!;
    expect(describeScatter('topK', scoringKind, (await summariseScatter(scored, signal))!)).toMatch(
      /^topK: fine-tuned weight against score of 4 weights, correlation 0\.\d{4}; 2 kept, 50\.0\u202f%\.$/,
    );
  });
});
