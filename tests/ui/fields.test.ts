import { describe, expect, it } from 'vitest';
import { distillationSchema, pruningSchema, trainingArgumentsSchema } from '../../src/runs/spec.ts';
import {
  aboutOf,
  distillationFields,
  isEssentialPruning,
  isUnused,
  pruningFields,
  titleOf,
  trainingFields,
} from '../../src/ui/run/fields.ts';

const fieldOf = (key: string) => [...trainingFields, ...pruningFields].find((field) => field.key === key)!;
const offeredFor = (method: 'magnitude' | 'topK' | 'sigmoied_threshold' | 'l0' | 'none') =>
  pruningFields.filter(({ key }) => !isUnused(key, method)).map(({ key }) => key);

describe('the run form', () => {
  it('offers every setting of the schemas, except the teacher, who is chosen by name', () => {
    expect(trainingFields.map(({ key }) => key)).toEqual(Object.keys(trainingArgumentsSchema.shape));
    expect(pruningFields.map(({ key }) => key)).toEqual(Object.keys(pruningSchema.shape));
    expect(['teacher', ...distillationFields.map(({ key }) => key)]).toEqual(Object.keys(distillationSchema.shape));
  });

  it('knows numbers, switches and choices apart', () => {
    expect(fieldOf('learning_rate').kind).toBe('number');
    expect(fieldOf('freeze_embeddings').kind).toBe('boolean');
    expect(fieldOf('pruning_method').choices).toContain('sigmoied_threshold');
    expect(fieldOf('regularization').choices).toEqual([null, 'l1', 'l0']);
    expect(fieldOf('hidden_dropout_prob')).toMatchObject({ kind: 'number', isNullable: true });
  });

  it('says what a switch does, and where it does nothing', () => {
    expect(aboutOf(fieldOf('group_by_length'), 'wasm')).toMatch(/like length share a batch/);
    expect(aboutOf(fieldOf('gradient_checkpointing'), 'wasm')).toMatch(/^Less memory, .* more time/);
    expect(aboutOf(fieldOf('fp16'), 'webgpu')).not.toMatch(/no effect/);
    expect(aboutOf(fieldOf('fp16'), 'wasm')).toMatch(/no effect here/);
    expect(aboutOf(fieldOf('seed'), 'wasm')).toBe('');
  });

  it('accepts what the schema accepts', () => {
    expect(fieldOf('max_steps').parse(-1)).toEqual({ value: -1 });
    expect(fieldOf('max_steps').parse(1.5)).toHaveProperty('problem');
    expect(fieldOf('max_steps').parse(-2)).toHaveProperty('problem');
    expect(fieldOf('hidden_dropout_prob').parse(null)).toEqual({ value: null });
  });

  it('offers a method only what it reads', () => {
    expect(offeredFor('none')).toEqual(['pruning_method']);
    expect(offeredFor('magnitude')).not.toContain('mask_scores_learning_rate');
    expect(offeredFor('magnitude')).toContain('global_topk');
    expect(offeredFor('sigmoied_threshold')).not.toContain('global_topk');
    expect(offeredFor('l0')).not.toContain('final_threshold');
  });

  it('shows first what a method is about', () => {
    const pruning = pruningSchema.parse({ pruning_method: 'sigmoied_threshold' });
    const essential = pruningFields.filter((field) => isEssentialPruning(field, pruning)).map(({ key }) => key);
    expect(essential).toEqual([
      'pruning_method',
      'mask_scores_learning_rate',
      'final_threshold',
      'regularization',
      'final_lambda',
    ]);
  });

  it('never calls a kept fraction and a cut-off by one name', () => {
    const title = (pruning_method: 'topK' | 'threshold') =>
      titleOf(fieldOf('final_threshold'), pruningSchema.parse({ pruning_method }));
    expect(title('topK')).toBe('Final kept fraction');
    expect(title('threshold')).toBe('Final cut-off');
  });
});
