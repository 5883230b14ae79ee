// What the run cell's form is told of memory before a run: how much, whether it fits, and what else would do.
import { type Choice, choicesOf } from '../engine/train/fits.ts';
import { estimateMemory, largestBufferOf, type MemoryRequest, WASM_MOST_BYTES } from '../engine/train/memory.ts';
import type { MemoryChoice, MemoryEstimate } from '../runs/protocol.ts';
import type { TrainingArguments } from '../runs/spec.ts';
import { diskNeed } from './disk.ts';
import { type MemoryLayout, requestOf, teacherBytes } from './memory.ts';

export interface EstimateOptions {
  /** What the user says the GPU has; null where nobody knows. */
  readonly statedBytes: number | null;
  /** Whether choices are wanted although the run should fit, as it did not when it was tried. */
  readonly wantsLess: boolean;
  /** Lets messages in between one choice and the next. */
  breathe(): Promise<void>;
}

/** Of its memory, what a run that found too little should do with. */
const ENOUGH_LESS = 0.75;
/** Texts that are evaluated together where memory is short. */
const SMALL_EVALUATION = 8;
/** More would not be read. */
const MOST_CHOICES = 3;

export async function estimateRun(layout: MemoryLayout, options: EstimateOptions): Promise<MemoryEstimate> {
  const { target } = layout;
  const limitBytes = target.backend === 'wasm' ? WASM_MOST_BYTES : options.statedBytes;
  const teacher = await teacherBytes(layout);
  const budget = limitBytes === null ? null : limitBytes - teacher;
  const { byKind, total, largest, fits } = await estimateMemory(requestOf(layout, budget));
  const goal = fits.ok ? ENOUGH_LESS * total : budget;
  const choices = fits.ok && !options.wantsLess ? [] : await choicesWithin(layout, goal, options.breathe);
  return {
    backend: target.backend,
    bytesByKind: { ...byKind, teacher },
    totalBytes: total + teacher,
    limitBytes,
    largestBuffer: target.backend === 'webgpu' ? { bytes: largest, limitBytes: largestBufferOf(target.limits) } : null,
    disk: diskNeed(layout.spec, layout.blueprint),
    fits: fits.ok,
    choices: choices.map((choice) => ({ ...choice, totalBytes: choice.totalBytes + teacher })),
  };
}

type Breathe = EstimateOptions['breathe'];

/**
 * Settings for the same updates within the budget, the fastest first, each needing less than the ones before. Smaller
 * batches of evaluation, which change no result either, are tried where micro-batches alone do not do.
 */
async function choicesWithin(
  layout: MemoryLayout,
  budgetBytes: number | null,
  breathe: Breathe,
): Promise<MemoryChoice[]> {
  const { per_device_eval_batch_size: evaluated } = layout.spec.training;
  const first = await choicesOfPrecisions(layout, budgetBytes, breathe);
  if (first.length > 0 || evaluated <= SMALL_EVALUATION) return first;
  const smaller = withTraining(layout, { per_device_eval_batch_size: SMALL_EVALUATION });
  return choicesOfPrecisions(smaller, budgetBytes, breathe);
}

async function choicesOfPrecisions(
  layout: MemoryLayout,
  budgetBytes: number | null,
  breathe: Breathe,
): Promise<MemoryChoice[]> {
  const { fp16: isHalf } = layout.spec.training;
  const precisions = layout.target.backend === 'wasm' || isHalf ? [isHalf] : [false, true];
  const found: { readonly relativeTime: number; readonly choice: MemoryChoice }[] = [];
  for (const fp16 of precisions) {
    const { spec, ...rest } = withTraining(layout, { fp16 });
    for await (const option of fastestFitting(requestOf({ spec, ...rest }, budgetBytes), breathe)) {
      found.push({ relativeTime: option.relativeTime, choice: choiceOf(spec.training, option) });
    }
  }
  found.sort((a, b) => a.relativeTime - b.relativeTime);
  const choices = found.map(({ choice }) => choice);
  return choices
    .filter(({ totalBytes }, index) => choices.slice(0, index).every((faster) => totalBytes < faster.totalBytes))
    .slice(0, MOST_CHOICES);
}

/** One precision's, estimated no further than they are shown. */
async function* fastestFitting(request: MemoryRequest, breathe: Breathe): AsyncGenerator<Choice, void, void> {
  let least = Number.POSITIVE_INFINITY;
  let count = 0;
  for await (const choice of choicesOf(request)) {
    await breathe();
    const { fits, total } = choice.estimate;
    if (!fits.ok || total >= least) continue;
    least = total;
    yield choice;
    if (++count === MOST_CHOICES) return;
  }
}

const withTraining = (layout: MemoryLayout, change: Partial<TrainingArguments>): MemoryLayout => ({
  ...layout,
  spec: { ...layout.spec, training: { ...layout.spec.training, ...change } },
});

function choiceOf(training: TrainingArguments, { split, recomputesLayers, estimate }: Choice): MemoryChoice {
  return {
    training: {
      per_device_train_batch_size: training.per_device_train_batch_size / split,
      per_device_eval_batch_size: training.per_device_eval_batch_size,
      gradient_accumulation_steps: training.gradient_accumulation_steps * split,
      gradient_checkpointing: recomputesLayers,
      fp16: training.fp16,
    },
    totalBytes: estimate.total,
  };
}
