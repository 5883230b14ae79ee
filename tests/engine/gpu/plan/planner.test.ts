// What the planner keeps, on a ledger in place of a device.
import { describe, expect, it } from 'vitest';
import { Ledger } from '../../../../src/engine/gpu/plan/ledger.ts';
import { Planner } from '../../../../src/engine/gpu/plan/planner.ts';
import { SOFTWARE_TIER } from '../../../../src/engine/gpu/plan/tier.ts';
import { trainingRun } from '../training-run.ts';

const SHAPES = Array.from({ length: 40 }, (_, index) => 1 + ((index * 17) % 40)); // every batch size to 40, shuffled

async function activationsAfter(batchSizes: readonly number[], budgetBytes: number): Promise<number> {
  const ledger = new Ledger(SOFTWARE_TIER);
  const planner = new Planner(ledger, { precision: 'f32', budgetBytes });
  for (const batchSize of batchSizes) {
    const run = trainingRun({ pruning: topK, recomputesLayers: false, layers: 2, batchSize });
    for (const [name, shape] of run.parameters) planner.parameters.declare(name, shape);
    await planner.training(run.terms, new Set(run.parameters.keys()));
  }
  return ledger.peakByKind.activations;
}

const topK = { method: 'topK', isGlobal: false, regularization: null } as const;

describe('plans of forty shapes', () => {
  it('take no more than the largest alone, where it came first', async () => {
    const alone = await activationsAfter([40], Number.POSITIVE_INFINITY);
    expect(await activationsAfter([40, ...SHAPES], Number.POSITIVE_INFINITY)).toBeLessThan(1.02 * alone);
  });

  it('stay within the budget, in any order', async () => {
    const [alone, all] = [await activationsAfter([40], 0), await activationsAfter(SHAPES, Number.POSITIVE_INFINITY)];
    const budget = 1.3 * alone;
    expect(all).toBeGreaterThan(budget);
    expect(await activationsAfter(SHAPES, budget)).toBeLessThanOrEqual(budget);
  });

  it('stay near the largest where the budget is less than it takes', async () => {
    const alone = await activationsAfter([40], 0);
    expect(await activationsAfter(SHAPES, 0)).toBeLessThanOrEqual(1.25 * alone);
  });
});
