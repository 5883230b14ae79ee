import { describe, expect, it } from 'vitest';
import { HistogramBuilder } from '../../../src/engine/pruning/distribution.ts';
import { barsByRecord, barsOf, oncePruned } from '../../../src/ui/masks/spread.ts';

const histogramOf = (values: readonly number[]) => {
  const builder = new HistogramBuilder();
  for (const value of values) builder.add(value);
  return builder.histogram();
};

describe('barsOf', () => {
  const narrow = Array.from({ length: 4000 }, (_, index) => 0.1 * Math.sin(index));
  const wide = [...Array.from({ length: 4999 }, (_, index) => 0.3 * Math.sin(index)), 7];
  const { bars, outside } = barsOf([histogramOf(narrow), histogramOf(wide)]);

  it('lays all on the same edges, as many as can be told apart', () => {
    const edges = bars.map((own) => own.map(({ from, to }) => [from, to]));
    expect(edges[0]).toEqual(edges[1]);
    expect(bars[0]!.length).toBeLessThanOrEqual(96);
    expect(bars[0]!.length).toBeGreaterThan(40);
  });

  it('has the share of values between its edges, counted anew', () => {
    for (const [index, values] of [narrow, wide].entries()) {
      for (const { from, to, height } of bars[index]!) {
        const inside = values.filter((value) => value >= from && value < to).length;
        expect(height).toBeCloseTo(inside / values.length, 12);
      }
    }
  });

  it('leaves out the outermost, and says what share that is', () => {
    expect(bars[1]!.at(-1)!.to).toBeLessThan(0.4);
    expect(outside[0]).toBeCloseTo(0, 12);
    expect(outside[1]).toBeCloseTo(1 / 5000, 12);
  });
});

describe('bars by record', () => {
  it('reach from one record to the next', () => {
    expect(barsByRecord([3, 6], [0, 12])).toEqual([
      { from: 0, to: 3, height: 0 },
      { from: 3, to: 6, height: 12 },
    ]);
  });

  it('sum up what came back for good', () => {
    expect(oncePruned({ steps: [3, 6], returned: [4, 12], forGood: [1, 12] })).toBe(13);
  });
});
