import { describe, expect, it } from 'vitest';
import { cellsOf, documentSchema, type NotebookDocument } from '../../src/notebook/document.ts';
import { allRows } from '../../src/notebook/new-cells.ts';
import { recipeOf, recipes } from '../../src/notebook/recipes.ts';
import { importRunPlan, parseRunPlan, resolveRunPlan, resolveRunSpec, runOrder } from '../../src/notebook/resolve.ts';
import { applySize, sizeOf } from '../../src/notebook/sizes.ts';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import { deleteCell, renameRun, updateCell } from '../../src/notebook/transitions.ts';
import { runSpecSchema } from '../../src/runs/spec.ts';
import { sweepSchema } from '../../src/runs/sweep.ts';

const template = magnitudeOrMovement('full');
const learnFrom = (student: string, teacher: string) =>
  updateCell(student, 'run', { distillation: { teacher, alpha_distil: 0.9, alpha_ce: 0.1, temperature: 2 } });
const newIds = () => {
  let next = 0;
  return () => `new-${next++}`;
};

describe('resolveRunSpec', () => {
  it('brings model, data and settings of a run together', () => {
    const spec = resolveRunSpec(template, 'movement');
    expect(runSpecSchema.parse(spec)).toEqual(spec);
    expect(spec).toMatchObject({
      name: 'movement',
      model: { kind: 'embedded', id: 'all-MiniLM-L6-v2', layers: 2 },
      data: { kind: 'embedded', id: 'spam-assassin' },
      pruning: { pruning_method: 'topK', final_threshold: 0.1 },
      distillation: null,
    });
  });

  it.each([
    ['no model', deleteCell('model')(template), 'movement: no model. Choose a model cell.'],
    ['no data', deleteCell('data')(template), 'movement: no data. Choose a data cell.'],
    ['no name', renameRun('movement', ' ')(template), 'Name the run.'],
    ['a name twice', renameRun('movement', 'magnitude')(template), '2 runs have this name'],
    ['an unknown teacher', learnFrom('movement', 'Socrates')(template), '“Socrates” is not in this notebook'],
    ['a pruned teacher', learnFrom('movement', 'magnitude')(template), 'a teacher must be dense'],
    ['a pruned start', updateCell('movement', 'run', { starts_from: 'magnitude' })(template), 'a start must be dense'],
    ['itself as teacher', learnFrom('movement', 'movement')(template), 'is its own teacher'],
  ])('refuses %s', (_, document, message) => {
    expect(() => resolveRunSpec(document, 'movement')).toThrow(message);
  });
});

describe('runOrder', () => {
  it('is that of the document', () => {
    expect(runOrder(template, ['movement', 'magnitude'])).toEqual(['magnitude', 'movement']);
  });

  it('puts a teacher before its student', () => {
    const taught = learnFrom('magnitude', 'movement')(template);
    expect(runOrder(taught, ['magnitude', 'movement'])).toEqual(['movement', 'magnitude']);
  });

  it('puts a run before the one that starts from it', () => {
    const started = updateCell('magnitude', 'run', { starts_from: 'movement' })(template);
    expect(runOrder(started, ['magnitude', 'movement'])).toEqual(['movement', 'magnitude']);
  });

  it('refuses a circle of teachers', () => {
    const circle = learnFrom('movement', 'magnitude')(learnFrom('magnitude', 'movement')(template));
    expect(() => runOrder(circle, ['magnitude', 'movement'])).toThrow('is its own teacher');
  });
});

describe('settings as JSON', () => {
  it('come back as they were copied', () => {
    const sweep = sweepSchema.parse({ settings: [{ kind: 'list', path: 'training.seed', values: [1, 2] }] });
    for (const document of [template, updateCell('movement', 'run', { sweep })(template)]) {
      const plan = resolveRunPlan(document, 'movement');
      const pasted = importRunPlan('movement', parseRunPlan(JSON.stringify(plan)), newIds())(template);
      expect(pasted).toEqual(document);
    }
  });

  it('bring a model of their own when the notebook has none like it', () => {
    const spec = { ...resolveRunPlan(template, 'movement'), model: { ...modelChoice, layers: 4 } };
    const after = importRunPlan('movement', spec, newIds())(template);
    expect(cellsOf(after, 'model').map(({ choice }) => choice.layers)).toEqual([2, 4]);
    expect(resolveRunSpec(after, 'movement').model.layers).toBe(4);
    expect(resolveRunSpec(after, 'magnitude').model.layers).toBe(2);
  });

  it('take a free name where another run has theirs', () => {
    const spec = resolveRunPlan(template, 'magnitude');
    expect(resolveRunSpec(importRunPlan('movement', spec, newIds())(template), 'movement').name).toBe('magnitude 2');
  });

  it('may use the names of older scripts', () => {
    const { training: _, ...rest } = resolveRunSpec(template, 'movement');
    const spec = parseRunPlan(JSON.stringify({ ...rest, training: { per_gpu_train_batch_size: 3 } }));
    expect(spec.training.per_device_train_batch_size).toBe(3);
  });

  it.each([
    ['{', 'expected JSON'],
    ['{"name": "x"}', 'model'],
  ])('say what is wrong with %s', (text, message) => {
    expect(() => parseRunPlan(text)).toThrow(message);
  });
});

describe('the template', () => {
  it.each(['quick', 'full'] as const)('is a valid document at size %s, and knows its size', (size) => {
    const document: NotebookDocument = magnitudeOrMovement(size);
    expect(documentSchema.parse(document)).toEqual(document);
    expect(sizeOf(document)).toBe(size);
  });

  it('runs both methods from one seed, alike in all but the method', () => {
    const [magnitude, movement] = cellsOf(template, 'run');
    expect(movement?.training).toEqual(magnitude?.training);
    expect({ ...movement?.pruning, pruning_method: 'magnitude' }).toEqual(magnitude?.pruning);
  });

  it('changes size there and back', () => {
    expect(applySize('full')(applySize('quick')(template))).toEqual(template);
    expect(sizeOf(updateCell('data', 'data', { choice: { ...dataChoice, id: 'wordnet-qa' } })(template))).toBe('full');
    expect(sizeOf(updateCell('model', 'model', { choice: { ...modelChoice, layers: 3 } })(template))).toBeNull();
  });
});

describe('recipes', () => {
  it.each(recipes)('$id is recognised until a setting changes', ({ id, pruning }) => {
    expect(recipeOf(pruning)?.id).toBe(id);
    expect(recipeOf({ ...pruning, final_threshold: 0.123 })).toBeNull();
  });
});

const dataChoice = {
  kind: 'embedded',
  id: 'spam-assassin',
  ...allRows,
} as const;
const modelChoice = { kind: 'embedded', id: 'all-MiniLM-L6-v2' } as const;
