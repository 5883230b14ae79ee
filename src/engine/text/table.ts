// Rows of CSV, TSV, JSON lines or a JSON array, by column name. Whether a CSV or TSV has a header line is detected
// where nobody says so (SST-2's files have none), and reported, to be shown.
import Papa from 'papaparse';
import { WinnowError } from '../error.ts';
import { parseForeignJson } from '../json.ts';
import { KNOWN_COLUMNS } from './columns.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface Table {
  readonly fileName: string;
  readonly columns: readonly string[];
  /** null for JSON, whose rows name their columns themselves. */
  readonly hasHeader: boolean | null;
  readonly rows: readonly Row[];
  /** By column, all its classes in their order, where the file itself says them (parquet). */
  readonly classNames?: Readonly<Record<string, readonly string[]>>;
}

const HEADER_SAMPLE = 1000;

/**
 * @param header overrides the detection for CSV and TSV; columns without one are called `column 1`, `column 2`, …
 * @throws WinnowError `bad-data` for another kind of file, malformed rows, or no rows.
 */
export function readTable(fileName: string, text: string, header?: boolean): Table {
  const content = text.replace(/^\ufeff/, '');
  const extension = /\.(csv|tsv|json|jsonl|ndjson)$/i.exec(fileName)?.[1]?.toLowerCase();
  const table = extension?.endsWith('sv')
    ? readSeparated(fileName, content, extension === 'csv' ? ',' : '\t', header)
    : extension
      ? fromJsonRows(fileName, readJsonRows(fileName, content))
      : null;
  if (!table)
    throw badData(fileName, 'expected .csv, .tsv, .jsonl or .json, got another ending', 'Rename or convert it.');
  if (table.rows.length > 0) return table;
  throw badData(fileName, 'expected rows of data, got none', 'Choose a file that has some.');
}

export function badData(where: string, what: string, remedy: string, cause?: unknown): WinnowError {
  return new WinnowError('bad-data', `${where}: ${what}. ${remedy}`, { cause });
}

function readSeparated(fileName: string, text: string, delimiter: string, header?: boolean): Table {
  const lines = parseSeparated(fileName, text, delimiter);
  const hasHeader = header ?? looksLikeHeader(lines.slice(0, HEADER_SAMPLE));
  const first = lines[0] ?? [];
  const columns = hasHeader ? first.map((name) => name.trim()) : first.map((_, i) => `column ${i + 1}`);
  const known = new Set<string>();
  const repeated = columns.find((name) => known.size === known.add(name).size);
  if (repeated !== undefined) {
    throw badData(fileName, `expected different column names, got ${JSON.stringify(repeated)} twice`, 'Rename one.');
  }
  const rows = lines.slice(hasHeader ? 1 : 0).map((fields, i) => {
    if (fields.length === columns.length) return Object.fromEntries(columns.map((name, c) => [name, fields[c]]));
    const what = `expected ${columns.length} fields, got ${fields.length}`;
    throw badData(`${fileName} row ${i + 1}`, what, 'Quote fields that contain the separator or a line end.');
  });
  return { fileName, columns, hasHeader, rows };
}

/** Many a TSV never quotes: where quotes don't pair, they are taken as letters. A CSV's must. */
function parseSeparated(fileName: string, text: string, delimiter: string): string[][] {
  const options = { delimiter, skipEmptyLines: true } as const;
  const parsed = Papa.parse<string[]>(text, options);
  const [error] = parsed.errors;
  if (!error) return parsed.data;
  if (delimiter === '\t') return Papa.parse<string[]>(text, { ...options, fastMode: true }).data;
  const where = error.row === undefined ? fileName : `${fileName} line ${error.row + 1}`;
  throw badData(where, `expected well-formed CSV, got "${error.message}"`, 'Double the quotes inside quoted fields.');
}

/** A header has a name that the field uses, or at least no empty cell, no number, and no value that recurs below it. */
function looksLikeHeader([first = [], ...rest]: readonly string[][]): boolean {
  if (first.some((cell) => KNOWN_COLUMNS.has(cell.trim().toLowerCase()))) return true;
  return first.every((cell, column) => {
    const isValue = cell.trim() === '' || Number.isFinite(Number(cell));
    return !isValue && !rest.some((row) => row[column] === cell);
  });
}

function readJsonRows(fileName: string, text: string): Row[] {
  if (text.trimStart().startsWith('[')) {
    const rows = parseJson(fileName, text) as unknown[];
    return rows.map((row, i) => toRow(`${fileName} row ${i + 1}`, row));
  }
  return text.split(/\r?\n/).flatMap((line, i) => {
    const where = `${fileName} line ${i + 1}`;
    return line.trim() === '' ? [] : [toRow(where, parseJson(where, line))];
  });
}

function toRow(where: string, value: unknown): Row {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  throw badData(
    where,
    `expected an object of columns, got ${JSON.stringify(value)}`,
    'Put {"column": value, …} there.',
  );
}

function parseJson(where: string, text: string): unknown {
  try {
    return parseForeignJson(text);
  } catch (cause) {
    throw badData(where, `expected JSON, got "${(cause as Error).message}"`, 'Mend the line or export it anew.', cause);
  }
}

function fromJsonRows(fileName: string, rows: readonly Row[]): Table {
  const columns = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) columns.add(name);
  return { fileName, columns: [...columns], hasHeader: null, rows };
}
