// Reading one masked matrix: its names, its shape on the page, and a single weight of it.
import { maskBit } from '../../engine/pruning/agreement.ts';
import type { MatrixInfo } from '../../runs/events.ts';
import type { MatrixData } from '../../runs/protocol.ts';
import { formatNumber } from '../charts/series.ts';

export interface Cell {
  readonly row: number;
  readonly column: number;
}

export interface Weight extends Cell {
  readonly pretrained: number;
  readonly finetuned: number;
  readonly isKept: boolean;
}

export function weightAt({ info, pretrained, finetuned, mask }: MatrixData, { row, column }: Cell): Weight {
  const index = row * info.columns + column;
  return {
    row,
    column,
    pretrained: pretrained[index] ?? Number.NaN,
    finetuned: finetuned[index] ?? Number.NaN,
    isKept: maskBit(mask, index) === 1,
  };
}

export function weightCount({ rows, columns }: MatrixInfo): number {
  return rows * columns;
}

export function matrixTitle({ layer, kind, rows, columns }: MatrixInfo): string {
  return `Layer ${layer}, ${kind}, ${rows} × ${columns}`;
}

/** What a matrix is made of: attention heads, or the neurons of the feed-forward network. */
export interface Unit {
  readonly name: 'head' | 'neuron';
  readonly axis: 'row' | 'column';
  /** Rows or columns of each. */
  readonly size: number;
}

/**
 * Query, key and value compute heads in blocks of rows, and the attention output reads them in blocks of columns; so do
 * the feed-forward matrices with single neurons. Null where the size of a head is not known.
 */
export function unitOf(kind: MatrixInfo['kind'], headSize: number | undefined): Unit | null {
  if (kind === 'intermediate') return { name: 'neuron', axis: 'row', size: 1 };
  if (kind === 'output') return { name: 'neuron', axis: 'column', size: 1 };
  if (!headSize) return null;
  return { name: 'head', axis: kind === 'attention.output' ? 'column' : 'row', size: headSize };
}

export type Layout = 'square' | 'wide' | 'tall';

/** Wide matrices stand above each other, tall and square ones beside each other. */
export function layoutOf({ rows, columns }: MatrixInfo): Layout {
  if (columns > 1.5 * rows) return 'wide';
  return rows > 1.5 * columns ? 'tall' : 'square';
}

export function formatShare(share: number): string {
  const percent = 100 * share;
  return `${percent.toFixed(percent > 0 && percent < 1 ? 2 : 1)}\u202f%`;
}

export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

export const formatWeight = formatNumber;
