// A run's settings in one line, for when the form is closed.
import type { CellOf } from '../../notebook/document.ts';
import { percent, plural, setting } from '../format.ts';
import { sweptText } from './swept-values.ts';
import type { PlannedFacts } from './useRunFacts.ts';

export function summarise(cell: CellOf<'run'>, facts: PlannedFacts | null): string {
  const { training, sweep } = cell;
  return [
    ...pruningWords(cell),
    ...learningWords(cell),
    ...(facts ? [`${facts.isEstimate ? 'about ' : ''}${facts.totalSteps} steps`] : []),
    `batch ${training.per_device_train_batch_size}`,
    `${training.max_seq_length} tokens`,
    `learning rate ${setting(training.learning_rate)}`,
    ...(sweep
      ? [
          `swept: ${sweep.settings.map((setting) => `${setting.path.split('.').at(-1)} ${sweptText(setting)}`).join('; ')}`,
        ]
      : [`seed ${training.seed}`]),
  ].join(' · ');
}

function pruningWords({ pruning: { pruning_method: method, final_threshold: final } }: CellOf<'run'>): string[] {
  const keeps = method === 'topK' || method === 'magnitude';
  return [method === 'none' ? 'dense' : method, ...(keeps ? [`${percent(final, 0)} kept`] : [])];
}

/** From what, and with whose help. */
function learningWords({ mlm, few_shot, uda, starts_from, distillation }: CellOf<'run'>): string[] {
  return [
    ...(mlm ? [`fills in words, ${percent(mlm.mlm_probability, 0)} of them hidden`] : []),
    ...(few_shot && !mlm ? [`${plural(few_shot.labels_per_class, 'label')} per class`] : []),
    ...(uda ? [`UDA by ${uda.aug_ops}`] : []),
    ...(starts_from === null ? [] : [`starts from ${starts_from}`]),
    ...(distillation ? [`taught by ${distillation.teacher}`] : []),
  ];
}
