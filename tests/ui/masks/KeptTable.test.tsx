import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { KeptTable } from '../../../src/ui/masks/KeptTable.tsx';
import { fullBar, type KeptRun, layersOf, tally } from '../../../src/ui/masks/keptShares.ts';

const run: KeptRun = {
  label: 'topK',
  color: 'red',
  matrices: [
    { name: 'a', layer: 0, kind: 'query', rows: 10, columns: 10 },
    { name: 'b', layer: 0, kind: 'output', rows: 10, columns: 40 },
    { name: 'c', layer: 1, kind: 'query', rows: 10, columns: 10 },
  ],
  keptByMatrix: [50, 40, 10],
};

describe('tally', () => {
  it('adds kept and all weights of the chosen matrices', () => {
    expect(tally(run, ({ layer }) => layer === 0)).toEqual({ kept: 90, total: 500 });
    expect(tally(run, ({ kind }) => kind === 'query')).toEqual({ kept: 60, total: 200 });
    expect(tally(run, () => true)).toEqual({ kept: 100, total: 600 });
    expect(tally(run, ({ kind }) => kind === 'key')).toEqual({ kept: 0, total: 0 });
  });
});

describe('layersOf', () => {
  it('is the union over runs, in order', () => {
    const shallow = { ...run, matrices: [run.matrices[2]!], keptByMatrix: [1] };
    expect(layersOf([shallow, run])).toEqual([0, 1]);
  });
});

describe('fullBar', () => {
  it('is the largest share, rounded up to 5 %', () => {
    expect(fullBar([run])).toBe(0.5);
    expect(fullBar([{ ...run, keptByMatrix: [51, 40, 10] }])).toBe(0.55);
    expect(fullBar([{ ...run, keptByMatrix: [0, 0, 0] }])).toBe(0.05);
  });
});

describe('KeptTable', () => {
  const rows = renderToStaticMarkup(<KeptTable runs={[run]} />)
    .split('<tr>')
    .map((row) =>
      row
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    );

  it('has a row per layer ending in the whole layer, and a last row ending in the encoder', () => {
    const plain = rows.map((row) => row.replaceAll('%', '').replaceAll(' ', ' ').replace(/\s+/g, ' ').trim());
    expect(plain.at(-3)).toBe('0 50.0 – – – – 10.0 18.0');
    expect(plain.at(-2)).toBe('1 10.0 – – – – – 10.0');
    expect(plain.at(-1)).toBe('all 30.0 – – – – 10.0 16.7');
  });

  it('names its denominator', () => {
    expect(rows[0]).toContain('the encoder’s 600 weights in linear maps');
  });
});
