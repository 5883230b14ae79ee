// What happened in a run, in order. The page's state of a run is a pure fold over these (`reduceRun`).
import { type ErrorCode, WinnowError } from '../engine/error.ts';
import type { MatrixInfo } from '../engine/model/architecture.ts';

export type { MatrixInfo };

/** One logged step: tags as TensorBoard names them, such as `train/loss` or `eval/f1`. */
export interface MetricRow {
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

/** A classifier's predictions on one split, in the end. */
export interface ClassReport {
  readonly split: 'dev' | 'test';
  readonly labels: readonly string[];
  /** [K, K] counts: rows are true labels, columns predictions. */
  readonly confusion: readonly (readonly number[])[];
  /** Wrong predictions, the surest first. */
  readonly errors: readonly ConfidentError[];
}

export interface ConfidentError {
  readonly id: string;
  /** Its beginning, where it is long. */
  readonly text: string;
  /** Index into the labels. */
  readonly label: number;
  readonly predicted: number;
  readonly probability: number;
}

export interface RunSummary {
  readonly metrics: Readonly<Record<string, number>>;
  /** Weights kept and in all, over the encoder's masked linear maps, and per matrix (same order as `matrices`). */
  readonly encoderKept: number;
  readonly encoderTotal: number;
  readonly keptByMatrix: readonly number[];
  /** Non-zero parameters and all parameters of the whole model, embeddings included. */
  readonly modelNonZero: number;
  readonly modelTotal: number;
  /** Null for spans, and where no split was evaluated. */
  readonly classes: ClassReport | null;
  readonly elapsedMs: number;
}

export interface RunError {
  readonly code: ErrorCode;
  /** `where: expected X, got Y. Next action.` */
  readonly message: string;
}

/** Where whoever wrote had nothing more to say of it. */
const NO_ROOM =
  "storage: expected room for what is to be kept, got: the browser's storage is full. What was kept before is unharmed. " +
  'Delete runs, models or data that you no longer need, or free disk space; then try again.';

/** An error as it crosses between worker and page, and into storage. */
export function asRunError(error: unknown): RunError {
  if (error instanceof WinnowError) return { code: error.code, message: error.message };
  if (error instanceof DOMException && error.name === 'QuotaExceededError')
    return { code: 'storage', message: NO_ROOM };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

export interface Progress {
  readonly step: number;
  readonly examplesPerSecond: number;
  readonly etaMs: number;
  /** What the engine holds now: tensors and their bytes. */
  readonly tensors: number;
  readonly bytes: number;
  /** The most bytes that it held at once so far. */
  readonly peakBytes: number;
}

/** What a user should know of a run that goes on. */
export interface RunWarning {
  readonly code:
    | 'test-overlap' /** Training texts that the test split has too. */
    | 'class-collapse' /** Nearly all predictions are of one class. */
    | 'hidden-labels' /** A split that cannot be evaluated. */
    | 'empty-texts' /** Texts without a word to hide. */
    | 'little-room' /** For checkpoints and weights on the disk. */
    | 'not-saved' /** A checkpoint that found no room. */
    | 'older-checkpoint' /** The newest one was damaged. */;
  readonly message: string;
}

export type RunEvent =
  | {
      readonly type: 'started';
      readonly totalSteps: number;
      /** Updates made before; the rows that were logged with them come again. */
      readonly resumedAt: number;
      readonly backend: 'webgpu' | 'wasm';
      readonly adapter: string;
      readonly matrices: readonly MatrixInfo[];
      /** Rows or columns that an attention head has of a matrix. */
      readonly headSize: number;
      readonly parameters: number;
      /** Of memory, before anything was held. */
      readonly estimatedBytes: number;
    }
  | { readonly type: 'metrics'; readonly rows: readonly MetricRow[] }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'phase'; readonly phase: string; readonly done: number; readonly total: number }
  | { readonly type: 'warning'; readonly warning: RunWarning }
  /** A checkpoint is on the disk. */
  | { readonly type: 'saved'; readonly step: number }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  | {
      readonly type: 'finished';
      readonly outcome: 'done' | 'stopped';
      readonly summary: RunSummary;
      /** Why it stopped by itself (a loss that is no number); the weights of the last good evaluation are kept. */
      readonly problem: RunError | null;
      readonly peakBytes: number;
    }
  | { readonly type: 'failed'; readonly error: RunError };
