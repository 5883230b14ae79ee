import { describe, expect, it } from 'vitest';
import { paretoFront } from '../../src/runs/pareto.ts';

const points = (...pairs: readonly (readonly [cost: number, quality: number])[]) =>
  pairs.map(([cost, quality]) => ({ cost, quality }));

describe('paretoFront', () => {
  it('leaves out what another beats with fewer weights', () => {
    // 0.3 keeps more than 0.1 and does worse; of the two at 1 the better stays.
    expect(paretoFront(points([1, 0.8], [0.3, 0.6], [0.1, 0.7], [0.03, 0.5], [1, 0.9]))).toEqual(
      points([0.03, 0.5], [0.1, 0.7], [1, 0.9]),
    );
  });

  it('leaves out an equal in quality that costs more', () => {
    expect(paretoFront(points([0.5, 0.7], [0.2, 0.7]))).toEqual(points([0.2, 0.7]));
  });

  it('is one point where one is best in both, and empty of nothing', () => {
    expect(paretoFront(points([0.5, 0.7], [0.2, 0.8]))).toEqual(points([0.2, 0.8]));
    expect(paretoFront([])).toEqual([]);
  });
});
