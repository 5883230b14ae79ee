import { describe, expect, it } from 'vitest';
import { drawScores, sortedCutOff, sortedMask } from '../../../tools/bench/scores.ts';

describe("the bench's own masks", () => {
  it('keep the largest scores, equal ones from the lowest place on', () => {
    // 3 of [2, 5, 2, 9, 2]: 9, 5 and the first 2.
    const scores = Float32Array.of(2, 5, 2, 9, 2);
    expect(sortedCutOff(scores, 3)).toBe(2);
    expect([...sortedMask(scores, 3)]).toEqual([1, 1, 0, 1, 0]);
  });

  it('are asked about coarse scores, of which most equal others', () => {
    expect(new Set(drawScores(4096, 'coarse')).size).toBeLessThan(40);
    expect(new Set(drawScores(4096, 'fine')).size).toBeGreaterThan(4000);
  });
});
