// How much work a whole notebook is: a look that any processor manages in a minute or two, or the full protocol.
import type { TrainingArguments } from '../runs/spec.ts';
import type { Cell, NotebookDocument } from './document.ts';
import type { Transition } from './transitions.ts';
import { wholeSplits } from './transitions.ts';

export const sizeIds = ['quick', 'full'] as const;
export type SizeId = (typeof sizeIds)[number];

interface Size {
  readonly label: string;
  readonly about: string;
  readonly layers: number;
  readonly slices: { readonly train: string; readonly dev: string; readonly test: string };
  readonly training: Partial<TrainingArguments>;
}

export const sizes: Readonly<Record<SizeId, Size>> = {
  quick: {
    label: 'Quick look (CPU)',
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
    label: 'Full (GPU)',
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

export const applySize =
  (id: SizeId): Transition =>
  (document) => ({ ...document, cells: document.cells.map((cell) => resize(cell, sizes[id])) });

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
