// Whether a run's memory is there, said before it starts, and which settings would need less.
import { bytes } from './bytes.ts';
import type { Finding, Remedy } from './guard-rails.ts';
import type { MemoryChoice, MemoryEstimate } from './protocol.ts';
import type { TrainingArguments } from './spec.ts';

/** `swept`: paths of the settings that the run's cell sweeps over, where `training` is that of its largest run. */
export function checkMemory(
  estimate: MemoryEstimate,
  training: TrainingArguments,
  swept: readonly string[] = [],
): readonly Finding[] {
  const problem = problemOf(estimate);
  if (!problem) return [];
  const remedies = remediesOf(estimate, training, swept);
  const isCut = remedies.length < estimate.choices.length;
  const advice = isCut
    ? 'Take the largest values out of the sweep.'
    : 'No batch would fit: choose fewer tokens or layers.';
  return [{ ...problem, text: `${problem.text} ${remedies.length > 0 ? 'These would fit:' : advice}`, remedies }];
}

/** The choices in words that say what changes, the least memory last; without those that a sweep would set back. */
export function remediesOf(
  { choices }: Pick<MemoryEstimate, 'choices'>,
  training: TrainingArguments,
  swept: readonly string[] = [],
): readonly Remedy[] {
  const keeps = (choice: MemoryChoice) =>
    Object.entries(choice.training).every(
      ([key, value]) => !swept.includes(`training.${key}`) || value === training[key as keyof TrainingArguments],
    );
  return choices.filter(keeps).map((choice) => ({ label: labelOf(choice, training), training: choice.training }));
}

/** A buffer too large and WebAssembly's end are certain; what a user states of a GPU is not. */
function problemOf({ backend, totalBytes, limitBytes, largestBuffer, fits }: MemoryEstimate): Finding | null {
  if (fits) return null;
  if (largestBuffer && largestBuffer.bytes > largestBuffer.limitBytes) {
    const { bytes: largest, limitBytes: limit } = largestBuffer;
    return {
      level: 'error',
      text: `One buffer needs ${bytes(largest)}, and this adapter allows at most ${bytes(limit)} in one.`,
    };
  }
  const needs = `Needs up to about ${bytes(totalBytes)}, more than the ${bytes(limitBytes ?? 0)} that`;
  return backend === 'wasm'
    ? { level: 'error', text: `${needs} WebAssembly can address.` }
    : { level: 'warning', text: `${needs} you say the GPU has.` };
}

function labelOf({ training: choice, totalBytes }: MemoryChoice, now: TrainingArguments): string {
  const { per_device_train_batch_size: batch, gradient_accumulation_steps: accumulation } = choice;
  const isOtherBatch = batch !== now.per_device_train_batch_size || accumulation !== now.gradient_accumulation_steps;
  const changes = [
    ...(isOtherBatch ? [`batch ${batch} × ${accumulation} accumulation`] : []),
    ...(choice.per_device_eval_batch_size !== now.per_device_eval_batch_size
      ? [`evaluation batch ${choice.per_device_eval_batch_size}`]
      : []),
    ...(choice.gradient_checkpointing && !now.gradient_checkpointing ? ['recompute'] : []),
    ...(choice.fp16 && !now.fp16 ? ['half precision'] : []),
  ].join(', ');
  return `${changes.charAt(0).toUpperCase()}${changes.slice(1)}: ${bytes(totalBytes)}`;
}
