// Messages between the page and the worker. The worker owns tensors; the page owns documents.
// Every request carries an id and is answered once; run events stream beside the answers.
import { z } from 'zod';
import type { MaskAgreement } from '../engine/pruning/agreement.ts';
import type { WeightDistribution } from '../engine/pruning/distribution.ts';
import type { MaskHistory } from '../engine/pruning/mask-history.ts';
import type { NamedText } from '../engine/text/examples.ts';
import type { TokenLengths } from '../engine/text/lengths.ts';
import type { TokenizedText } from '../engine/text/tokenizer.ts';
import type { Dataset, SplitName } from '../engine/text/types.ts';
import type { Comparison } from '../engine/uda/comparison.ts';
import type { MatrixInfo, RunError, RunEvent, RunSummary, RunWarning } from './events.ts';
import {
  dataChoiceSchema,
  fewShotSchema,
  modelChoiceSchema,
  runSpecSchema,
  splitNames,
  type TrainingArguments,
  udaSchema,
} from './spec.ts';
import { backTranslationSchema } from './translation.ts';

export const backendPreferenceSchema = z.enum(['auto', 'webgpu', 'wasm']);
export type BackendPreference = z.infer<typeof backendPreferenceSchema>;

const runId = z.string().min(1);

export const requestSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('initialise'), backend: backendPreferenceSchema }),
  z.object({ type: z.literal('describe-model'), model: modelChoiceSchema }),
  z.object({ type: z.literal('describe-data'), data: dataChoiceSchema, previewRows: z.number().int().positive() }),
  z.object({
    type: z.literal('read-rows'),
    data: dataChoiceSchema,
    split: z.enum(splitNames),
    /** What rows hold, whatever the case; empty: all rows. */
    query: z.string(),
    from: z.number().int().nonnegative(),
    count: z.number().int().positive(),
  }),
  z.object({ type: z.literal('measure-lengths'), model: modelChoiceSchema, data: dataChoiceSchema }),
  z.object({
    type: z.literal('tokenize-row'),
    model: modelChoiceSchema,
    data: dataChoiceSchema,
    split: z.enum(splitNames),
    /** From 0. */
    row: z.number().int().nonnegative(),
  }),
  z.object({
    type: z.literal('preview-augmentation'),
    model: modelChoiceSchema,
    data: dataChoiceSchema,
    few_shot: fewShotSchema.nullable(),
    /** Null only divides the texts. */
    uda: udaSchema.nullable(),
    seed: z.number().int().nonnegative(),
    rows: z.number().int().positive(),
    /** Which draw: a run sees copy 0 of a text in its first epoch over them. */
    copy: z.number().int().nonnegative(),
  }),
  z.object({ type: z.literal('count-paraphrases'), data: dataChoiceSchema, how: backTranslationSchema }),
  z.object({ type: z.literal('export-paraphrases'), data: dataChoiceSchema, how: backTranslationSchema }),
  z.object({
    type: z.literal('estimate-memory'),
    spec: runSpecSchema,
    /** What the user says the GPU has: WebGPU does not tell. */
    statedBytes: z.number().int().positive().nullable(),
    /** Whether other choices are wanted although the run should fit: it ran out of memory when it was tried. */
    wantsLess: z.boolean(),
  }),
  z.object({
    type: z.literal('start-run'),
    runId,
    spec: runSpecSchema,
    /** Among which the run finds its teacher and its start by name; null: among all that are kept. */
    sources: z.array(runId).readonly().nullable(),
  }),
  z.object({ type: z.literal('pause-run'), runId }),
  z.object({ type: z.literal('resume-run'), runId }),
  z.object({ type: z.literal('step-run'), runId }),
  z.object({ type: z.literal('stop-run'), runId }),
  z.object({ type: z.literal('read-matrix'), runId, name: z.string() }),
  z.object({
    type: z.literal('try-run'),
    runId,
    /** A text or a question. */
    first: z.string(),
    /** The other text of a pair, empty for none; or the passage. */
    second: z.string(),
  }),
  z.object({ type: z.literal('evaluate-run'), runId, data: dataChoiceSchema, split: z.enum(splitNames) }),
  z.object({ type: z.literal('compare-masks'), left: runId, right: runId }),
  /** Of one masked matrix, or of all together. */
  z.object({ type: z.literal('describe-weights'), runId, name: z.string().nullable() }),
  z.object({ type: z.literal('export-run'), runId, dtype: z.enum(['F32', 'F16']) }),
  z.object({ type: z.literal('delete-run'), runId }),
  z.object({ type: z.literal('delete-checkpoints'), runId }),
  /** `runIds`: runs that may still go on; of all others, checkpoints go. */
  z.object({ type: z.literal('tidy-checkpoints'), runIds: z.array(runId).readonly() }),
]);

export type Request = z.infer<typeof requestSchema>;

