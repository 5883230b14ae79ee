import { describe, expect, it } from 'vitest';
import { binaryMask, cutMask, fewestKept, globalCuts } from '../../../src/engine/pruning/masks.ts';

const scores = Float32Array.of(-3, 0.5, 2, -0.1, 0);

describe('a binary mask', () => {
  it('keeps the largest |W| for magnitude', () => {
    expect([...binaryMask('magnitude', scores, 0.4)]).toEqual([1, 0, 1, 0, 0]);
  });
  it('keeps the largest signed S for topK', () => {
    expect([...binaryMask('topK', scores, 0.4)]).toEqual([0, 1, 1, 0, 0]);
  });
  it('keeps ⌊v·n⌋ weights, rounding down', () => {
    expect([...binaryMask('topK', scores, 0.59)]).toEqual([0, 1, 1, 0, 0]); // ⌊2.95⌋ = 2
  });
  it('keeps S > τ, strictly, for threshold', () => {
    expect([...binaryMask('threshold', scores, 0.5)]).toEqual([0, 0, 1, 0, 0]);
  });
  it('keeps σ(S) > τ, strictly, for sigmoied_threshold', () => {
    expect([...binaryMask('sigmoied_threshold', scores, 0.5)]).toEqual([0, 1, 1, 0, 0]); // σ(0) = 0.5 falls
  });
  it('leaves ⌊0.005 n⌋ + 1 weights where the cut-off would take all', () => {
    const many = Float32Array.from({ length: 400 }, (_, index) => -index);
    expect(fewestKept(400)).toBe(3);
    for (const method of ['threshold', 'sigmoied_threshold'] as const) {
      const mask = binaryMask(method, many, 0.99);
      expect([...mask.subarray(0, 4)]).toEqual([1, 1, 1, 0]);
      expect(mask.reduce((sum, bit) => sum + bit, 0)).toBe(3);
    }
  });
});

describe('one cut-off over all matrices', () => {
  const wide = Float32Array.of(9, 8, 7, -10);
  const narrow = Float32Array.of(1, 2);
  it('lets a matrix of small scores go first', () => {
    const cuts = globalCuts([wide, narrow], false, 0.5); // 3 of 6
    expect([...cutMask('topK', wide, cuts[0]!)]).toEqual([1, 1, 1, 0]);
    expect([...cutMask('topK', narrow, cuts[1]!)]).toEqual([0, 0]);
  });
  it('ranks by |W| for magnitude', () => {
    const cuts = globalCuts([wide, narrow], true, 0.5);
    expect([...cutMask('magnitude', wide, cuts[0]!)]).toEqual([1, 1, 0, 1]);
  });
});
