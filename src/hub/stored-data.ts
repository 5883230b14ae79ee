// A data file in the browser's storage to its rows.
import { WinnowError } from '../engine/error.ts';
import { type DataFile, readDataFile } from '../engine/text/datasets.ts';
import { badData, type Row } from '../engine/text/table.ts';
import { tooLong } from './classify-files.ts';
import type { LoadOptions } from './download.ts';
import { type NamedBlob, readBytes } from './file-store.ts';

interface ReadOptions extends Pick<LoadOptions, 'signal'> {
  /** Is told of bytes as they are read. */
  advance?(bytes: number): void;
  /** Rows that are wanted of a parquet file; other kinds are read as a whole. */
  readonly mostRows?: number;
}

/** @throws WinnowError `bad-data` for what cannot be read or is empty. */
export async function readStoredData(file: NamedBlob, options: ReadOptions = {}): Promise<DataFile> {
  options.signal?.throwIfAborted();
  if (/\.parquet$/i.test(file.name)) return readParquet(file, options);
  const long = tooLong(file.name, file.blob.size);
  if (long !== null) throw new WinnowError('bad-data', long);
  const { advance = () => undefined } = options;
  return readDataFile(file.name, new TextDecoder().decode(await readBytes(file.blob, advance)));
}

async function readParquet(
  { name, blob }: NamedBlob,
  { signal, advance, mostRows = Number.POSITIVE_INFINITY }: ReadOptions,
): Promise<DataFile> {
  const { openParquet } = await import('../engine/text/parquet.ts');
  const buffer = {
    byteLength: blob.size,
    slice: (start: number, end = blob.size) => blob.slice(start, end).arrayBuffer(),
  };
  const { columns, classNames, rowCount, rowGroups, readRows } = await openParquet(name, buffer);
  if (rowCount === 0) throw badData(name, 'expected rows of data, got none', 'Choose a file that has some.');
  const rows: Row[] = [];
  let rest = blob.size;
  for (const { from, to, startByte, endByte } of rowGroups.filter((group) => group.from < mostRows)) {
    signal?.throwIfAborted();
    for (const row of await readRows(from, Math.min(to, mostRows))) rows.push(row);
    rest -= endByte - startByte;
    advance?.(endByte - startByte);
  }
  advance?.(rest); // the footer
  return { kind: 'table', table: { fileName: name, columns, hasHeader: null, rows, classNames } };
}