export interface BackendStatus {
  readonly backend: 'webgpu' | 'wasm';
  /** "NVIDIA …", "SwiftShader (software)", "WebAssembly, 4 threads". */
  readonly adapter: string;
  /** "shared tiles 64×64 of 8×8, 1.9 TFLOP/s": how kernels are cut to the adapter; empty for WebAssembly. */
  readonly tier: string;
  readonly isSoftware: boolean;
  /** Why not the other backend, in words for the user; empty when the first choice was had. */
  readonly note: string;
  readonly available: readonly ('webgpu' | 'wasm')[];
}

export interface ModelDescription {
  readonly name: string;
  /** As people write it, such as "DistilBERT". */
  readonly architecture: string;
  /** In use, and in the model's files. */
  readonly layers: number;
  readonly availableLayers: number;
  readonly hiddenSize: number;
  readonly heads: number;
  readonly vocabularySize: number;
  readonly parameters: number;
  readonly matrices: readonly MatrixInfo[];
  /** Checkpoint keys that the model does not use, and parameters that it newly initialises. */
  readonly unusedKeys: readonly string[];
  readonly newKeys: readonly string[];
}

export interface DataDescription {
  readonly name: string;
  readonly task: Dataset['kind'];
  readonly labels: readonly string[];
  readonly counts: Readonly<Record<SplitName, number>>;
  /** What the slices took before the filter; null without one. */
  readonly unfiltered: Pick<DataDescription, 'labels' | 'counts'> | null;
  /** Examples of dev and test that a model knows from train: the same text, or a question on the same passage. */
  readonly inTrain: Readonly<Record<'dev' | 'test', number>>;
  /** "constructed from WordNet …": what the user must know about where this comes from. */
  readonly note: string;
  readonly columns: readonly string[];
  readonly preview: readonly Readonly<Record<string, string>>[];
  /** Null for questions. */
  readonly balance: Readonly<Record<SplitName, LabelCounts>> | null;
  /** Null for texts. */
  readonly answers: Readonly<Record<SplitName, AnswerCounts>> | null;
}

export interface LabelCounts {
  /** As the labels. */
  readonly counts: readonly number[];
  /** Examples whose label the data hides. */
  readonly hidden: number;
}

export interface AnswerCounts {
  readonly answered: number;
  /** Questions that have no answer, as in SQuAD 2.0. */
  readonly unanswerable: number;
  /** Questions with an answer that is not where it says: a run refuses them. */
  readonly misplaced: number;
  /** The first of those, in words. */
  readonly problems: readonly string[];
}

/** Rows of a split, or of those that hold the query. */
export interface DataRows {
  readonly columns: readonly string[];
  readonly rows: readonly DataRow[];
  /** How many there are in all. */
  readonly total: number;
}

