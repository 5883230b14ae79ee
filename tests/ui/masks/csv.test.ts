import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CSV_HEADER, csvLines, matrixCsv } from '../../../src/ui/masks/csv.ts';
import { matrixOf } from './matrixFixture.ts';

const small = matrixOf({
  rows: 2,
  columns: 3,
  pretrained: [0.5, -0.25, 0, 1, 2, 3],
  finetuned: [0.75, -0.5, 0.1, 1, 2, -3],
  keep: [1, 1, 0, 0, 0, 1],
});

describe('csvLines', () => {
  it('writes row, column, both values, the mask and the returns of each weight', () => {
    expect(csvLines(small, Uint8Array.of(0, 2, 0, 0, 0, 1), 0, 6)).toBe(
      '0,0,0.5,0.75,1,0\n0,1,-0.25,-0.5,1,2\n0,2,0,0.100000001,0,0\n1,0,1,1,0,0\n1,1,2,2,0,0\n1,2,3,-3,1,1\n',
    );
  });

  it('starts and ends anywhere, and says nothing of returns that were not recorded', () => {
    expect(csvLines(small, null, 2, 4)).toBe('0,2,0,0.100000001,0,\n1,0,1,1,0,\n');
  });

  it('brings every float32 back exactly', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        const one = matrixOf({ rows: 1, columns: 1, pretrained: [value], finetuned: [0], keep: [1] });
        const written = Number(csvLines(one, null, 0, 1).split(',')[2]);
        expect(Math.fround(written)).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe('matrixCsv', () => {
  it('joins all slices below one header', async () => {
    const n = 5000;
    const zeros = Array.from({ length: n }, () => 0);
    const data = matrixOf({ rows: 50, columns: 100, pretrained: zeros, finetuned: zeros, keep: zeros as 0[] });
    const csv = await matrixCsv(data, new AbortController().signal);
    const lines = (await csv!.text()).trimEnd().split('\n');
    expect(lines).toHaveLength(n + 1);
    expect(lines[0]).toBe(CSV_HEADER.trimEnd());
    expect(lines[n]).toBe('49,99,0,0,0,');
  });

  it('gives nothing once aborted', async () => {
    expect(await matrixCsv(small, AbortSignal.abort())).toBeNull();
  });
});
