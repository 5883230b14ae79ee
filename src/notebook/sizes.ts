// How much work a whole notebook is: a look that any processor manages in a minute or two, or the full protocol.
import { asksQuestions, type TrainingArguments } from '../runs/spec.ts';
import { type Cell, cellsOf, type NotebookDocument } from './document.ts';
import { wholeSplits } from './new-cells.ts';
import type { Transition } from './transitions.ts';

export const sizeIds = ['quick', 'full'] as const;
export type SizeId = (typeof sizeIds)[number];

interface Size {
  readonly label: string;
  readonly about: string;
  /** Null keeps all. */
  readonly layers: number | null;
  readonly slices: { readonly train: string; readonly dev: string; readonly test: string };
  readonly training: Partial<TrainingArguments>;
}

type Sizes = Readonly<Record<SizeId, Size>>;

const labels = { quick: 'Quick look (CPU)', full: 'Full (GPU)' } as const;

const pruningSizes: Sizes = {
  quick: {
    label: labels.quick,
    about: '40 steps of 8 short texts through 1 layer: shows how everything works, not which method wins.',
    layers: 1,
    slices: { train: 'train[:320]', dev: 'dev[:64]', test: 'test[:64]' },
    training: {
      per_device_train_batch_size: 8,
      num_train_epochs: 1,
      max_steps: 40,
      warmup_steps: 4,
      warmup_ratio: 0,
      max_seq_length: 32,
      eval_steps: 6,
      // So few updates must each go further.
      learning_rate: 5e-4,
    },
  },
  full: {
    label: labels.full,
    about: 'Three epochs over all training data through 2 layers.',
    layers: 2,
    slices: wholeSplits,
    training: {
      per_device_train_batch_size: 32,
      num_train_epochs: 3,
      max_steps: -1,
      warmup_steps: 0,
      warmup_ratio: 0.1,
      max_seq_length: 128,
      eval_steps: 25,
      learning_rate: 1e-4,
    },
  },
};

/** A few labelled texts make epochs of a few steps: what counts is the steps. */
const fewLabelSizes: Sizes = {
  quick: {
    label: labels.quick,
    about: '24 steps of 4 short texts through 1 layer: shows how everything works, not what UDA gains.',
    layers: 1,
    slices: { train: 'train[:600]', dev: 'dev[:60]', test: 'test[:60]' },
    training: {
      per_device_train_batch_size: 4,
      max_steps: 24,
      warmup_steps: 2,
      warmup_ratio: 0,
      max_seq_length: 24,
      eval_steps: 6,
      learning_rate: 5e-4,
      // Most of the parameters, and most of an update’s time on a processor.
      freeze_embeddings: true,
    },
  },
  full: {
    label: labels.full,
    about: '2,000 steps of 8 labelled texts and 24 pairs through all 6 layers.',
    layers: null,
    slices: { train: 'train', dev: 'dev[:600]', test: 'test' },
    training: {
      per_device_train_batch_size: 8,
      max_steps: 2000,
      warmup_steps: 0,
      warmup_ratio: 0.1,
      max_seq_length: 64,
      eval_steps: 100,
      learning_rate: 5e-5,
      freeze_embeddings: false,
    },
  },
};

/** The paper's recipe for SQuAD, from a tenth of it. */
const hubQuestionSizes: Sizes = {
  quick: {
    label: labels.quick,
    about: '40 updates of 8 short windows through 2 layers: shows how everything works, not what pruning costs.',
    layers: 2,
    slices: { train: 'train[:320]', dev: 'dev[:64]', test: 'test' },
    training: { ...pruningSizes.quick.training, max_seq_length: 64, doc_stride: 16, eval_steps: 10 },
  },
  full: {
    label: labels.full,
    about: 'Ten epochs over a tenth of the training data through all layers.',
    layers: null,
    slices: { train: 'train[:10%]', dev: 'dev', test: 'test' },
    training: {
      per_device_train_batch_size: 16,
      num_train_epochs: 10,
      max_steps: -1,
      warmup_steps: 0,
      warmup_ratio: 0.1,
      max_seq_length: 384,
      doc_stride: 128,
      eval_steps: 500,
      learning_rate: 3e-5,
    },
  },
};

export function sizesFor(document: NotebookDocument): Sizes {
  const isFewLabels = cellsOf(document, 'run').some(({ few_shot, uda }) => few_shot !== null || uda !== null);
  if (isFewLabels) return fewLabelSizes;
  const asksHub = cellsOf(document, 'data').some(({ choice }) => choice.kind === 'hub' && asksQuestions(choice));
  return asksHub ? hubQuestionSizes : pruningSizes;
}

export const applySize =
  (id: SizeId): Transition =>
  (document) => {
    const size = sizesFor(document)[id];
    return { ...document, cells: document.cells.map((cell) => resize(cell, size)) };
  };

/** The size that the notebook has, if applying it would change nothing. */
export function sizeOf(document: NotebookDocument): SizeId | null {
  const text = JSON.stringify(document);
  return sizeIds.find((id) => JSON.stringify(applySize(id)(document)) === text) ?? null;
}

function resize(cell: Cell, size: Size): Cell {
  if (cell.kind === 'model') return { ...cell, choice: { ...cell.choice, layers: size.layers } };
  if (cell.kind === 'data') return { ...cell, choice: { ...cell.choice, slices: size.slices } };
  if (cell.kind === 'run') return { ...cell, training: { ...cell.training, ...size.training } };
  return cell;
}
