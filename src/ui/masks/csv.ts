// A matrix as CSV, one weight per line. Nine significant digits bring every float32 back exactly.
import { maskBit } from '../../engine/pruning/agreement.ts';
import { revivals } from '../../engine/pruning/mask-history.ts';
import type { MatrixData } from '../../runs/protocol.ts';
import { weightCount } from './matrix.ts';
import { slices } from './slices.ts';

export const CSV_HEADER = 'row,column,pretrained,finetuned,mask,returns\n';
const LINES_PER_SLICE = 2048;

/**
 * The lines of weights `from` … `to` − 1, in row-major order. `returns` has how often each weight came back after it
 * had been pruned, 255 at most; null where nothing was recorded.
 */
export function csvLines(
  { info, pretrained, finetuned, mask }: MatrixData,
  returns: Uint8Array | null,
  from: number,
  to: number,
): string {
  let lines = '';
  for (let index = from; index < to; index++) {
    const column = index % info.columns;
    const row = (index - column) / info.columns;
    const values = `${digits(pretrained[index]!)},${digits(finetuned[index]!)},${maskBit(mask, index)}`;
    lines += `${row},${column},${values},${returns?.[index] ?? ''}\n`;
  }
  return lines;
}

/** Null when aborted. Each slice becomes a blob at once, so that joining them at the end copies no text. */
export async function matrixCsv(data: MatrixData, signal: AbortSignal): Promise<Blob | null> {
  const parts = [new Blob([CSV_HEADER])];
  const returns = data.history && revivals(data.history);
  for await (const [from, to] of slices(weightCount(data.info), LINES_PER_SLICE, signal)) {
    parts.push(new Blob([csvLines(data, returns, from, to)]));
  }
  return signal.aborted ? null : new Blob(parts, { type: 'text/csv' });
}

function digits(value: number): string {
  return String(Number(value.toPrecision(9)));
}
