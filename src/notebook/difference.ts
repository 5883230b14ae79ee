// What one change did to a notebook: where the focus goes after it, and what a screen reader hears.
import type { Cell, NotebookDocument } from './document.ts';

export type Difference =
  /** `index` is the cell's place now; of a removed cell the one it had. */
  | { readonly kind: 'added' | 'removed' | 'moved'; readonly cell: Cell; readonly index: number }
  | { readonly kind: 'changed'; readonly cell: Cell; readonly index: number; readonly before: Cell }
  /** More than one cell, or the title. */
  | { readonly kind: 'other' };

/** Null where nothing changed. */
export function differenceOf(before: NotebookDocument, after: NotebookDocument): Difference | null {
  if (before === after) return null;
  const added = missingFrom(before, after);
  const removed = missingFrom(after, before);
  if (added.length + removed.length > 1) return { kind: 'other' };
  const [cell] = [...added, ...removed];
  if (cell) {
    const isAdded = added.length > 0;
    return { kind: isAdded ? 'added' : 'removed', cell, index: (isAdded ? after : before).cells.indexOf(cell) };
  }
  return moved(before, after) ?? changed(before, after);
}

const missingFrom = (document: NotebookDocument, other: NotebookDocument): readonly Cell[] => {
  const known = new Set(document.cells.map(({ id }) => id));
  return other.cells.filter(({ id }) => !known.has(id));
};

/** Of the two cells at the first place that differs, the one without which the order is as before. */
function moved(before: NotebookDocument, after: NotebookDocument): Difference | null {
  const first = before.cells.findIndex(({ id }, index) => id !== after.cells[index]?.id);
  if (first === -1) return null;
  const orderWithout = ({ cells }: NotebookDocument, id: string) =>
    cells.flatMap((cell) => (cell.id === id ? [] : [cell.id])).join('\n');
  for (const { id } of [before.cells[first]!, after.cells[first]!]) {
    if (orderWithout(before, id) !== orderWithout(after, id)) continue;
    const index = after.cells.findIndex((cell) => cell.id === id);
    return { kind: 'moved', cell: after.cells[index]!, index };
  }
  return { kind: 'other' };
}

function changed(before: NotebookDocument, after: NotebookDocument): Difference {
  const indices = after.cells.flatMap((cell, index) => (cell === before.cells[index] ? [] : [index]));
  const [index] = indices;
  if (index === undefined || indices.length > 1) return { kind: 'other' };
  return { kind: 'changed', cell: after.cells[index]!, index, before: before.cells[index]! };
}
