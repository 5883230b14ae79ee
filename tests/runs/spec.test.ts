import { describe, expect, it } from 'vitest';
import { runSpecSchema, udaSchema } from '../../src/runs/spec.ts';

const model = { kind: 'embedded', id: 'all-MiniLM-L6-v2' };
const data = { kind: 'embedded', id: 'spam-assassin' };

describe('a specification', () => {
  it('of an earlier version means what it meant: all labels, no unlabelled texts', () => {
    const spec = runSpecSchema.parse({ name: 'old', model, data, training: { learning_rate: 1e-4 } });
    expect(spec).toMatchObject({ few_shot: null, uda: null });
    expect(spec.data).toMatchObject({ shuffle_seed: null, filter: null });
    expect(spec.training).toMatchObject({ optim: 'adamw_torch', truncation_side: 'right', pooling: 'cls' });
  });
});

describe('settings of UDA', () => {
  const problemOf = (settings: object) => udaSchema.safeParse(settings).error?.issues[0]?.message;

  it('have the authors’ −1 for off', () => {
    expect(udaSchema.parse({})).toMatchObject({ uda_softmax_temp: -1, uda_confidence_thresh: -1, uda_coeff: 1 });
    expect(problemOf({ uda_softmax_temp: 0 })).toContain('above 0');
    expect(problemOf({ uda_confidence_thresh: 1 })).toContain('from 0 to 1');
  });

  it('say what is wrong with a policy', () => {
    expect(problemOf({ aug_ops: 'tf_idf-0.3+eda-0.1' })).toBeUndefined();
    expect(problemOf({ aug_ops: 'tfidf' })).toMatch(/^augmentation policy: expected one of tf_idf/);
  });
});
