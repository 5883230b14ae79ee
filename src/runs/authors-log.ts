// A run's evaluations as the authors of UDA print theirs, so that logs can be laid side by side.
import type { MetricRow } from './events.ts';

/** `=== step 500 ===`, then loss and accuracy on dev, for every evaluation; the best accuracy at the end. */
export function authorsLog(rows: readonly MetricRow[]): string {
  const evaluations = rows.flatMap(({ step, values }) => {
    const { 'eval/loss': loss, 'eval/accuracy': accuracy } = values;
    return loss === undefined || accuracy === undefined ? [] : [{ step, loss, accuracy }];
  });
  if (evaluations.length === 0) return '';
  const blocks = evaluations.map(
    ({ step, loss, accuracy }) =>
      `=== step ${step} ===\n  eval_classify_loss = ${loss}\n  eval_classify_accuracy = ${accuracy}\n`,
  );
  const best = Math.max(...evaluations.map(({ accuracy }) => accuracy));
  return `${blocks.join('')}Best acc: ${best.toFixed(3)}\n`;
}
