// Rows of a parquet file, the form in which the Hub keeps its data sets. Row groups are read one by one: some rows of a
// large file, or of one that is far away, cost some reads. The format: https://parquet.apache.org/docs/file-format
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';
import { z } from 'zod';
import { WinnowError } from '../error.ts';
import { parseForeignJson } from '../json.ts';
import { badData, type Row } from './table.ts';

/** Rows [from, to), and the bytes of the file that hold them. */
export interface RowGroup {
  readonly from: number;
  readonly to: number;
  readonly startByte: number;
  readonly endByte: number;
}

export interface ParquetFile {
  readonly columns: readonly string[];
  readonly rowCount: number;
  readonly rowGroups: readonly RowGroup[];
  /** By column, the names of its classes, where the file says them as Hugging Face datasets does (`ClassLabel`). */
  readonly classNames: Readonly<Record<string, readonly string[]>>;
  /**
   * Rows [from, to), as JSON lines would give them, with classes by name. Only the row groups that hold some are read.
   *
   * @throws WinnowError `bad-data` for what is broken; what `file.slice` throws of its own goes through.
   */
  readRows(from: number, to: number): Promise<Row[]>;
}

/** What is read of a file's end at first: most footers are smaller, and a larger one costs another read. */
export const footerBytes = 2 ** 16;

/** @throws WinnowError `bad-data` for what is no parquet file, and for one that is cut off, encrypted or packed oddly. */
export async function openParquet(fileName: string, file: AsyncBuffer): Promise<ParquetFile> {
  await checkEnd(fileName, file);
  const metadata = await reading(fileName, () => parquetMetadataAsync(file, { initialFetchSize: footerBytes }));
  checkClaims(fileName, file, metadata);
  const compressors = await compressorsFor(fileName, metadata);
  const classNames = readClassNames(metadata);
  return {
    columns: parquetSchema(metadata).children.map(({ element }) => element.name),
    rowCount: Number(metadata.num_rows),
    rowGroups: rowGroupsOf(metadata),
    classNames,
    async readRows(rowStart, rowEnd) {
      const options = { file, metadata, rowStart, rowEnd, ...(compressors && { compressors }) };
      const rows = await reading(fileName, () => parquetReadObjects(options));
      return rows.map((row) => toRow(row, classNames));
    },
  };
}

/** "PAR1", or "PARE" where even the footer is encrypted. */
async function checkEnd(fileName: string, file: AsyncBuffer): Promise<void> {
  const end = await file.slice(Math.max(0, file.byteLength - 4), file.byteLength);
  const magic = new TextDecoder('latin1').decode(end);
  if (magic === 'PARE') throw encrypted(fileName);
  if (magic === 'PAR1') return;
  throw badData(
    fileName,
    'expected a parquet file, which ends with PAR1, got another end',
    'It may be cut off: download or export it again.',
  );
}

/** Rows are made by these numbers: a table worth reading has at least a bit for a value, and is packed a hundredfold at most. */
function checkClaims(fileName: string, file: AsyncBuffer, { num_rows, row_groups }: FileMetaData): void {
  const columns = row_groups.flatMap((group) => group.columns.flatMap(({ meta_data }) => meta_data ?? []));
  const total = (numbers: readonly (bigint | undefined)[]) =>
    numbers.reduce<number>((sum, n) => sum + (typeof n === 'bigint' && n >= 0n ? Number(n) : Number.NaN), 0);
  const rows = total(row_groups.map((group) => group.num_rows));
  const areFilled = row_groups.every((group) =>
    group.columns.every(({ meta_data }) => !meta_data || meta_data.num_values >= group.num_rows),
  );
  const values = total(columns.map((column) => column.num_values));
  const unpacked = total(columns.map((column) => column.total_uncompressed_size));
  const isSound =
    rows === Number(num_rows) &&
    areFilled &&
    rows <= FREE_VALUES + 8 * file.byteLength &&
    values <= FREE_VALUES + 8 * file.byteLength &&
    unpacked <= FREE_BYTES + MOST_GROWTH * file.byteLength;
  if (isSound) return;
  throw badData(
    fileName,
    `expected rows that its ${file.byteLength} bytes can hold, got ${num_rows} rows of ${values} values and ${unpacked} bytes`,
    'It may be damaged: download or export it again.',
  );
}

