import { describe, expect, it } from 'vitest';
import { curveTags, metricLabel, tagInfo } from '../../src/ui/run/metric-groups.ts';

describe('tagInfo', () => {
  it.each([
    ['train/loss', 'loss', 'Loss'],
    ['train/distillation_loss', 'loss', 'Distillation loss'],
    ['train/consistency_loss', 'loss', 'Consistency loss'],
    ['train/tsa_threshold', 'signal', 'Threshold η'],
    ['train/sup_trained_ratio', 'signal', 'Labelled texts in use'],
    ['train/high_prob_ratio', 'signal', 'Pairs kept'],
    ['predicted/not spam', 'balance', 'not spam'],
    ['predicted/a/b', 'balance', 'a/b'],
    ['eval/perplexity', 'quality', 'Perplexity'],
    ['eval/f1', 'quality', 'F1'],
    ['eval/exact_match', 'quality', 'Exact match'],
    ['train/remaining', 'kept', 'Kept'],
    ['train/learning_rate', 'rates', 'Weights'],
    ['train/mask_scores_learning_rate', 'rates', 'Scores'],
    ['eval/loss', 'other', 'Loss'],
    ['train/grad_norm', 'other', 'Grad norm'],
  ])('puts %s among %s as “%s”', (tag, group, label) => {
    expect(tagInfo(tag)).toEqual({ group, label, isFinal: false });
  });

  it('pairs a measurement with its twin at the final threshold', () => {
    expect(tagInfo('eval_final/f1')).toEqual({ group: 'quality', label: 'F1', isFinal: true });
  });

  it.each(['retained_weights_perc/bert.encoder.layer.0.output.dense.weight', 'train/epoch', 'test/f1'])(
    'draws no curve of %s',
    (tag) => {
      expect(tagInfo(tag)).toBeNull();
    },
  );
});

describe('curveTags', () => {
  it('draws the task loss only where it is not the whole loss', () => {
    expect(curveTags(['train/loss', 'train/task_loss'])).toEqual(['train/loss']);
    expect(curveTags(['train/loss', 'train/task_loss', 'train/supervised_loss'])).toContain('train/task_loss');
    expect(curveTags(['train/loss', 'train/task_loss', 'train/penalty'])).toContain('train/task_loss');
  });
});

describe('metricLabel', () => {
  it('names the measurement, whatever it was measured on', () => {
    expect(metricLabel('test/f1')).toBe('F1');
    expect(metricLabel('test/exact_match')).toBe('Exact match');
  });
});
