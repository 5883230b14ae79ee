// What a Hub folder is made from. The shapes of a run are those of runs/spec.ts and runs/events.ts as far as the
// folder tells of them; the engine does not import runs.

import type { HostTensor } from '../../gpu/executor.ts';
import type { Tokenizer } from '../../text/tokenizer.ts';
import type { ModelTask } from '../architecture.ts';
import type { ModelConfig } from '../config.ts';

export interface FolderSource {
  readonly spec: ExportedSpec;
  readonly summary: ExportedSummary;
  readonly history: readonly ExportedMetrics[];
  /** Optimiser updates in one pass over the training data. */
  readonly stepsPerEpoch: number;
  readonly task: ModelTask;
  readonly config: ModelConfig;
  /** Final values before masking, of every parameter of the model for the task. */
  readonly tensors: ReadonlyMap<string, HostTensor>;
  /** By weight name; empty for a dense model. */
  readonly masks: ReadonlyMap<string, PackedMask>;
  /** The real-valued masks of `l0`, which scale what they keep; null for the binary methods. */
  readonly gates: ReadonlyMap<string, Float32Array> | null;
  readonly tokenizer: Tokenizer;
  /** The base model's own tokenizer.json, where it has one. */
  readonly tokenizerJson: string | null;
  /** Class names in label order; empty for other tasks. */
  readonly labels: readonly string[];
  readonly dtype: FloatDtype;
  readonly origin: ModelOrigin;
}

/** Bits, least significant first, row-major: 1 keeps. */
export type PackedMask = Uint8Array;

export type FloatDtype = 'F32' | 'F16';

export interface ModelOrigin {
  /** The base model's id on the Hub, or the name of the folder it came from. */
  readonly model: string;
  /** As the Hub spells it ("apache-2.0"); null where nobody said. */
  readonly license: string | null;
  readonly dataset: string;
}

export interface ExportedSpec {
  readonly name: string;
  readonly model: object;
  readonly data: object;
  readonly training: Readonly<Record<string, unknown>> & {
    readonly num_train_epochs: number;
    readonly per_device_train_batch_size: number;
    readonly logging_steps: number;
    readonly eval_steps: number;
    readonly pooling: 'cls' | 'mean';
  };
  readonly pruning: Readonly<Record<string, unknown>> & { readonly pruning_method: string };
  readonly distillation: Readonly<Record<string, unknown>> | null;
  readonly few_shot: (Readonly<Record<string, unknown>> & { readonly labels_per_class: number }) | null;
  readonly uda: Readonly<Record<string, unknown>> | null;
  readonly mlm: Readonly<Record<string, unknown>> | null;
  readonly starts_from: string | null;
}

export interface ExportedMetrics {
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

export interface ExportedSummary {
  readonly metrics: Readonly<Record<string, number>>;
  readonly encoderKept: number;
  readonly encoderTotal: number;
  readonly keptByMatrix: readonly number[];
  readonly modelNonZero: number;
  readonly modelTotal: number;
}

export interface FolderFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}
