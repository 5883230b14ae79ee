import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestWeight, weightGrid } from '../../../src/ui/masks/nearest.ts';
import type { Points } from '../../../src/ui/masks/scatter.ts';

const signal = new AbortController().signal;
const value = fc.double({ min: -1, max: 1, noNaN: true }).map(Math.fround);

const pointsOf = (all: readonly (readonly number[])[]): Points => ({
  x: Float32Array.from(all, ([x]) => x!),
  y: Float32Array.from(all, ([, y]) => y!),
  mask: new Uint8Array(Math.ceil(all.length / 8)).fill(0xff),
});

describe('nearestWeight', () => {
  it('finds the weight that a search of all weights finds', async () => {
    const weights = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        weights,
        value,
        value,
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        async (all, x, y, reach) => {
          // Twice as wide as high: a distance is what is seen on the square plot.
          const points = pointsOf(all.map(([px, py]) => [2 * px, py]));
          const grid = await weightGrid(points, { x: 2, y: 1 }, signal);
          const found = nearestWeight(grid!, points, { x: 2 * x, y, maxDistance: reach });
          const squares = all.map(([px, py]) => (px - x) ** 2 + (py - y) ** 2);
          const least = Math.min(...squares);
          if (least > reach ** 2) expect(found).toBeNull();
          else expect(squares[found!]).toBe(least);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('does not see weights beyond the frame', async () => {
    const points = pointsOf([
      [0.1, 0.1],
      [3, 3],
    ]);
    const grid = await weightGrid(points, { x: 0.2, y: 0.2 }, signal);
    expect(grid!.order.length).toBe(1);
    expect(nearestWeight(grid!, points, { x: 0.2, y: 0.2, maxDistance: 1 })).toBe(0);
  });
});
