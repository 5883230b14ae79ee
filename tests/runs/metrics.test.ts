import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendRows, type MetricSeries, packSeries, rowsOf, unpackSeries } from '../../src/runs/metrics.ts';

describe('metric series', () => {
  it('gathers rows per tag, skipping steps where a tag was not logged', () => {
    const series: MetricSeries = new Map();
    appendRows(series, [
      { step: 1, values: { 'train/loss': 0.7, 'eval/f1': 0.1 } },
      { step: 2, values: { 'train/loss': 0.5 } },
    ]);
    expect(series.get('train/loss')).toEqual([
      { step: 1, value: 0.7 },
      { step: 2, value: 0.5 },
    ]);
    expect(series.get('eval/f1')).toEqual([{ step: 1, value: 0.1 }]);
  });

  it('puts the points of some tags together again by step', () => {
    const points = {
      'eval/loss': [{ step: 5, value: 0.9 }],
      'eval/accuracy': [
        { step: 2, value: 0.4 },
        { step: 5, value: 0.6 },
      ],
    };
    expect(rowsOf(['eval/loss', 'eval/accuracy'], (tag) => points[tag as keyof typeof points])).toEqual([
      { step: 2, values: { 'eval/accuracy': 0.4 } },
      { step: 5, values: { 'eval/loss': 0.9, 'eval/accuracy': 0.6 } },
    ]);
  });

  it('holds one value per tag and step, the last', () => {
    const series: MetricSeries = new Map();
    appendRows(
      series,
      [1, 2, 2].map((step, index) => ({ step, values: { 'train/loss': index } })),
    );
    expect(series.get('train/loss')).toEqual([
      { step: 1, value: 0 },
      { step: 2, value: 2 },
    ]);
  });

  it('survives packing, NaN and infinities included', () => {
    const point = fc.record({ step: fc.nat(), value: fc.double() });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.array(point)), (tags) => {
        const series: MetricSeries = new Map(Object.entries(tags));
        expect(unpackSeries(packSeries(series))).toEqual(series);
      }),
    );
  });
});
