import { describe, expect, it } from 'vitest';
import { checkFewLabels, type DividedTexts } from '../../src/runs/guard-rails-uda.ts';
import { type RunSpec, runSpecSchema } from '../../src/runs/spec.ts';

const specOf = (rest: Record<string, unknown>): RunSpec =>
  runSpecSchema.parse({
    name: 'uda',
    model: { kind: 'embedded', id: 'all-MiniLM-L6-v2' },
    data: { kind: 'embedded', id: 'wordnet-glosses' },
    pruning: { pruning_method: 'none' },
    few_shot: { labels_per_class: 3 },
    ...rest,
  });
const texts: DividedTexts = { totalSteps: 2000, warmupSteps: 200, classes: 6, labelled: 18, unlabelled: 10_482 };
const found = (rest: Record<string, unknown>, known: Partial<DividedTexts> = {}) =>
  checkFewLabels(specOf(rest), { ...texts, ...known });
const textsAt = (level: string, ...o: Parameters<typeof found>) =>
  found(...o)
    .filter((finding) => finding.level === level)
    .map(({ text }) => text);

describe('checkFewLabels', () => {
  it('says nothing of runs with all labels', () => {
    expect(found({ few_shot: null })).toEqual([]);
  });

  it('warns that epochs over a few texts are few steps', () => {
    // 18 texts in batches of 8: 3 steps an epoch
    expect(textsAt('warning', { training: { num_train_epochs: 3 } }, { totalSteps: 9 })).toEqual([
      '3 epochs over 18 labelled texts are only 9 steps: too few to learn from. Set “Steps” (max_steps) to 500 or more.',
    ]);
    expect(textsAt('warning', { training: { max_steps: 9 } }, { totalSteps: 9 })).toEqual([]);
  });

  it('warns of a consistency loss that weighs nothing', () => {
    expect(textsAt('warning', { uda: { uda_coeff: 0 } })[0]).toMatch(/^The consistency loss weighs 0/);
  });

  it('warns of a target that is flattened', () => {
    expect(textsAt('warning', { uda: { uda_softmax_temp: 2 } })[0]).toMatch(/^A target temperature of 2 flattens/);
    expect(textsAt('warning', { uda: { uda_softmax_temp: 0.85 } })).toEqual([]);
  });

  it('tells with its numbers what to expect of UDA', () => {
    const notes = textsAt('note', { uda: {}, training: { freeze_embeddings: false, max_steps: 2000 } });
    expect(notes).toEqual([
      'Accuracy may stay near chance for about 1000 steps, then jump. That is no failure.',
      'A labelled text that the model gives more than η of its own label is left out; η begins at 17 %.', // 1/6
      // 2,000 steps of 8 · 3 pairs; 48,000 / 10,482 = 4.58
      '48000 pairs from 10482 unlabelled texts: each is read about 4.6 times.',
    ]);
  });

  it('tells that a short run may end too early, and that frozen embeddings are not the authors’ way', () => {
    const notes = textsAt('note', { uda: { tsa: 'none' } }, { totalSteps: 60, unlabelled: null });
    expect(notes).toHaveLength(2);
    expect(notes[0]).toMatch(/This one ends after 60: it may be too early to judge\.$/);
    expect(notes[1]).toMatch(/^Embeddings are frozen/);
  });

  it('tells how few pairs pass a threshold at first', () => {
    expect(textsAt('note', { uda: { uda_confidence_thresh: 0.8 } })[0]).toBe(
      'Pairs count once the model is surer than 80 % of the original; it starts near 17 %, so few do at first.',
    );
  });
});
