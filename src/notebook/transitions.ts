// Every change of a notebook is a pure function from document to document; undo keeps the ones before.
import { type SweptSetting, sweepSchema } from '../runs/sweep.ts';
import { type Cell, type CellKind, type CellOf, cellsOf, findCell, type NotebookDocument } from './document.ts';
import { freeName } from './new-cells.ts';

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
