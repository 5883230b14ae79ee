import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annealingSchedules, annealingThreshold } from '../../../src/engine/uda/annealing.ts';

describe('annealing', () => {
  // K = 2: η = α/2 + 1/2. exp: α = e^(5(t−1)) = e⁻⁵, e^−2.5, 1. log: α = 1 − e^(−5t) = 0, 1 − e^−2.5, 1 − e⁻⁵.
  it.each([
    ['none', [1, 1, 1]],
    ['linear', [0.5, 0.75, 1]],
    ['log', [0.5, 0.958958, 0.996631]],
    ['exp', [0.503369, 0.541042, 1]],
  ] as const)('%s, at the start, half-way and at the end, of two classes', (schedule, expected) => {
    const thresholds = [0, 0.5, 1].map((progress) => annealingThreshold({ schedule, progress, classes: 2 }));
    for (const [i, threshold] of thresholds.entries()) expect(threshold).toBeCloseTo(expected[i]!, 6);
  });

  it('starts from chance: 1/6 for six classes, and a third of the way is 1/6 + 5/18', () => {
    expect(annealingThreshold({ schedule: 'linear', progress: 0, classes: 6 })).toBeCloseTo(1 / 6, 12);
    expect(annealingThreshold({ schedule: 'linear', progress: 1 / 3, classes: 6 })).toBeCloseTo(8 / 18, 12);
  });

  it('never falls, and stays between 1/K and 1', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const schedules = fc.constantFrom(...annealingSchedules);
    fc.assert(
      fc.property(schedules, fc.integer({ min: 2, max: 100 }), unit, unit, (schedule, classes, a, b) => {
        const at = (progress: number) => annealingThreshold({ schedule, progress, classes });
        expect(at(Math.min(a, b))).toBeLessThanOrEqual(at(Math.max(a, b)));
        expect(at(a)).toBeGreaterThanOrEqual(1 / classes);
        expect(at(a)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