/** Up to here any claim is harmless. */
const [FREE_VALUES, FREE_BYTES, MOST_GROWTH] = [2 ** 22, 2 ** 26, 100];

async function reading<T>(fileName: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof WinnowError || error instanceof DOMException) throw error;
    const got = error instanceof Error ? error.message : String(error);
    throw badData(
      fileName,
      `expected a whole parquet file, got "${got}"`,
      'It may be damaged: download or export it again.',
      error,
    );
  }
}

const encrypted = (fileName: string): WinnowError =>
  badData(fileName, 'expected an open parquet file, got an encrypted one', 'Write it without encryption.');

/** hyparquet itself unpacks snappy; the other codecs are loaded where a file needs one. */
async function compressorsFor(fileName: string, { row_groups }: FileMetaData): Promise<Compressors | null> {
  const columns = row_groups.flatMap((group) => group.columns);
  if (columns.some((column) => column.crypto_metadata || !column.meta_data)) throw encrypted(fileName);
  const codecs = new Set(columns.flatMap(({ meta_data }) => meta_data?.codec ?? []));
  const others = [...codecs].filter((codec) => codec !== 'UNCOMPRESSED' && codec !== 'SNAPPY');
  if (others.length === 0) return null;
  const { compressors } = await import('hyparquet-compressors');
  const unknown = others.find((codec) => !(codec in compressors));
  if (unknown === undefined) return compressors;
  const what = `expected columns packed by snappy, gzip, brotli, zstd or lz4, got ${unknown}`;
  throw badData(fileName, what, 'Write it anew with one of these.');
}

function rowGroupsOf({ row_groups }: FileMetaData): RowGroup[] {
  let to = 0;
  return row_groups.map(({ columns, num_rows }) => {
    const from = to;
    to += Number(num_rows);
    const spans = columns.flatMap(({ meta_data: column }) => {
      if (!column) return [];
      // Some writers say 0 for no dictionary.
      const start = Number(column.dictionary_page_offset || column.data_page_offset);
      return { start, end: start + Number(column.total_compressed_size) };
    });
    const startByte = Math.min(...spans.map(({ start }) => start));
    return { from, to, startByte, endByte: Math.max(...spans.map(({ end }) => end)) };
  });
}

const featuresSchema = z.object({
  info: z.object({
    features: z.record(z.string(), z.unknown()),
  }),
});
const classLabelSchema = z.object({ _type: z.literal('ClassLabel'), names: z.array(z.string()).min(1) });

/** What datasets notes under the key `huggingface`. A file without it, or with something else there, has plain numbers. */
function readClassNames({ key_value_metadata: notes = [] }: FileMetaData): ParquetFile['classNames'] {
  const note = notes.find(({ key }) => key === 'huggingface')?.value;
  const parsed = featuresSchema.safeParse(note === undefined ? null : parseJson(note));
  const features = parsed.success ? Object.entries(parsed.data.info.features) : [];
  return Object.fromEntries(
    features.flatMap(([column, feature]) => {
      const label = classLabelSchema.safeParse(feature);
      return label.success ? [[column, label.data.names] as const] : [];
    }),
  );
}

function parseJson(text: string): unknown {
  try {
    return parseForeignJson(text);
  } catch {
    return null; // as any other note that is not datasets'
  }
}

function toRow(values: Readonly<Record<string, unknown>>, classNames: ParquetFile['classNames']): Row {
  return Object.fromEntries(
    Object.entries(values).map(([column, value]) => {
      const plain = toJson(value);
      return [column, (typeof plain === 'number' ? classNames[column]?.[plain] : undefined) ?? plain];
    }),
  );
}

/** The value that JSON lines of the same data hold: numbers for integers, text for dates and for integers beyond 2⁵³. */
function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array, toJson);
  if (Array.isArray(value)) return value.map(toJson);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toJson(part)]));
}
