import { decimate } from '../charts/decimate.ts';
import type { Figure } from './results.ts';

/** A longer curve keeps the extremes of every stretch. */
const MOST_POINTS = 2000;

/** A figure with its data, for readers that draw Vega-Lite themselves (vega.github.io/schema/vega-lite/v5.json). */
export function vegaLiteOf({ title, series, yDomain, logY = false }: Figure): object {
  const labels = series.map(({ label }) => label);
  const values = series.flatMap(({ label, points }) =>
    decimate(points, MOST_POINTS).map(({ step, value }) => ({ series: label, step, value })),
  );
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    title,
    width: 480,
    height: 240,
    data: { values },
    mark: { type: 'line', tooltip: true },
    encoding: {
      x: { field: 'step', type: 'quantitative', title: 'step' },
      y: {
        field: 'value',
        type: 'quantitative',
        title: null,
        scale: { zero: false, type: logY ? 'log' : 'linear', ...(yDomain ? { domain: yDomain } : {}) },
      },
      color: {
        field: 'series',
        type: 'nominal',
        title: null,
        scale: { domain: labels, range: series.map(({ color }) => color) },
      },
      strokeDash: {
        field: 'series',
        type: 'nominal',
        legend: null,
        scale: { domain: labels, range: series.map(({ dashed }) => (dashed ? [5, 4] : [1, 0])) },
      },
    },
  };
}
