import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestWeight, weightGrid } from '../../../src/ui/masks/nearest.ts';
import { matrixOf } from './matrixFixture.ts';

const signal = new AbortController().signal;
const value = fc.double({ min: -1, max: 1, noNaN: true }).map(Math.fround);

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
          const [pretrained, finetuned] = [all.map(([px]) => px), all.map(([, py]) => py)];
          const data = matrixOf({
            rows: 1,
            columns: all.length,
            pretrained,
            finetuned,
            keep: all.map(() => 1 as const),
          });
          const grid = await weightGrid(data, 1, signal);
          const found = nearestWeight(grid!, data, { x, y, maxDistance: reach });
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
    const data = matrixOf({ rows: 1, columns: 2, pretrained: [0.1, 3], finetuned: [0.1, 3], keep: [1, 1] });
    const grid = await weightGrid(data, 0.2, signal);
    expect(grid!.order.length).toBe(1);
    expect(nearestWeight(grid!, data, { x: 0.2, y: 0.2, maxDistance: 1 })).toBe(0);
  });
});
