import { describe, expect, it } from 'vitest';
import { type ChartLine, seriesOf } from '../../src/ui/run/chart-lines.ts';

const line = (...runIds: string[]): ChartLine => ({
  runIds,
  tag: 'train/loss',
  label: 'loss',
  color: 'red',
  isDashed: false,
});

function runsOf(points: Record<string, number[]>) {
  const series = new Map(
    Object.entries(points).map(([id, values]) => [id, values.map((value, i) => ({ step: i + 1, value }))]),
  );
  return { series, pointsOf: (id: string) => series.get(id) ?? [] };
}

describe('seriesOf', () => {
  it('gives what was drawn before, until one of the line’s runs has grown', () => {
    const runs = runsOf({ a: [1, 2], b: [3, 4] });
    const one = seriesOf(line('a'), runs, []);
    const both = seriesOf(line('a', 'b'), runs, [one]);
    expect(seriesOf(line('a'), runs, [one, both])).toBe(one);
    expect(seriesOf(line('a', 'b'), runs, [one, both])).toBe(both);

    runs.series.get('b')!.push({ step: 3, value: 9 });
    expect(seriesOf(line('a'), runs, [one, both])).toBe(one);
    const grown = seriesOf(line('a', 'b'), runs, [one, both]);
    expect(grown.points.map(({ value }) => value)).toEqual([2, 3, 9]);
    expect(both.points.map(({ value }) => value)).toEqual([2, 3]);
  });

  it('draws anew what has another colour, name or stroke', () => {
    const runs = runsOf({ a: [1, 2] });
    const before = [seriesOf(line('a'), runs, [])];
    for (const change of [{ color: 'blue' }, { label: 'Loss' }, { isDashed: true }]) {
      expect(seriesOf({ ...line('a'), ...change }, runs, before)).not.toBe(before[0]);
    }
  });
});
