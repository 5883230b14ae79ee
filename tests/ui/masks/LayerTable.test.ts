import { describe, expect, it } from 'vitest';
import type { MaskComparison } from '../../../src/runs/protocol.ts';
import { comparisonRows } from '../../../src/ui/masks/LayerTable.tsx';

describe('comparisonRows', () => {
  it('has a line per matrix with agreement, chance and correlations', () => {
    // Two of eight weights kept by both, two more by each alone: IoU 2/6; by chance 0.25 / 0.75.
    const row: MaskComparison = {
      info: { name: 'layer.0.query.weight', layer: 0, kind: 'query', rows: 2, columns: 4 },
      agreement: { both: 2, onlyA: 2, onlyB: 2, neither: 2 },
      scores: 0.5,
      magnitude: [0.8, -0.1],
    };
    expect(comparisonRows('magnitude', 'movement', [row])).toEqual([
      ['matrix', 'IoU', 'by chance', 'ρ of scores', 'magnitude: ρ with |pretrained|', 'movement: ρ with |pretrained|'],
      ['layer.0.query.weight', 1 / 3, 1 / 3, 0.5, 0.8, -0.1],
    ]);
  });
});
