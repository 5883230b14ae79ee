import { describe, expect, it } from 'vitest';
import { pruningSchema } from '../../../src/runs/spec.ts';
import { explanationOf } from '../../../src/ui/masks/explanations.ts';

const run = (label: string, pruning: object) => ({ label, pruning: pruningSchema.parse(pruning) });
const matrix = { name: 'q', layer: 0, kind: 'query', rows: 384, columns: 384 } as const;

describe('explanationOf', () => {
  it('says in the run’s own numbers how many weights are kept among how many', () => {
    const { formula } = explanationOf('masks', [run('topK', { final_threshold: 0.1 })], matrix);
    expect(formula).toContain(
      'keeps the 14,745 (10.0\u202f%) largest scores $S_{ij}$ among the 147,456 of this matrix',
    );
  });

  it('counts over the encoder where one cut-off is', () => {
    const { formula } = explanationOf('masks', [run('topK', { final_threshold: 0.1, global_topk: true })], matrix);
    expect(formula).toContain('keeps the 10.0\u202f% largest scores $S_{ij}$ among all of the encoder');
  });

  it('knows the highest correlation that a share allows: √(3 · 0.1 · 0.9)', () => {
    const runs = [run('one', { pruning_method: 'magnitude', final_threshold: 0.1 })];
    expect(explanationOf('layers', runs, null).formula).toContain('at most 0.520');
  });

  it('takes a run’s name for text, not for Markdown', () => {
    expect(explanationOf('masks', [run('a*b_$c', {})], matrix).formula).toContain('**a\\*b\\_\\$c**');
  });
});
