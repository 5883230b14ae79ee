import { describe, expect, it } from 'vitest';
import { histogramOf, truncationAt } from '../../../src/ui/data/histogram.ts';

const reading = (maxSeqLength: number, docStride = 4) => ({ maxSeqLength, docStride, names: [] });
const none = { tokens: 0, unknown: 0, names: { cls: '[CLS]', sep: '[SEP]', unknown: '[UNK]' } };

describe('histogramOf', () => {
  it('counts every text once, by shares, in bars of one width', () => {
    const { bars, median, longest, beyond } = histogramOf(Int32Array.of(3, 3, 5, 90), []);
    expect(bars[0]).toEqual({ from: 0, to: 2, height: 0 });
    expect(bars[1]).toEqual({ from: 2, to: 4, height: 0.5 });
    expect(bars.reduce((sum, { height }) => sum + height, 0)).toBe(1);
    expect([bars.length, median, longest, beyond]).toEqual([46, 5, 90, 0]);
  });

  it('leaves the longest hundredth out, but shows up to a limit', () => {
    const lengths = Int32Array.from({ length: 1000 }, (_, i) => (i < 999 ? 10 : 5000));
    expect(histogramOf(lengths, [])).toMatchObject({ beyond: 1, longest: 5000 });
    expect(histogramOf(lengths, []).bars.at(-1)!.to).toBe(11);
    expect(histogramOf(lengths, [128]).bars.at(-1)!.to).toBeGreaterThan(128);
  });
});

describe('truncationAt', () => {
  it('counts texts that are longer with their special tokens', () => {
    const lengths = { first: Int32Array.of(5, 6, 7), second: null, special: 2, ...none };
    expect(truncationAt(lengths, reading(8), false)).toEqual({ cut: 1, windows: null });
  });

  it('counts the windows of questions', () => {
    // Room for 20 − 3 − 3 = 14 context tokens, moving on by 10: 14 make 1 window, 15 make 2, 35 make 4.
    const lengths = { first: Int32Array.of(3, 3, 3), second: Int32Array.of(14, 15, 35), special: 3, ...none };
    expect(truncationAt(lengths, reading(20), true)).toEqual({ cut: 2, windows: 7 });
    expect(truncationAt(lengths, reading(8), true)).toEqual({ cut: 3, windows: null });
  });
});
