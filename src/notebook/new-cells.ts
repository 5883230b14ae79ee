// What a new cell is: it refers to what the notebook already has, under a name that is free there.
import { mlmSchema, pruningSchema, trainingArgumentsSchema } from '../runs/spec.ts';
import { type Cell, type CellKind, cellsOf, type NotebookDocument, plainLook } from './document.ts';
import { applyPreset, udaPresets } from './uda-presets.ts';

/** A new cell that refers to what the notebook already has: the last model, data and runs. */
export function newCell(kind: CellKind, id: string, document: NotebookDocument): Cell {
  const lastId = (of: CellKind) => cellsOf(document, of).at(-1)?.id ?? null;
  const runs = cellsOf(document, 'run');
  switch (kind) {
    case 'text':
      return { kind, id, source: '' };
    case 'model':
      return { kind, id, choice: { kind: 'embedded', id: 'all-MiniLM-L6-v2', layers: 2 } };
    case 'data':
      return { kind, id, choice: { kind: 'embedded', id: 'spam-assassin', ...allRows } };
    case 'run':
      return {
        kind,
        id,
        name: freeName(document, 'run'),
        modelCell: lastId('model'),
        dataCell: lastId('data'),
        training: trainingArgumentsSchema.parse(shortRun),
        pruning: pruningSchema.parse({ final_threshold: 0.1 }),
        ...plainRun,
      };
    case 'compare':
      return { kind, id, runCells: runs.map((run) => run.id), look: plainLook };
    case 'masks':
      return { kind, id, left: runs[0]?.id ?? null, right: runs[1]?.id ?? null, matrix: null, view: 'masks' };
    case 'evaluate':
      return { kind, id, runCells: runs.map((run) => run.id), dataCell: lastId('data'), split: 'dev' };
    case 'try':
      return { kind, id, runCells: runs.map((run) => run.id), first: '', second: '' };
    case 'download':
      return { kind, id, runCell: lastId('run'), dtype: 'F32' };
    default:
      return kind satisfies never;
  }
}

/** A run that learns from a few labels and from texts without one. */
export function newUdaRun(id: string, document: NotebookDocument): Cell {
  const run = newCell('run', id, document);
  if (run.kind !== 'run') return run;
  const [preset] = udaPresets;
  const name = freeName(document, 'uda');
  const dense = { ...run, name, pruning: pruningSchema.parse({ pruning_method: 'none' }) };
  return { ...dense, ...applyPreset(preset, dense) };
}

/** Continued pre-training: words of the last data set's texts are filled in, before other runs start with its weights. */
export function newPretrainingRun(id: string, document: NotebookDocument): Cell {
  const run = newCell('run', id, document);
  if (run.kind !== 'run') return run;
  return {
    ...run,
    name: freeName(document, 'pretrained'),
    training: trainingArgumentsSchema.parse({ ...shortRun, learning_rate: 5e-5, freeze_embeddings: false }),
    pruning: pruningSchema.parse({ pruning_method: 'none' }),
    mlm: mlmSchema.parse({}),
  };
}

/** One run of the data's own task, from the model's own weights, with every label. */
export const plainRun = {
  distillation: null,
  few_shot: null,
  uda: null,
  mlm: null,
  starts_from: null,
  sweep: null,
} as const;

export const wholeSplits = { train: 'train', dev: 'dev', test: 'test' } as const;

/** Of a data choice: every row, in its order. */
export const allRows = { slices: wholeSplits, shuffle_seed: null, filter: null } as const;

/** A first run should end while its reader still watches; the rates are those of the small model. */
const shortRun = {
  learning_rate: 1e-4,
  per_device_train_batch_size: 32,
  num_train_epochs: 3,
  warmup_ratio: 0.1,
  max_seq_length: 128,
  eval_steps: 25,
};

/** `name`, or the first of `name 2`, `name 3`, … that no run has. */
export const freeName = (document: NotebookDocument, name: string): string =>
  freeNameAmong(
    cellsOf(document, 'run').map((cell) => cell.name),
    name,
  );

export function freeNameAmong(taken: readonly string[], name: string): string {
  const stem = name.replace(/ \d+$/, '');
  let candidate = name;
  for (let count = 2; taken.includes(candidate); count++) candidate = `${stem} ${count}`;
  return candidate;
}
