// How many steps a run cell would take, as far as the page can know before it runs.
import { planSteps } from '../../engine/pruning/schedule.ts';
import { type CellOf, findCell } from '../../notebook/document.ts';
import type { RunFacts } from '../../runs/guard-rails.ts';
import { dataRequest, useAnswer, useDocument } from '../services.ts';

export interface PlannedFacts extends RunFacts {
  /** Long contexts become several windows each, which only the worker can count. */
  readonly isEstimate: boolean;
}

/** Null until the data are known, where the number of steps depends on them. */
export function useRunFacts(cell: CellOf<'run'>): PlannedFacts | null {
  const data = findCell(useDocument(), 'data', cell.dataCell)?.choice ?? null;
  const answer = useAnswer(data && dataRequest(data));
  const { training } = cell;
  const description = answer?.type === 'loaded' ? answer.value : null;
  if (!description && training.max_steps <= 0) return null;
  const plan = planSteps({
    examples: description?.counts.train ?? 0,
    batchSize: training.per_device_train_batch_size,
    accumulation: training.gradient_accumulation_steps,
    epochs: training.num_train_epochs,
    maxSteps: training.max_steps,
    warmupSteps: training.warmup_steps,
    warmupRatio: training.warmup_ratio,
  });
  const isEstimate = training.max_steps <= 0 && description?.task === 'question-answering';
  return { totalSteps: plan.totalSteps, warmupSteps: plan.warmupSteps, isEstimate };
}
