import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Rows } from '../../../src/ui/charts/SeriesTable.tsx';
import { formatNumber } from '../../../src/ui/charts/series.ts';

const text = (markup: string) =>
  markup.split('<tr').map((row) =>
    row
      .replace(/^[^>]*>/, '')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );

describe('the table of a chart', () => {
  const series = [
    {
      key: 'a',
      label: 'topK',
      color: 'red',
      points: [
        { step: 1, value: 0.9 },
        { step: 2, value: 0.4 },
        { step: 3, value: 0.5 },
      ],
    },
    { key: 'b', label: 'l0', color: 'red', points: [{ step: 2, value: Number.NaN }] },
  ];
  const rows = text(renderToStaticMarkup(<Rows title="Loss" series={series} format={formatNumber} />));

  it('opens with the last, the lowest and the highest value of each series', () => {
    expect(rows.slice(1, 5)).toEqual([
      'step topK l0',
      'last 0.5 at 3 NaN at 2',
      'lowest 0.4 at 2 –',
      'highest 0.9 at 1 –',
    ]);
  });

  it('goes on with rows by step, empty where a series has no point', () => {
    expect(rows.slice(5)).toEqual(['1 0.9', '2 0.4 NaN', '3 0.5']);
  });
});
