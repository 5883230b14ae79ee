// Which of a run's tags belong into one chart, and what they are called there.

export type GroupId = 'loss' | 'quality' | 'signal' | 'balance' | 'kept' | 'rates' | 'other';

export interface TagInfo {
  readonly group: GroupId;
  readonly label: string;
  /** Measured with the final threshold instead of the current one. */
  readonly isFinal: boolean;
}

export const groupTitles: Readonly<Record<Exclude<GroupId, 'other'>, string>> = {
  loss: 'Loss',
  quality: 'Evaluation',
  signal: 'Training signal',
  balance: 'Predicted classes, dev',
  kept: 'Weights kept',
  rates: 'Learning rates',
};

/**
 * Tags worth a curve. The task loss is the whole loss, and would be drawn twice, unless another term is added to it.
 */
export function curveTags(tags: readonly string[]): readonly string[] {
  const hasOtherTerms = ['penalty', 'distillation_loss', 'supervised_loss'].some((term) =>
    tags.includes(`train/${term}`),
  );
  return hasOtherTerms ? tags : tags.filter((tag) => tag !== 'train/task_loss');
}

/** Null for tags that are no curves of the whole model: the kept share of one matrix, what is measured once at the end. */
export function tagInfo(tag: string): TagInfo | null {
  if (/^(retained_weights_perc|test)\//.test(tag) || tag === 'train/epoch') return null;
  // A class may be called anything, slashes included.
  if (tag.startsWith('predicted/')) return { group: 'balance', label: tag.slice('predicted/'.length), isFinal: false };
  const name = tag.slice(tag.lastIndexOf('/') + 1);
  const isFinal = tag.startsWith('eval_final/');
  const label = metricLabel(tag);
  if (name.endsWith('learning_rate')) return { group: 'rates', label, isFinal };
  if (signals.has(name)) return { group: 'signal', label, isFinal };
  if (tag === 'train/remaining') return { group: 'kept', label, isFinal };
  if (tag.startsWith('eval')) return { group: name === 'loss' ? 'other' : 'quality', label, isFinal };
  if (lossTerms.has(name)) return { group: 'loss', label, isFinal };
  return { group: 'other', label, isFinal };
}

/** Of UDA: what of the batch trains. */
const signals = new Set(['tsa_threshold', 'sup_trained_ratio', 'high_prob_ratio']);

const lossTerms = new Set('loss task_loss supervised_loss consistency_loss penalty distillation_loss'.split(' '));

const labels: Readonly<Record<string, string>> = {
  f1: 'F1',
  tsa_threshold: 'Threshold η',
  sup_trained_ratio: 'Labelled texts in use',
  high_prob_ratio: 'Pairs kept',
  distillation_loss: 'Distillation loss',
  remaining: 'Kept',
  exact_match: 'Exact match',
  accuracy: 'Accuracy',
  task_loss: 'Task loss',
  loss: 'Loss',
  learning_rate: 'Weights',
  mask_scores_learning_rate: 'Scores',
};

/** What a measurement is called, whatever it was measured on: `test/f1` is F1. */
export function metricLabel(tag: string): string {
  const name = tag.slice(tag.lastIndexOf('/') + 1);
  const words = name.replaceAll('_', ' ');
  return labels[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
