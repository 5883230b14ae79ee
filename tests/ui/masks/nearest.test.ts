import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dotsWithin, nearestWeight, weightGrid } from '../../../src/ui/masks/nearest.ts';
import { isWithin, type Points } from '../../../src/ui/masks/scatter.ts';
import { viewOf } from '../../../src/ui/masks/scatterFrame.ts';

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
          const grid = await weightGrid(points, viewOf({ x: 2, y: 1 }), signal);
          const found = nearestWeight(grid!, points, { x: 2 * x, y, reach: { x: 2 * reach, y: reach } });
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
    const grid = await weightGrid(points, viewOf({ x: 0.2, y: 0.2 }), signal);
    expect(grid!.order.length).toBe(1);
    expect(nearestWeight(grid!, points, { x: 0.2, y: 0.2, reach: { x: 0.2, y: 0.2 } })).toBe(0);
  });
});

describe('dotsWithin', () => {
  const edge = fc.tuple(value, value).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

  it('finds exactly the weights in view, wherever the view lies in the grid', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, value), { maxLength: 80 }), edge, edge, async (all, x, y) => {
        const points = pointsOf(all);
        const grid = await weightGrid(points, viewOf({ x: 1, y: 1 }), signal);
        const view = { x, y };
        const expected = all.flatMap(([px, py], index) => (isWithin(view, px, py) ? [index] : []));
        expect([...dotsWithin(grid!, points, view)!].sort((a, b) => a - b)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('draws weights as dots only where the view is narrow enough', async () => {
    // 500 to a side, evenly: a view of 1/10 of the width and height holds 50 × 50 of them, of 1/5 four times as many.
    const side = 500;
    const at = (index: number) => (2 * (index + 0.5)) / side - 1;
    const points = {
      x: Float32Array.from({ length: side * side }, (_, i) => at(i % side)),
      y: Float32Array.from({ length: side * side }, (_, i) => at(Math.floor(i / side))),
      mask: new Uint8Array((side * side) / 8),
    };
    const grid = await weightGrid(points, viewOf({ x: 1, y: 1 }), signal);
    expect(dotsWithin(grid!, points, viewOf({ x: 1, y: 1 }))).toBeNull();
    expect(dotsWithin(grid!, points, viewOf({ x: 0.2, y: 0.2 }))).toBeNull();
    expect(dotsWithin(grid!, points, viewOf({ x: 0.1, y: 0.1 }))!.length).toBe(2500);
    expect(dotsWithin(grid!, points, viewOf({ x: 0.1, y: 0.1 }), 2500)!.length).toBe(2500);
    expect(dotsWithin(grid!, points, viewOf({ x: 0.1, y: 0.1 }), 2499)).toBeNull();
  });
});