export interface DataRow {
  /** In its split, from 0. */
  readonly index: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** A row's texts as a model reads them, without the special tokens. */
export interface TokenizedRow {
  readonly texts: readonly (NamedText & TokenizedText)[];
  readonly unknownId: number | null;
}

/** What a run with few labels, or with UDA, would learn from. */
export interface AugmentationPreview {
  readonly labelled: number;
  readonly unlabelled: number;
  readonly warnings: readonly RunWarning[];
  /** The first unlabelled texts beside their twins, word by word; none without UDA. */
  readonly pairs: readonly Comparison[];
}

/** Of so many training texts, how many have been back-translated. */
export interface ParaphraseCount {
  readonly made: number;
  readonly texts: number;
}

/** Rows of text, label and augmented, as JSON lines. */
export interface ParaphraseFile {
  readonly name: string;
  readonly text: string;
}

export type MemoryKind = 'weights' | 'scores' | 'gradients' | 'moments' | 'masks' | 'activations' | 'teacher' | 'other';

/** The memory of a run before it starts: what is held when most is, with every text as long as it may be. */
export interface MemoryEstimate {
  /** Whose memory it is. */
  readonly backend: BackendStatus['backend'];
  readonly bytesByKind: Readonly<Record<MemoryKind, number>>;
  readonly totalBytes: number;
  /** What there is: as the user states, or what WebAssembly can address; null where nobody knows. */
  readonly limitBytes: number | null;
  /** The largest buffer and what the adapter allows one to be; null for WebAssembly. */
  readonly largestBuffer: { readonly bytes: number; readonly limitBytes: number } | null;
  readonly disk: DiskNeed;
  /** False where a limit of the memory is known and exceeded. */
  readonly fits: boolean;
  /** Settings for the same updates that would fit, the fastest first; none where the run fits and nothing was asked. */
  readonly choices: readonly MemoryChoice[];
}

/** What a run leaves on the disk, at most. */
export interface DiskNeed {
  /** Of one checkpoint; 0 where none are kept. */
  readonly checkpointBytes: number;
  /** Of its weights, masks and scores in the end. */
  readonly finalBytes: number;
  /** Of all that there is at one time. */
  readonly mostBytes: number;
}

export interface MemoryChoice {
  readonly training: Pick<
    TrainingArguments,
    | 'per_device_train_batch_size'
    | 'per_device_eval_batch_size'
    | 'gradient_accumulation_steps'
    | 'gradient_checkpointing'
    | 'fp16'
  >;
  readonly totalBytes: number;
}

/** One masked matrix of a finished run, row-major [rows, columns]. */
export interface MatrixData {
  readonly info: MatrixInfo;
  readonly pretrained: Float32Array;
  /** Final values before masking: pruned weights keep theirs. */
  readonly finetuned: Float32Array;
  /** Packed bits, least significant first: 1 keeps. */
  readonly mask: Uint8Array;
  readonly kept: number;
  /** What the mask was decided by in the end; null where the method learns no scores. */
  readonly scores: Float32Array | null;
  /** How the mask came to be; null where nothing was recorded. */
  readonly history: MaskHistory | null;
}

/** One masked matrix of two finished runs of the same model. */
export interface MaskComparison {
  readonly info: MatrixInfo;
  readonly agreement: MaskAgreement;
  /** Spearman's ρ between what the two masks were decided by: scores, or absolute weights under magnitude pruning. */
  readonly scores: number;
  /** Per run, Spearman's ρ between the absolute pretrained weights and the mask: how far it follows magnitude. */
  readonly magnitude: readonly [left: number, right: number];
}

/** How the weights of a finished run are spread, and which of those that were pruned came back. */
export interface WeightsDescription extends WeightDistribution {
  /** Null where nothing was recorded. */
  readonly returns: WeightReturns | null;
}

/** By recorded step. */
export interface WeightReturns {
  readonly steps: readonly number[];
  /** Weights that came back since the record before. */
  readonly returned: readonly number[];
  /** Those of them that stayed from then on; their sum is the kept weights that had once been pruned. */
  readonly forGood: readonly number[];
}

/** What a finished run makes of a text, and the milliseconds that it took. */
export type TriedText =
  | {
      readonly kind: 'text-classification';
      readonly labels: readonly string[];
      /** [K], as the labels. */
      readonly probabilities: readonly number[];
      readonly ms: number;
    }
  | {
      readonly kind: 'question-answering';
      readonly text: string;
      /** [from, to) in UTF-16 units of the passage; null with an empty text. */
      readonly span: readonly [number, number] | null;
      readonly probability: number;
      readonly ms: number;
    };

/** A finished run on a split, example by example. */
export interface RunEvaluation {
  readonly metrics: Readonly<Record<string, number>>;
  readonly judgements: readonly Judgement[];
  readonly ms: number;
}

export interface Judgement {
  readonly id: string;
  /** The text's beginning, or the question. */
  readonly text: string;
  readonly expected: string;
  readonly predicted: string;
  /** The very label, or an answer that matches exactly as SQuAD normalises it. */
  readonly isRight: boolean;
}

export interface ExportedFolder {
  readonly fileName: string;
  readonly zip: Uint8Array<ArrayBuffer>;
  /** What was found on re-reading the zip: zeros counted in the file, agreeing with the report. */
  readonly verifiedZeros: number;
  readonly summary: RunSummary;
}

export interface Responses {
  readonly initialise: BackendStatus;
  readonly 'describe-model': ModelDescription;
  readonly 'describe-data': DataDescription;
  readonly 'read-rows': DataRows;
  readonly 'measure-lengths': Readonly<Record<SplitName, TokenLengths>>;
  readonly 'tokenize-row': TokenizedRow;
  readonly 'preview-augmentation': AugmentationPreview;
  readonly 'count-paraphrases': ParaphraseCount;
  readonly 'export-paraphrases': readonly ParaphraseFile[];
  readonly 'estimate-memory': MemoryEstimate;
  readonly 'start-run': RunSummary;
  readonly 'pause-run': null;
  readonly 'resume-run': null;
  readonly 'step-run': null;
  readonly 'stop-run': null;
  readonly 'read-matrix': MatrixData;
  readonly 'try-run': TriedText;
  readonly 'evaluate-run': RunEvaluation;
  readonly 'compare-masks': readonly MaskComparison[];
  readonly 'describe-weights': WeightsDescription;
  readonly 'export-run': ExportedFolder;
  readonly 'delete-run': null;
  readonly 'delete-checkpoints': null;
  /** Runs that had checkpoints and have none now. */
  readonly 'tidy-checkpoints': readonly string[];
}

/** In bytes of what is read, or in examples of what is evaluated, searched or measured; `total` is 0 while unknown. */
export type ReportBytes = (done: number, total: number) => void;

export type ToWorker = { readonly id: number; readonly request: Request };

export type FromWorker =
  /** How far a request is that reads files, in bytes (`ReportBytes`). */
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly type: 'response'; readonly id: number; readonly value: Responses[keyof Responses] }
  | { readonly type: 'error'; readonly id: number; readonly error: RunError }
  | { readonly type: 'event'; readonly runId: string; readonly event: RunEvent }
  | { readonly type: 'device-lost'; readonly message: string }
  /** Every few seconds, as long as the worker gets round to it. */
  | { readonly type: 'alive' };
