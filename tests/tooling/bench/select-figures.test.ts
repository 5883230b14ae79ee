import { describe, expect, it } from 'vitest';
import { type SelectTimes, selectFailures, selectSummary } from '../../../scripts/lib/bench/select-figures.ts';

const traffic = { dispatches: 10, submits: 1, copies: 0, mappings: 0 };
const entry = (n: number, ours: number, topK: readonly number[] = []): SelectTimes => ({
  n,
  ours: [ours + 1, ours, ours - 1],
  topK,
  traffic,
});
const exact = { 100: true, 200: true, 300: true };
const onALine = [entry(100, 10, [200]), entry(200, 20), entry(300, 30, [900])];

describe('figures of cut-offs', () => {
  it('compare with tf.topk where it ran', () => {
    const { sizes, linear } = selectSummary(onALine, exact);
    expect(sizes['100']).toMatchObject({ exact: true, ms: 10, min: 9, speedup_tf_topk: 20 });
    expect(sizes['200']?.speedup_tf_topk).toBeNull();
    expect(linear.slope).toBeCloseTo(0.1, 12);
    expect(selectFailures(selectSummary(onALine, exact))).toEqual([]);
  });

  it('fail where a mask is not that of a sort', () => {
    expect(selectFailures(selectSummary(onALine, { ...exact, 200: false }))).toEqual([
      '200 scores: expected the mask that a sort gives, got another',
    ]);
  });

  it('fail where time grows faster than scores', () => {
    const [failure] = selectFailures(selectSummary([entry(100, 10), entry(200, 40), entry(300, 160)], exact));
    expect(failure).toContain('expected a line');
  });

  it('fail where numbers leave the GPU', () => {
    const leaking = { ...entry(300, 30), traffic: { ...traffic, mappings: 1 } };
    const summary = selectSummary([onALine[0]!, onALine[1]!, leaking], exact);
    expect(summary.readback).toBe(true);
    expect(selectFailures(summary)).toHaveLength(1);
  });
});
