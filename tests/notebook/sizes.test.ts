import { describe, expect, it } from 'vitest';
import { findCell } from '../../src/notebook/document.ts';
import { resolveRunSpec } from '../../src/notebook/resolve.ts';
import { applySize, sizeIds, sizeOf } from '../../src/notebook/sizes.ts';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import { templateNamed, templates } from '../../src/notebook/templates/templates.ts';
import { twentyLabels } from '../../src/notebook/templates/twenty-labels.ts';
import { presetOf } from '../../src/notebook/uda-presets.ts';

describe('sizes', () => {
  it.each(sizeIds)('%s is known again in every template', async (size) => {
    for (const template of templates) expect(sizeOf(await template.open(size)), template.id).toBe(size);
  });

  it('count steps where labels are few, and epochs where all are there', () => {
    expect(resolveRunSpec(twentyLabels('full'), 'uda').training).toMatchObject({ max_steps: 2000 });
    expect(resolveRunSpec(magnitudeOrMovement('full'), 'movement').training).toMatchObject({ max_steps: -1 });
  });

  it('leave what a run is about as it is', () => {
    const before = resolveRunSpec(twentyLabels('full'), 'uda');
    const after = resolveRunSpec(applySize('quick')(twentyLabels('full')), 'uda');
    expect([after.uda, after.few_shot, after.pruning]).toEqual([before.uda, before.few_shot, before.pruning]);
  });
});

describe('the template “Twenty labels”', () => {
  it('trains both runs on the same labels, and differs in UDA alone', () => {
    const { name: _, uda, ...supervised } = resolveRunSpec(twentyLabels('full'), 'supervised');
    const { name: __, uda: used, ...other } = resolveRunSpec(twentyLabels('full'), 'uda');
    expect(other).toEqual(supervised);
    expect([uda, used?.aug_ops]).toEqual([null, 'tf_idf-0.3']);
  });

  it('is at full size the preset for small models, unchanged', () => {
    const uda = findCell(twentyLabels('full'), 'run', 'uda');
    expect(uda && presetOf(uda)?.id).toBe('small');
  });

  it('is found by its name, and the first visit’s where a name is unknown', () => {
    expect(templateNamed('twenty-labels').title).toBe('Twenty labels');
    expect(templateNamed('no such').title).toBe('Magnitude or movement?');
  });
});
