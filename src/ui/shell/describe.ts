// Cells and changes in words.
import type { Difference } from '../../notebook/difference.ts';
import type { Cell, NotebookDocument } from '../../notebook/document.ts';
import { cellKinds } from './cell-kinds.ts';

/** "Run: movement", "Text: What to look for", "Model". */
export function nameOfCell(cell: Cell): string {
  const { label } = cellKinds[cell.kind];
  const name = cell.kind === 'run' ? cell.name : cell.kind === 'text' ? titleOf(cell.source) : '';
  return name ? `${label}: ${name}` : label;
}

/** The first line of a Markdown text, without its marks. */
export function titleOf(source: string): string {
  const first = source.trim().split('\n')[0] ?? '';
  return first.replace(/^#+\s*/, '').slice(0, 60);
}

export function describeDifference(difference: Difference, { cells }: NotebookDocument): string {
  if (difference.kind === 'other') return 'the notebook changed.';
  const { kind, cell, index } = difference;
  const name = nameOfCell(cell);
  if (kind === 'removed') return `${name} deleted.`;
  if (kind === 'changed') return `${name} ${changeOf(difference.before, cell)}.`;
  return `${name} ${kind === 'added' ? 'added' : 'moved'}, now ${index + 1} of ${cells.length}.`;
}

function changeOf(before: Cell, after: Cell): string {
  if (Boolean(before.collapsed) === Boolean(after.collapsed)) return 'changed';
  return after.collapsed ? 'collapsed' : 'expanded';
}
