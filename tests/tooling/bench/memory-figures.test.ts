import { describe, expect, it } from 'vitest';
import { type MemoryRun, memoryFailures } from '../../../scripts/lib/bench/memory-figures.ts';

const byKind = { weights: 0, scores: 0, gradients: 0, moments: 0, masks: 0, activations: 0, other: 0 };

const run = (estimated: number, measured: number | null, loss = 1): MemoryRun => ({
  scenario: { freezeWeights: true, recomputesLayers: true, batch: 2 },
  estimate: { bytes: estimated, byKind, largestBuffer: 0, ms: 1 },
  step: measured === null ? null : { adapter: '', bytes: measured, loss, ms: 1 },
});

describe('figures of memory', () => {
  it('may be off by a tenth, and ask for 4 GB', () => {
    expect(memoryFailures([run(1.09e9, 1e9), run(4e9, 4e9), run(9e9, null)])).toEqual([]);
  });

  it('name what fails', () => {
    const where = 'topK, scores alone, batch 2, recomputed';
    expect(memoryFailures([run(1.2e9, 1e9)])).toEqual([`${where}: expected 1200000000 bytes, measured 1000000000`]);
    expect(memoryFailures([run(5e9, 5e9)])).toEqual([`${where}: expected at most 4 GB, got 5000000000 bytes`]);
    expect(memoryFailures([run(1e9, 1e9, Number.NaN)])).toEqual([`${where}: expected a finite loss, got NaN`]);
  });
});
