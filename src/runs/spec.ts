// What a run is, as JSON: the run cell's form, its validation, the copyable text and batch mode all come from
// these schemas. Names and defaults follow Hugging Face's TrainingArguments and Sanh's fine-pruning scripts.
import { z } from 'zod';
import type { LearningRateSchedule } from '../engine/pruning/schedule.ts';
import { annealingSchedules } from '../engine/uda/annealing.ts';
import { parsePolicy } from '../engine/uda/policy.ts';

z.config({ jitless: true }); // no eval under the CSP

const count = z.number().int().nonnegative();
const positive = z.number().int().positive();
const rate = z.number().nonnegative();
const fraction = z.number().min(0).max(1);

const commitSchema = z.string().regex(/^[0-9a-f]{40}$/, 'Give the 40 digits of a commit.');

export const modelChoiceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('embedded'),
    id: z.literal('all-MiniLM-L6-v2'),
    /** Keep only the first n encoder layers; null keeps all. */
    layers: positive.nullable().default(null),
  }),
  z.object({
    kind: z.literal('files'),
    /** Names the folder that was dropped; its bytes live in the browser's storage under this key. */
    key: z.string().min(1),
    layers: positive.nullable().default(null),
  }),
  z.object({
    kind: z.literal('hub'),
    /** `owner/name`. */
    id: z.string().min(1),
    revision: z.string().min(1).default('main'),
    /** What the revision stood for when it was looked up, and what is used ever after; null: not looked up yet. */
    commit: commitSchema.nullable().default(null),
    layers: positive.nullable().default(null),
  }),
]);

export const splitNames = ['train', 'dev', 'test'] as const;

export const slicesSchema = z.object({
  train: z.string().default('train'),
  dev: z.string().default('dev'),
  test: z.string().default('test'),
});

const columnsSchema = z.record(z.string(), z.string());

/** Conditions that all must hold (`engine/text/filter.ts`). */
export const filterSchema = z.object({
  labels: z.array(z.string()).default([]),
  contains: z.string().default(''),
  lacks: z.string().default(''),
  min_words: count.nullable().default(null),
  max_words: count.nullable().default(null),
  answers: z.enum(['any', 'placed', 'answered']).default('any'),
});

/** In this order: each split is shuffled, then sliced, and what the slices took is filtered. */
const selection = {
  slices: slicesSchema.prefault({}),
  /** Null: not shuffled. */
  shuffle_seed: count.nullable().default(null),
  filter: filterSchema.nullable().default(null),
};

export const dataChoiceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('embedded'),
    id: z.enum(['spam-assassin', 'wordnet-glosses', 'wordnet-qa']),
    ...selection,
  }),
  z.object({
    kind: z.literal('files'),
    key: z.string().min(1),
    task: z.enum(['text-classification', 'question-answering']),
    /** Role (text, text_pair, label, augmented) to column name; empty when the file says it itself (SQuAD JSON). */
    columns: columnsSchema.default({}),
    ...selection,
  }),
  z.object({
    kind: z.literal('hub'),
    /** `owner/name`. */
    id: z.string().min(1),
    /** Of the Hub's conversion to parquet; null: not looked up yet. */
    commit: commitSchema.nullable().default(null),
    /** Which of the data set's parts, such as glue's `sst2`; null: its only or its default one. */
    config: z.string().min(1).nullable().default(null),
    task: z.enum(['text-classification', 'question-answering']),
    columns: columnsSchema.default({}),
    ...selection,
  }),
]);

