import { describe, expect, it } from 'vitest';
import { resolveRunSpec } from '../../src/notebook/resolve.ts';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import { udaSchema } from '../../src/runs/spec.ts';
import { differingSettings } from '../../src/ui/run/differing-settings.ts';

const template = magnitudeOrMovement('full');
const magnitude = resolveRunSpec(template, 'magnitude');
const movement = resolveRunSpec(template, 'movement');

describe('differingSettings', () => {
  it('lists the settings of a part that one run lacks, not the part', () => {
    const uda = udaSchema.parse({});
    expect(differingSettings([magnitude, { ...magnitude, uda }]).map(({ key }) => key)).toEqual(
      Object.keys(uda).map((key) => `uda.${key}`),
    );
  });

  it('finds the one setting in which the template’s runs differ', () => {
    expect(differingSettings([magnitude, movement])).toEqual([
      { key: 'pruning.pruning_method', values: ['magnitude', 'topK'] },
    ]);
  });

  it('shows a setting that only one of them has', () => {
    const distillation = { teacher: 'dense', alpha_distil: 0.9, alpha_ce: 0.1, temperature: 2 };
    const keys = differingSettings([movement, { ...movement, distillation }]).map(({ key }) => key);
    expect(keys).toContain('distillation.teacher');
  });

  it('finds nothing between a run and itself', () => {
    expect(differingSettings([movement, movement])).toEqual([]);
  });
});
