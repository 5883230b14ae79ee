import { describe, expect, it } from 'vitest';
import { lambdaAt, learningRateFactor, planSteps, rampOf, thresholdAt } from '../../../src/engine/pruning/schedule.ts';

// 60 steps, warm-up 6, one warm-up held before and two after: the ramp runs from 6 to 48, 42 steps long.
const schedule = { initial: 1, final: 0.15, initialWarmup: 1, finalWarmup: 2, warmupSteps: 6, totalSteps: 60 };

describe('the pruning schedule', () => {
  it('holds the initial value through the warm-up', () => {
    expect([1, 5, 6].map((step) => thresholdAt(schedule, step))).toEqual([1, 1, 1]);
  });

  it('falls with the cube of what remains of the ramp', () => {
    expect(thresholdAt(schedule, 7)).toBeCloseTo(0.15 + 0.85 * (41 / 42) ** 3, 12);
    expect(thresholdAt(schedule, 27)).toBeCloseTo(0.15 + 0.85 / 8, 12); // half-way
  });

  it('reaches the final value at the end of the ramp and stays', () => {
    expect([48, 49, 60].map((step) => thresholdAt(schedule, step))).toEqual([0.15, 0.15, 0.15]);
  });

  it('jumps where warm-up and cool-down leave no ramp', () => {
    const short = { ...schedule, totalSteps: 18 };
    expect(rampOf(short)).toEqual({ start: 6, end: 6 });
    expect([6, 7].map((step) => thresholdAt(short, step))).toEqual([1, 0.15]);
  });

  it('scales λ by how far the value has come', () => {
    const soft = { ...schedule, initial: 0, final: 0.1 };
    expect(lambdaAt(soft, 6, 40)).toBe(0);
    expect(lambdaAt(soft, 27, 40)).toBeCloseTo(40 * (1 - 1 / 8), 10);
    expect(lambdaAt(soft, 60, 40)).toBe(40);
  });
});

describe('the learning rate', () => {
  const linear = { type: 'linear', warmupSteps: 6, totalSteps: 60 } as const;
  it('starts at 0, peaks after the warm-up, and decays towards 0', () => {
    expect([1, 4, 7, 60].map((step) => learningRateFactor(linear, step))).toEqual([0, 0.5, 1, 1 / 54]);
  });
  it('jumps at the end of the warm-up where the decay began at the start', () => {
    const fromStart = { ...linear, type: 'linear_from_start' } as const;
    // Warm-up 0/6 … 5/6, then (60 − 6)/60.
    expect([1, 6, 7, 60].map((step) => learningRateFactor(fromStart, step))).toEqual([0, 5 / 6, 54 / 60, 1 / 60]);
  });
  it('stays at 1 when constant', () => {
    expect(learningRateFactor({ ...linear, type: 'constant_with_warmup' }, 60)).toBe(1);
  });
});

describe('the number of updates', () => {
  const base = {
    examples: 6920,
    batchSize: 32,
    accumulation: 1,
    epochs: 3,
    maxSteps: -1,
    warmupSteps: 0,
    warmupRatio: 0.1,
  };
  it('counts the last, smaller batch of an epoch', () => {
    expect(planSteps(base)).toEqual({ stepsPerEpoch: 217, totalSteps: 651, warmupSteps: 66 });
  });
  it('counts updates, not micro-batches', () => {
    expect(planSteps({ ...base, accumulation: 4 })).toMatchObject({ stepsPerEpoch: 55, totalSteps: 165 });
  });
  it('lets max_steps and warmup_steps win', () => {
    expect(planSteps({ ...base, maxSteps: 40, warmupSteps: 5 })).toMatchObject({ totalSteps: 40, warmupSteps: 5 });
  });
});
