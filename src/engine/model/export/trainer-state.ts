// trainer_state.json, as transformers' Trainer leaves it beside a checkpoint.
import type { ExportedMetrics, FolderSource } from './source.ts';

export function trainerState(source: Pick<FolderSource, 'spec' | 'history' | 'stepsPerEpoch'>): object {
  const { spec, history, stepsPerEpoch } = source;
  const lastStep = history.reduce((last, { step }) => Math.max(last, step), 0);
  return {
    best_global_step: null,
    best_metric: null,
    best_model_checkpoint: null,
    epoch: lastStep / stepsPerEpoch,
    eval_steps: spec.training.eval_steps,
    global_step: lastStep,
    is_hyper_param_search: false,
    is_local_process_zero: true,
    is_world_process_zero: true,
    log_history: history.map((row) => logEntry(row, stepsPerEpoch)),
    logging_steps: spec.training.logging_steps,
    max_steps: lastStep,
    num_train_epochs: Math.ceil(spec.training.num_train_epochs),
    total_flos: 0,
    train_batch_size: spec.training.per_device_train_batch_size,
    trial_name: null,
    trial_params: null,
  };
}

/** The Trainer's keys are bare for training (`loss`) and prefixed for evaluation (`eval_f1`). */
function logEntry({ step, values }: ExportedMetrics, stepsPerEpoch: number): object {
  const logged = Object.entries(values).map(([tag, value]) => [trainerKey(tag), value]);
  return { epoch: step / stepsPerEpoch, ...Object.fromEntries(logged), step };
}

const trainerKey = (tag: string) => tag.replace(/^train\//, '').replace(/^(eval|test)\//, '$1_');
