// Every change of a notebook is a pure function from document to document; undo keeps the ones before.
import { mlmSchema, pruningSchema, trainingArgumentsSchema } from '../runs/spec.ts';
import { type SweptSetting, sweepSchema } from '../runs/sweep.ts';
import {
  type Cell,
  type CellKind,
  type CellOf,
  cellsOf,
  findCell,
  type NotebookDocument,
  plainLook,
} from './document.ts';
import { applyPreset, udaPresets } from './uda-presets.ts';

export type Transition = (document: NotebookDocument) => NotebookDocument;

export const renameDocument =
  (title: string): Transition =>
  (document) => ({ ...document, title });

/** Inserts before the cell now at `index`; past the end appends. */
export const addCell =
  (cell: Cell, index: number): Transition =>
  (document) => ({ ...document, cells: document.cells.toSpliced(index, 0, cell) });

export const moveCell =
  (id: string, by: -1 | 1): Transition =>
  (document) =>
    moveCellTo(id, indexOf(document, id) + by)(document);

/** Moves the cell to where it is the one at `index`; a place outside the document changes nothing. */
export const moveCellTo =
  (id: string, index: number): Transition =>
  (document) => {
    const from = indexOf(document, id);
    const cell = document.cells[from];
    if (!cell || index === from || index < 0 || index >= document.cells.length) return document;
    return { ...document, cells: document.cells.toSpliced(from, 1).toSpliced(index, 0, cell) };
  };

/** Collapses the cell to its heading, or shows all of it again. */
export const toggleCollapsed =
  (id: string): Transition =>
  (document) => ({
    ...document,
    cells: document.cells.map((cell) => (cell.id === id ? { ...cell, collapsed: !cell.collapsed } : cell)),
  });

/** What referred to the cell refers to nothing afterwards. */
export const deleteCell =
  (id: string): Transition =>
  (document) => {
    const cells = document.cells.filter((cell) => cell.id !== id);
    if (cells.length === document.cells.length) return document;
    const keepOthers = (reference: string) => (reference === id ? null : reference);
    return { ...document, cells: cells.map((cell) => withReferences(cell, keepOthers)) };
  };

/** Gives every cell another id, so that no two notebooks share one, and with it a run. */
export const renewIds =
  (newId: () => string): Transition =>
  (document) => {
    const ids = document.cells.map(newId);
    // Of cells with one id, which only a file from elsewhere has, references mean the first.
    const renewed = new Map(document.cells.map(({ id }, index) => [id, ids[index]!] as const).reverse());
    const renew = (cell: Cell, index: number): Cell => ({
      ...withReferences(cell, (id) => renewed.get(id) ?? null),
      id: ids[index]!,
    });
    return { ...document, cells: document.cells.map(renew) };
  };

/** A cell that was copied or cut. */
export interface Clipping {
  readonly cell: Cell;
  /** The notebook as it was then; null where the cell comes from another one. */
  readonly from: NotebookDocument | null;
}

/**
 * Inserts the cell before the one at `index`. What was cut from this notebook comes back as itself, with its runs, and
 * cells that referred to it and have not been changed since refer to it again; anything else is a new cell, `newId`.
 */
export const pasteCell =
  ({ cell, from }: Clipping, newId: string, index: number): Transition =>
  (document) => {
    const has = (id: string) => indexOf(document, id) !== -1;
    const isBack = from !== null && !has(cell.id);
    const pasted: Cell = {
      ...withReferences(cell, (id) => (has(id) ? id : null)),
      id: isBack ? cell.id : newId,
    };
    const cells = isBack ? withReferencesBack(document.cells, cell.id, from) : document.cells;
    const named = pasted.kind === 'run' ? { ...pasted, name: freeName(document, pasted.name) } : pasted;
    return addCell(named, index)({ ...document, cells });
  };

