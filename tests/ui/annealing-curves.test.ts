import { describe, expect, it } from 'vitest';
import { pictureAnnealing } from '../../src/ui/run/annealing-curves.ts';

describe('pictureAnnealing', () => {
  it('draws η of each step as the run takes it: the first update has done none of the way', () => {
    const curves = pictureAnnealing('linear', 4, 5);
    // 1/4 + (step − 1)/5 · 3/4
    expect(curves.at(-1)).toEqual({
      schedule: 'linear',
      isChosen: true,
      points: [
        [1, 0.25],
        [2, 0.4],
        [3, expect.closeTo(0.55, 12)],
        [4, expect.closeTo(0.7, 12)],
        [5, expect.closeTo(0.85, 12)],
      ],
    });
  });

  it('draws the chosen schedule last, over the others', () => {
    expect(pictureAnnealing('log', 2, 10).map(({ schedule }) => schedule)).toEqual(['linear', 'exp', 'log']);
  });

  it('is a line at 1 without annealing', () => {
    const [, , , chosen] = pictureAnnealing('none', 2, 10);
    expect(new Set(chosen?.points.map(([, eta]) => eta))).toEqual(new Set([1]));
  });

  it('draws no more points than can be told apart', () => {
    const [first] = pictureAnnealing('exp', 2, 10_000);
    expect(first?.points).toHaveLength(120);
    expect(first?.points.at(-1)?.[0]).toBe(10_000);
  });
});
