// How many steps a run cell would take, as far as the page can know before it runs.
import { planSteps } from '../../engine/pruning/schedule.ts';
import { type CellOf, findCell } from '../../notebook/document.ts';
import type { RunFacts } from '../../runs/guard-rails.ts';
import { dataRequest, useAnswer, useDocument } from '../services.ts';

export interface PlannedFacts extends RunFacts {
  /** Long contexts become several windows each, which only the worker can count. */
  readonly isEstimate: boolean;
  /** 0 for spans, and while the data are unknown. */
  readonly classes: number;
}

/** Null until the data are known, where the number of steps depends on them. */
export function useRunFacts(cell: CellOf<'run'>): PlannedFacts | null {
  const data = findCell(useDocument(), 'data', cell.dataCell)?.choice ?? null;
  const answer = useAnswer(data && dataRequest(data));
  const { training, few_shot, uda, mlm } = cell;
  const description = answer?.type === 'loaded' ? answer.value : null;
  if (!description && training.max_steps <= 0) return null;
  const classes = description?.labels.length ?? 0;
  const plan = planSteps({
    examples: few_shot && !mlm ? few_shot.labels_per_class * classes : (description?.counts.train ?? 0),
    batchSize: training.per_device_train_batch_size,
    accumulation: training.gradient_accumulation_steps,
    epochs: training.num_train_epochs,
    maxSteps: training.max_steps,
    warmupSteps: training.warmup_steps,
    warmupRatio: training.warmup_ratio,
  });
  // Without few_shot, UDA trains on those texts whose label the data show: only the worker knows how many.
  const isUncounted = description?.task === 'question-answering' || (uda !== null && few_shot === null);
  const isEstimate = training.max_steps <= 0 && isUncounted;
  return { totalSteps: plan.totalSteps, warmupSteps: plan.warmupSteps, isEstimate, classes };
}
