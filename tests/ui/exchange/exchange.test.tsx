// What leaves the page of a notebook with finished runs: figures and tables, as data, as text and as a report.
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { NotebookDocument } from '../../../src/notebook/document.ts';
import { magnitudeOrMovement } from '../../../src/notebook/templates/magnitude-or-movement.ts';
import { addCell, updateCell } from '../../../src/notebook/transitions.ts';
import { textOf } from '../../../src/ui/exchange/outputs.tsx';
import { Report } from '../../../src/ui/exchange/Report.tsx';
import { type RunsReader, resultsOf } from '../../../src/ui/exchange/results.ts';
import { vegaLiteOf } from '../../../src/ui/exchange/vega-lite.ts';
import { recordOf, runOfCell } from '../../notebook/run-records.ts';

const document = magnitudeOrMovement('quick');
const matrix = {
  name: 'bert.encoder.layer.0.output.dense.weight',
  layer: 0,
  kind: 'output',
  rows: 4,
  columns: 5,
} as const;

const finished = (cellId: string, accuracy: number) =>
  runOfCell(document, cellId, {
    rowCount: 3,
    started: {
      totalSteps: 40,
      backend: 'wasm',
      adapter: 'WebAssembly, 2 threads',
      matrices: [matrix],
      parameters: 100,
    },
    summary: {
      metrics: { 'test/accuracy': accuracy },
      encoderKept: 2,
      encoderTotal: 20,
      keptByMatrix: [2],
      modelNonZero: 82,
      modelTotal: 100,
      classes: null,
      elapsedMs: 61_000,
    },
  });

const reader: RunsReader = {
  getState: () => ({
    ...({} as ReturnType<RunsReader['getState']>),
    runs: recordOf(finished('magnitude', 0.75), finished('movement', 0.875)),
  }),
  tagsOf: () => ['train/loss', 'eval/accuracy', 'eval_final/accuracy'],
  pointsOf: (runId, tag) => [
    { step: 1, value: runId === 'run-movement' && tag === 'train/loss' ? Number.NaN : 0.5 },
    { step: 2, value: 0.25 },
  ],
};

const cell = (id: string, from: NotebookDocument = document) => from.cells.find((one) => one.id === id)!;

describe('results', () => {
  it('of a run are its charts and its final numbers', () => {
    const { figures, tables } = resultsOf(document, cell('movement'), reader);
    expect(figures.map(({ title, series }) => [title, series.map(({ label, dashed }) => [label, dashed])])).toEqual([
      ['Loss', [['Loss', false]]],
      [
        'Evaluation',
        [
          ['Accuracy', false],
          ['Accuracy, final', true],
        ],
      ],
    ]);
    expect(figures[1]?.series[1]?.color).toBe(figures[1]?.series[0]?.color);
    expect(textOf(tables[0]!)).toContain('test/accuracy                      0.875\n');
    expect(textOf(tables[0]!)).toContain('10.0 %, 2 of 20');
    expect(textOf(tables[0]!)).toContain('wasm, WebAssembly, 2 threads');
  });

  it('of several runs lie over each other, one colour a run, with the settings that differ', () => {
    const { figures, tables } = resultsOf(document, cell('compare'), reader);
    expect(figures.map(({ title, series }) => [title, series.map(({ label }) => label)])).toEqual([
      ['Loss', ['magnitude', 'movement']],
      ['Accuracy', ['magnitude', 'magnitude, final', 'movement', 'movement, final']],
    ]);
    expect(tables[0]?.head).toEqual(['', 'magnitude', 'movement']);
    expect(tables[0]?.rows).toContainEqual(['pruning.pruning_method', 'magnitude', 'topK']);
  });

  it('of masks are the share that each matrix kept; other cells have none', () => {
    const { tables } = resultsOf(document, cell('masks'), reader);
    expect(tables[0]?.rows).toEqual([[matrix.name, '10.0 %', '10.0 %']]);
    for (const id of ['opening', 'model', 'data']) {
      expect(resultsOf(document, cell(id), reader)).toEqual({ figures: [], tables: [] });
    }
  });

  it('are in the Vega-Lite form of a figure, a gap where a value is not finite', () => {
    const [loss] = resultsOf(document, cell('compare'), reader).figures;
    const { data } = JSON.parse(JSON.stringify(vegaLiteOf(loss!)));
    expect(data.values).toEqual([
      { series: 'magnitude', step: 1, value: 0.5 },
      { series: 'magnitude', step: 2, value: 0.25 },
      { series: 'movement', step: 1, value: null },
      { series: 'movement', step: 2, value: 0.25 },
    ]);
  });
});

describe('a report', () => {
  const report = (notebook: NotebookDocument) =>
    renderToStaticMarkup(<Report notebook={notebook} runs={reader} version="Written by a test." />);

  it('has texts, settings, numbers, charts and formulas, and nothing to fetch or run', () => {
    const html = report(document);
    for (const part of [
      '<h1>Magnitude or movement?</h1>',
      '<math',
      '<svg',
      '0.875',
      'pruning_method',
      'Written by a test.',
    ]) {
      expect(html).toContain(part);
    }
    expect(html).not.toMatch(/<script|<link|<img|<iframe| on\w+=| src=/i);
    expect(html).not.toMatch(/NaN,|NaN /);
  });

  it('shows as text what would be markup', () => {
    const attack = '<script>alert(1)</script><img src=x onerror=alert(2)>';
    const named = updateCell('movement', 'run', { name: attack })({ ...document, title: attack });
    const html = report(
      addCell({ kind: 'text', id: 'x', source: `${attack}\n\n[x](javascript:alert(3)) ![](http://a/b.png)` }, 0)(named),
    );
    expect(html).not.toMatch(/<script|<img/i);
    expect(html).not.toContain('href="javascript:');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });
});