function withReferencesBack(cells: readonly Cell[], id: string, from: NotebookDocument): readonly Cell[] {
  const cut = deleteCell(id)(from);
  return cells.map((cell) => {
    const then = from.cells.find((other) => other.id === cell.id);
    const without = cut.cells.find((other) => other.id === cell.id);
    return then && JSON.stringify(without) === JSON.stringify(cell) ? then : cell;
  });
}

export const duplicateCell =
  (id: string, newId: string): Transition =>
  (document) => {
    const index = indexOf(document, id);
    const cell = document.cells[index];
    if (!cell) return document;
    const copy = { ...cell, id: newId };
    return addCell(copy.kind === 'run' ? { ...copy, name: freeName(document, copy.name) } : copy, index + 1)(document);
  };

export const updateCell =
  <K extends CellKind>(id: string, kind: K, change: Partial<Omit<CellOf<K>, 'id' | 'kind'>>): Transition =>
  (document) => ({
    ...document,
    cells: document.cells.map((cell) => (cell.id === id && cell.kind === kind ? { ...cell, ...change } : cell)),
  });

/** Makes a run cell sweep over a setting, in the place where it did; with null it no longer does. */
export const sweepOver =
  (id: string, path: string, setting: SweptSetting | null): Transition =>
  (document) => {
    const before = findCell(document, 'run', id)?.sweep ?? sweepSchema.parse({ settings: [] });
    const isKnown = before.settings.some((other) => other.path === path);
    const settings = before.settings.flatMap((other) => (other.path === path ? (setting ?? []) : other));
    if (setting && !isKnown) settings.push(setting);
    return updateCell(id, 'run', { sweep: settings.length > 0 ? { ...before, settings } : null })(document);
  };

/** Renames a run and, with it, what names the run as its teacher or start. */
export const renameRun =
  (id: string, name: string): Transition =>
  (document) => {
    const before = cellsOf(document, 'run').find((cell) => cell.id === id)?.name;
    const rename = (cell: Cell): Cell => {
      if (cell.kind !== 'run') return cell;
      if (cell.id === id) return { ...cell, name };
      if (before === undefined) return cell;
      const { distillation, starts_from } = cell;
      return {
        ...cell,
        distillation: distillation?.teacher === before ? { ...distillation, teacher: name } : distillation,
        starts_from: starts_from === before ? name : starts_from,
      };
    };
    return { ...document, cells: document.cells.map(rename) };
  };

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
      return { kind, id, choice: { kind: 'embedded', id: 'spam-assassin', slices: wholeSplits } };
    case 'run':
      return {
        kind,
        id,
        name: freeName(document, 'run'),
        modelCell: lastId('model'),
        dataCell: lastId('data'),
        training: trainingArgumentsSchema.parse(shortRun),
        pruning: pruningSchema.parse({ final_threshold: 0.1 }),
        distillation: null,
        few_shot: null,
        uda: null,
        mlm: null,
        starts_from: null,
        sweep: null,
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

export const wholeSplits = { train: 'train', dev: 'dev', test: 'test' } as const;

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

const indexOf = (document: NotebookDocument, id: string): number => document.cells.findIndex((cell) => cell.id === id);

/** The cell with every reference to another cell changed; what becomes null is taken out of lists. */
function withReferences(cell: Cell, change: (id: string) => string | null): Cell {
  const changed = (reference: string | null) => (reference === null ? null : change(reference));
  switch (cell.kind) {
    case 'run':
      return { ...cell, modelCell: changed(cell.modelCell), dataCell: changed(cell.dataCell) };
    case 'compare':
    case 'try':
      return { ...cell, runCells: cell.runCells.map(change).filter((id) => id !== null) };
    case 'evaluate':
      return {
        ...cell,
        runCells: cell.runCells.map(change).filter((id) => id !== null),
        dataCell: changed(cell.dataCell),
      };
    case 'masks':
      return { ...cell, left: changed(cell.left), right: changed(cell.right) };
    case 'download':
      return { ...cell, runCell: changed(cell.runCell) };
    case 'text':
    case 'model':
    case 'data':
      return cell;
    default:
      return cell satisfies never;
  }
}