export const trainingArgumentsSchema = z.object({
  learning_rate: rate.default(5e-5).meta({ title: 'Learning rate', group: 'Optimiser' }),
  per_device_train_batch_size: positive.default(8).meta({ title: 'Batch size', group: 'Steps' }),
  per_device_eval_batch_size: positive.default(32).meta({ title: 'Evaluation batch size', group: 'Evaluation' }),
  gradient_accumulation_steps: positive.default(1).meta({ title: 'Gradient accumulation', group: 'Steps' }),
  num_train_epochs: z.number().positive().default(3).meta({ title: 'Epochs', group: 'Steps' }),
  max_steps: z.number().int().min(-1).default(-1).meta({ title: 'Steps (−1: by epochs)', group: 'Steps' }),
  warmup_steps: count.default(0).meta({ title: 'Warm-up steps', group: 'Steps' }),
  /** Share of all steps; counts only where warmup_steps is 0, as in the Trainer. */
  warmup_ratio: fraction.default(0).meta({ title: 'Warm-up ratio', group: 'Steps' }),
  lr_scheduler_type: z
    .enum(['linear', 'constant_with_warmup'])
    .default('linear')
    .meta({ title: 'Learning-rate schedule', group: 'Optimiser' }),
  /** bert_adam: the BERT authors' own, without bias correction; a linear schedule then decays from step 0. */
  optim: z.enum(['adamw_torch', 'bert_adam']).default('adamw_torch').meta({ title: 'Optimiser', group: 'Optimiser' }),
  weight_decay: rate.default(0).meta({ title: 'Weight decay', group: 'Optimiser' }),
  adam_beta1: fraction.default(0.9).meta({ title: 'β₁', group: 'Optimiser' }),
  adam_beta2: fraction.default(0.999).meta({ title: 'β₂', group: 'Optimiser' }),
  adam_epsilon: rate.default(1e-8).meta({ title: 'ε', group: 'Optimiser' }),
  max_grad_norm: rate.default(1).meta({ title: 'Gradient clip (0: off)', group: 'Optimiser' }),
  freeze_embeddings: z.boolean().default(true).meta({ title: 'Freeze embeddings', group: 'Optimiser' }),
  hidden_dropout_prob: fraction
    .nullable()
    .default(null)
    .meta({ title: 'Dropout (empty: as the model says)', group: 'Optimiser' }),
  eval_strategy: z.enum(['no', 'steps', 'epoch']).default('steps').meta({ title: 'Evaluate', group: 'Evaluation' }),
  eval_steps: positive.default(100).meta({ title: 'Evaluate every … steps', group: 'Evaluation' }),
  save_steps: count.default(100).meta({
    title: 'Checkpoint every … steps (0: none)',
    group: 'Evaluation',
    description: 'A run that is cut off goes on from its last checkpoint. Takes about a second, and room on the disk.',
  }),
  logging_steps: positive.default(1).meta({ title: 'Log every … steps', group: 'Evaluation' }),
  seed: count.default(42).meta({ title: 'Seed', group: 'Steps' }),
  group_by_length: z.boolean().default(false).meta({
    title: 'Group by length',
    group: 'Steps',
    description: 'Texts of like length share a batch, so that less of it is padding: faster, in an order less random.',
  }),
  gradient_checkpointing: z.boolean().default(false).meta({
    title: 'Recompute activations',
    group: 'Memory',
    description: 'Less memory, about a third more time, the same result.',
  }),
  fp16: z.boolean().default(false).meta({
    title: 'Half-precision storage',
    group: 'Memory',
    description: 'Activations and copies of weights in 16 bits; sums and the weights that learn stay in 32.',
  }),
  max_seq_length: z.number().int().min(8).max(512).default(384).meta({ title: 'Tokens', group: 'Text' }),
  truncation_side: z.enum(['right', 'left']).default('right').meta({
    title: 'Cut texts on the',
    group: 'Text',
    description: 'Reviews end with the verdict: cut on the left, they keep it.',
  }),
  pooling: z.enum(['cls', 'mean']).default('cls').meta({
    title: 'Pooling',
    group: 'Text',
    description:
      'What the classifier reads: the first token through a dense layer, or the mean over all tokens as it is.',
  }),
  doc_stride: positive.default(128).meta({ title: 'Document stride', group: 'Text' }),
  max_answer_length: positive.default(30).meta({ title: 'Longest answer', group: 'Text' }),
  n_best_size: positive.default(20).meta({ title: 'n-best', group: 'Text' }),
});

const pruningMethods = ['none', 'magnitude', 'topK', 'threshold', 'sigmoied_threshold', 'l0'] as const;

export const pruningSchema = z.object({
  pruning_method: z.enum(pruningMethods).default('topK').meta({ title: 'Method' }),
  mask_scores_learning_rate: rate.default(1e-2).meta({ title: 'Score learning rate' }),
  /** Kept fraction for magnitude and topK, score cut-off for the threshold methods; unused by l0. */
  initial_threshold: z.number().default(1).meta({ title: 'Initial threshold' }),
  final_threshold: z.number().default(0.15).meta({ title: 'Final threshold' }),
  initial_warmup: count.default(1).meta({ title: 'Initial warm-up (× warm-up steps)' }),
  final_warmup: count.default(2).meta({ title: 'Cool-down (× warm-up steps)' }),
  mask_init: z.enum(['constant', 'uniform', 'kaiming']).default('constant').meta({ title: 'Score initialisation' }),
  mask_scale: z.number().default(0).meta({ title: 'Score scale' }),
  regularization: z.enum(['l1', 'l0']).nullable().default(null).meta({ title: 'Penalty' }),
  final_lambda: rate.default(0).meta({ title: 'Final λ' }),
  global_topk: z.boolean().default(false).meta({ title: 'One cut-off over all matrices' }),
  freeze_weights: z.boolean().default(false).meta({ title: 'Train scores only (SMP)' }),
  mask_history_mb: rate.default(16).meta({
    title: 'Mask history, at most MB (0: none)',
    description: 'How the masks changed, to be played back. Where it would grow larger, fewer steps are recorded.',
  }),
});

