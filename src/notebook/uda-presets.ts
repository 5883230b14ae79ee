// Ways to learn from few labels that a run cell can take over: the authors' runs on IMDb (arXiv 1904.12848 and their
// code; SPEC §2), and one for small models and short texts. A preset leaves the augmentation policy as it is, which
// follows from what the data offer, and how many labels there are.
import {
  type FewShotSettings,
  fewShotSchema,
  type TrainingArguments,
  type UdaSettings,
  udaSchema,
} from '../runs/spec.ts';
import type { CellOf } from './document.ts';

export interface UdaPreset {
  readonly id: string;
  readonly label: string;
  readonly uda: Partial<UdaSettings>;
  readonly training: Partial<TrainingArguments>;
}

/** Adam as in BERT's own code, and texts that keep their end. */
const authors = {
  optim: 'bert_adam',
  adam_epsilon: 1e-6,
  weight_decay: 0.01,
  learning_rate: 2e-5,
  warmup_steps: 1000,
  warmup_ratio: 0,
  max_steps: 10_000,
  eval_steps: 500,
  freeze_embeddings: false,
  truncation_side: 'left',
  pooling: 'cls',
} as const;

const smallModel = {
  per_device_train_batch_size: 8,
  max_seq_length: 64,
  learning_rate: 5e-5,
  warmup_steps: 0,
  warmup_ratio: 0.1,
  max_steps: 2000,
  eval_steps: 100,
  freeze_embeddings: false,
  pooling: 'mean',
} as const;

const off = { uda_softmax_temp: -1, uda_confidence_thresh: -1, uda_coeff: 1, tsa: 'linear' } as const;

export const udaPresets: readonly [UdaPreset, ...UdaPreset[]] = [
  { id: 'small', label: 'Small model, short texts', uda: { ...off, unsup_ratio: 3 }, training: smallModel },
  {
    id: 'base',
    label: 'IMDb, BERT-base (authors)',
    uda: { ...off, unsup_ratio: 3 },
    training: { ...authors, per_device_train_batch_size: 8, max_seq_length: 128 },
  },
  {
    id: 'large',
    label: 'IMDb, BERT-large (authors)',
    uda: { ...off, uda_softmax_temp: 0.85, unsup_ratio: 7 },
    training: { ...authors, per_device_train_batch_size: 32, max_seq_length: 512 },
  },
];

type RunCell = CellOf<'run'>;
type Change = Pick<RunCell, 'training' | 'uda' | 'few_shot'>;

/** With labels drawn where they were not: UDA without them is for data that hides labels itself. */
export const applyPreset = ({ uda, training }: UdaPreset, cell: RunCell): Change => ({
  training: { ...cell.training, ...training },
  uda: udaSchema.parse({ ...cell.uda, ...uda }),
  few_shot: cell.uda ? cell.few_shot : (cell.few_shot ?? defaultLabels),
});

/** The preset that would change nothing; null where UDA is off, or set otherwise. */
export function presetOf(cell: RunCell): UdaPreset | null {
  if (!cell.uda) return null;
  const { uda: ownUda, training: ownTraining } = cell;
  const holds = <T extends object>(own: T, wanted: Partial<T>) =>
    (Object.keys(wanted) as (keyof T)[]).every((key) => own[key] === wanted[key]);
  return udaPresets.find(({ uda, training }) => holds(ownUda, uda) && holds(ownTraining, training)) ?? null;
}

export const defaultLabels: FewShotSettings = fewShotSchema.parse({});
