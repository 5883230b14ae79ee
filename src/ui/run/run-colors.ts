// A run has one colour everywhere: in its cell, in charts, beside its masks.
import { cellsOf, type NotebookDocument } from '../../notebook/document.ts';

const seriesCount = 6;

export function runColor(document: NotebookDocument, cellId: string): string {
  const index = cellsOf(document, 'run').findIndex(({ id }) => id === cellId);
  return seriesColor(Math.max(0, index));
}

export const seriesColor = (index: number): string => `var(--series-${(index % seriesCount) + 1})`;