export const distillationSchema = z.object({
  /** `name` of an earlier run, in the notebook or the same experiment file, whose dense weights teach. */
  teacher: z.string().min(1),
  alpha_distil: fraction.default(0.9).meta({ title: 'α distillation' }),
  alpha_ce: fraction.default(0.1).meta({ title: 'α task loss' }),
  temperature: z.number().positive().default(2).meta({ title: 'Temperature' }),
});

export const fewShotSchema = z.object({
  labels_per_class: positive.default(10).meta({ title: 'Labels per class' }),
  /** Draws which texts keep their label. Null follows the run's seed, so that each of several seeds draws anew. */
  seed: count.nullable().default(null).meta({ title: 'Seed of the draw (empty: the run’s)' }),
});

/** From English and back to it: the languages that opus-mt has both models for, in the form a browser reads. */
export const pivotLanguages = ['fr', 'de', 'es'] as const;

/** −1 is off, as in the authors' flags. */
const OFF = -1;

/** Unsupervised data augmentation (Xie et al., arXiv 1904.12848), under the authors' names. */
export const udaSchema = z.object({
  tsa: z.enum(annealingSchedules).default('linear').meta({ title: 'Training-signal annealing' }),
  uda_softmax_temp: z
    .number()
    .refine((value) => value === OFF || value > 0, 'Choose a temperature above 0, or −1 for none.')
    .default(OFF)
    .meta({ title: 'Target temperature (−1: none)' }),
  uda_confidence_thresh: z
    .number()
    .refine((value) => value === OFF || (value >= 0 && value < 1), 'Choose a probability from 0 to 1, or −1 for none.')
    .default(OFF)
    .meta({ title: 'Least confidence (−1: none)' }),
  uda_coeff: rate.default(1).meta({ title: 'Weight of the consistency loss' }),
  unsup_ratio: positive.default(3).meta({ title: 'Pairs per labelled text' }),
  aug_ops: z
    .string()
    .superRefine((policy, context) => {
      try {
        parsePolicy(policy);
      } catch (error) {
        context.addIssue(error instanceof Error ? error.message : String(error));
      }
    })
    .default('tf_idf-0.3')
    .meta({ title: 'Augmentation policy' }),
  /** Where the policy has back-translation, and the data bring no paraphrases of their own. The authors’: French. */
  bt_language: z.enum(pivotLanguages).default('fr').meta({ title: 'By way of' }),
});

/** Continued pre-training: words are hidden and filled in (Devlin et al. 2019, §3.1). Under Hugging Face's names. */
export const mlmSchema = z.object({
  mlm_probability: z
    .number()
    .refine((value) => value > 0 && value < 1, 'Choose a share above 0 and below 1.')
    .default(0.15)
    .meta({ title: 'Share of words hidden' }),
});

export const runSpecSchema = z.object({
  name: z.string().min(1),
  model: modelChoiceSchema,
  data: dataChoiceSchema,
  training: trainingArgumentsSchema.prefault({}),
  pruning: pruningSchema.prefault({}),
  distillation: distillationSchema.nullable().default(null),
  /** Trains on a few labels per class; the rest of the training split becomes unlabelled. */
  few_shot: fewShotSchema.nullable().default(null),
  /** Learns from the unlabelled texts: those of `few_shot`, or where it is null those whose label the data hides. */
  uda: udaSchema.nullable().default(null),
  /** Fills in words of every training text in place of the data's own task, and never reads a label. */
  mlm: mlmSchema.nullable().default(null),
  /** `name` of an earlier run, as for a teacher, with whose weights this one starts; null starts from the model's own. */
  starts_from: z.string().min(1).nullable().default(null),
});

/** How the learning rate runs over the steps: the optimiser has a say in it. */
export function rateTypeOf({ optim, lr_scheduler_type: type }: TrainingArguments): LearningRateSchedule['type'] {
  return optim === 'bert_adam' && type === 'linear' ? 'linear_from_start' : type;
}

export const asksQuestions = (data: DataChoice): boolean =>
  data.kind === 'embedded' ? data.id === 'wordnet-qa' : data.task === 'question-answering';

export type ModelChoice = z.infer<typeof modelChoiceSchema>;
export type DataChoice = z.infer<typeof dataChoiceSchema>;
export type FilterSettings = z.infer<typeof filterSchema>;
export type TrainingArguments = z.infer<typeof trainingArgumentsSchema>;
export type PruningSettings = z.infer<typeof pruningSchema>;
export type PruningMethod = PruningSettings['pruning_method'];
export type DistillationSettings = z.infer<typeof distillationSchema>;
export type FewShotSettings = z.infer<typeof fewShotSchema>;
export type UdaSettings = z.infer<typeof udaSchema>;
export type MlmSettings = z.infer<typeof mlmSchema>;
export type RunSpec = z.infer<typeof runSpecSchema>;
