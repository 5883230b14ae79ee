import { describe, expect, it } from 'vitest';
import { lossDisagreements } from '../../../scripts/lib/bench/losses.ts';

const ours = { name: 'ours', losses: [4.820312, 4.712345, 4.601234] };
const shifted = (by: number) => ({ name: 'rival', losses: ours.losses.map((loss, i) => (i === 2 ? loss + by : loss)) });

describe('losses of contestants', () => {
  it('agree where they differ by rounding', () => {
    expect(lossDisagreements('S', [ours, shifted(4e-5)])).toEqual([]);
  });

  it('disagree where one is off by a thousandth, and the step is named', () => {
    const [found, ...others] = lossDisagreements('S', [ours, shifted(1e-3)]);
    expect(found).toContain("S, step 3: expected rival's loss to be ours's 4.601234, got 4.602");
    expect(others).toEqual([]);
  });

  it('disagree where one is not a number', () => {
    expect(lossDisagreements('S', [ours, shifted(Number.NaN)])).toHaveLength(1);
  });

  it('are compared as far as both go', () => {
    expect(lossDisagreements('S', [ours, { name: 'rival', losses: ours.losses.slice(0, 1) }])).toEqual([]);
    expect(lossDisagreements('S', [ours, { name: 'rival', losses: [...ours.losses, 4.5] }])).toHaveLength(1);
  });
});
