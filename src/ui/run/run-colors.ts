// A run has one colour everywhere: in its cell, in charts, beside its masks.
import { cellsOf, type NotebookDocument } from '../../notebook/document.ts';
import type { RunGroup } from '../../runs/groups.ts';

const seriesCount = 6;

export function runColor(document: NotebookDocument, cellId: string): string {
  const index = cellsOf(document, 'run').findIndex(({ id }) => id === cellId);
  return seriesColor(Math.max(0, index));
}

export const seriesColor = (index: number): string => `var(--series-${(index % seriesCount) + 1})`;

/** Hues that lie as far from those before them as may be, however many there are. */
const goldenAngle = 137.5;

/** By the groups' keys: the first of a cell has the cell's colour, the rest of a sweep a hue of its own each. */
export function groupColors(document: NotebookDocument, groups: readonly RunGroup[]): ReadonlyMap<string, string> {
  const cells = new Set(cellsOf(document, 'run').map(({ id }) => id));
  const seen = new Set<string>();
  let swept = 0;
  const colorOf = ({ cellId }: RunGroup): string => {
    const isFirst = cells.has(cellId) && !seen.has(cellId);
    seen.add(cellId);
    return isFirst ? runColor(document, cellId) : `oklch(var(--curve-lightness) 0.13 ${(goldenAngle * swept++) % 360})`;
  };
  return new Map(groups.map((group) => [group.key, colorOf(group)]));
}
