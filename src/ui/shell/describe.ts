// Cells and changes in words.
import type { Difference } from '../../notebook/difference.ts';
import type { Cell, NotebookDocument } from '../../notebook/document.ts';
import { listOf } from '../../notebook/run-standings.ts';
import type { Run } from '../../runs/reducer.ts';
import { plural } from '../format.ts';
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

const mostNamed = 3;

/** "dense and student", "8 runs". */
export const nameRuns = (runs: readonly Run[]): string =>
  runs.length > mostNamed ? plural(runs.length, 'run') : listOf(runs.map(({ spec }) => spec.name));

/** All that differs between two versions of a notebook: "Run: movement changed, Text: Notes added". */
export function describeChanges(before: NotebookDocument, after: NotebookDocument): string {
  const earlier = new Map(before.cells.map((cell) => [cell.id, cell]));
  const later = new Map(after.cells.map((cell) => [cell.id, cell]));
  const isChanged = (cell: Cell) => JSON.stringify(earlier.get(cell.id)) !== JSON.stringify(cell);
  const stayed = after.cells.filter(({ id }) => earlier.has(id));
  const order = before.cells.filter(({ id }) => later.has(id)).map(({ id }) => id);
  const changes = [
    ...(before.title === after.title ? [] : [`title “${after.title}”`]),
    ...after.cells.filter(({ id }) => !earlier.has(id)).map((cell) => `${nameOfCell(cell)} added`),
    ...before.cells.filter(({ id }) => !later.has(id)).map((cell) => `${nameOfCell(cell)} deleted`),
    ...(stayed.every(({ id }, index) => id === order[index]) ? [] : ['order changed']),
    // Last: what referred to a deleted cell has changed with it.
    ...stayed.filter(isChanged).map((cell) => `${nameOfCell(cell)} changed`),
  ];
  const named = changes.slice(0, mostNamed).join(', ');
  return changes.length > mostNamed ? `${named} and ${changes.length - mostNamed} more` : named;
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
