// What a run holds, and what it will hold: from its settings and the shape of its model to the engine's terms.
import type { MemoryUse } from '../engine/gpu/executor.ts';
import type { ModelConfig } from '../engine/model/config.ts';
import { paddedLength } from '../engine/text/batches.ts';
import { mostMasked } from '../engine/text/masking.ts';
import type { Feature } from '../engine/text/types.ts';
import { estimateMemory, type MemoryRequest, type MemoryTarget } from '../engine/train/memory.ts';
import type { TrainingShape } from '../engine/train/program.ts';
import { schedulesKeptFraction } from '../runs/guard-rails.ts';
import type { PruningSettings, RunSpec } from '../runs/spec.ts';
import type { Blueprint } from './blueprint.ts';
import type { RunInputs } from './inputs.ts';
import { groupsOf, programOptions, type RunSetup } from './training-job.ts';

/** What decides how much memory a run takes. */
export interface MemoryLayout {
  readonly spec: RunSpec;
  readonly blueprint: Blueprint;
  /** Most tokens of a text, in training and in evaluation. */
  readonly tokens: { readonly training: number; readonly evaluation: number };
  /** The teacher's model; null where none teaches. */
  readonly teacher: ModelConfig | null;
  readonly target: MemoryTarget;
}

/** With `budgetBytes` for the student. */
export function requestOf(layout: MemoryLayout, budgetBytes: number | null): MemoryRequest {
  const { spec, blueprint, tokens } = layout;
  const { per_device_train_batch_size: batchSize, per_device_eval_batch_size, fp16 } = spec.training;
  const withMasked = (shape: TrainingShape): TrainingShape =>
    spec.mlm ? { ...shape, masked: mostMasked(shape, spec.mlm.mlm_probability) } : shape;
  return {
    program: programOptions(spec, blueprint),
    groups: groupsOf(spec, blueprint),
    training: [withMasked({ batchSize, tokens: tokens.training, pairs: batchSize * (spec.uda?.unsup_ratio ?? 0) })],
    evaluation: [withMasked({ batchSize: per_device_eval_batch_size, tokens: tokens.evaluation })],
    accumulation: spec.training.gradient_accumulation_steps,
    keptFractions: keptFractions(spec.pruning),
    target: withPrecision(layout.target, fp16 ? 'f16' : 'f32'),
    budgetBytes,
  };
}

/** Bytes of the teacher, which only looks at the student's batches; 0 where there is none. */
export async function teacherBytes({ spec, blueprint, tokens, teacher, target }: MemoryLayout): Promise<number> {
  if (!teacher) return 0;
  const { task, labels } = blueprint;
  const { total } = await estimateMemory({
    program: { config: teacher, task, labels, pruning: null, samplesGates: false, temperature: null },
    groups: [],
    training: [],
    evaluation: [{ batchSize: spec.training.per_device_train_batch_size, tokens: tokens.training }],
    accumulation: 1,
    keptFractions: null,
    target,
    budgetBytes: null,
  });
  return total;
}

/** Bytes of student and teacher when most is held. */
export async function estimatedBytes(layout: MemoryLayout): Promise<number> {
  return (await estimateMemory(requestOf(layout, null))).total + (await teacherBytes(layout));
}

/** Of student and teacher. On WebAssembly an executor counts every tensor there is, the other's among them. */
export function memoryOf({ executor, teacher }: RunSetup): MemoryUse {
  const own = executor.memory();
  if (!teacher || executor.backend === 'wasm') return own;
  const taught = teacher.memory();
  return {
    tensors: own.tensors + taught.tensors,
    bytes: own.bytes + taught.bytes,
    peakBytes: own.peakBytes + taught.peakBytes,
  };
}

/** As batches are padded; UDA draws its texts under way, so that any may be the longest. */
export function longestOf({ features }: RunInputs, { training, uda }: RunSpec): MemoryLayout['tokens'] {
  const { max_seq_length: most } = training;
  const longest = (split: readonly Feature[]) =>
    split.reduce((length, { inputIds }) => Math.max(length, inputIds.length), 1);
  const evaluated = Math.max(longest(features.dev), longest(features.test));
  return {
    training: uda ? most : paddedLength(longest(features.train), most),
    evaluation: paddedLength(evaluated, most),
  };
}

const withPrecision = (target: MemoryTarget, precision: 'f32' | 'f16'): MemoryTarget =>
  target.backend === 'webgpu' ? { ...target, precision } : target;

function keptFractions(pruning: PruningSettings): MemoryRequest['keptFractions'] {
  if (!schedulesKeptFraction(pruning)) return null;
  const { initial_threshold: initial, final_threshold: final } = pruning;
  return [Math.min(initial, final), Math.max(initial, final)];
}
