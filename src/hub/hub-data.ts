// A data set of the Hub, of which only the parts that are asked for lie on this machine. The Hub converts every public
// data set to parquet on a branch of its own, as <config>/<split>/<0000>.parquet (Hub documentation, “Auto-converted
// Parquet”): that branch's commit is what a notebook pins, and a slice of a split is some row groups of its files.

import type { AsyncBuffer } from 'hyparquet';
import { WinnowError } from '../engine/error.ts';
import { type ColumnGuess, guessColumns } from '../engine/text/columns.ts';
import type { DataFile } from '../engine/text/datasets.ts';
import { openParquet, type ParquetFile } from '../engine/text/parquet.ts';
import { type Selection, selectSplits, sourcesOf } from '../engine/text/slices.ts';
import type { Row } from '../engine/text/table.ts';
import type { SourceSplit, SplitName } from '../engine/text/types.ts';
import { splitNames } from '../runs/spec.ts';
import { type HubAccess, type HubFile, type HubRepository, lookUp } from './hub-client.ts';
import type { HubName } from './hub-id.ts';

const CONVERTED_DATA = 'refs/convert/parquet';

const sourceSplits = [...splitNames, 'unsupervised'] as const satisfies readonly SourceSplit[];

/** To a file's bytes, wherever they lie. */
export type OpenTable = (file: HubFile) => AsyncBuffer;

/** Files by split, by config. Splits of other names are left out. */
export type Layout = Readonly<Record<string, Readonly<Record<SourceSplit, readonly HubFile[]>>>>;

const CONVERTED = /^(.+)\/(?:partial-)?([\w.-]+)\/\d+\.parquet$/;
const OWN = /^(?:(.+)\/)?([\w.-]*?)-?\d+-of-\d+(?:-[0-9a-f]+)?\.parquet$/;

export function layoutOf(files: readonly HubFile[]): Layout {
  const layout: Record<string, Record<SourceSplit, HubFile[]>> = {};
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const [, folder = 'default', name = ''] = CONVERTED.exec(file.path) ?? OWN.exec(file.path) ?? [];
    const split = splitNamed(name);
    if (!split) continue;
    const config = folder === 'data' ? 'default' : folder;
    layout[config] ??= { train: [], dev: [], test: [], unsupervised: [] };
    layout[config][split].push(file);
  }
  return layout;
}

/** Of several validation splits, as MNLI has, the one that matches the training texts. */
function splitNamed(name: string): SourceSplit | null {
  if (name === 'train' || name === 'test' || name === 'unsupervised') return name;
  return ['validation', 'valid', 'dev', 'validation_matched'].includes(name) ? 'dev' : null;
}

/** @throws WinnowError `bad-settings` naming those there are. */
export function nameOfConfig(id: string, layout: Layout, config: string | null): string {
  const names = Object.keys(layout);
  const name = config ?? (names.includes('default') ? 'default' : names[0]);
  if (name !== undefined && names.includes(name)) return name;
  throw new WinnowError(
    'bad-settings',
    `${id}: expected one of its parts ${names.join(', ')}, got “${config}”. Choose one.`,
  );
}

/**
 * The tables of a data set: of the Hub's conversion where the default revision is meant, else of the revision itself.
 * @throws WinnowError `bad-data` where there are none; and as `lookUp`.
 */
export async function lookUpData(access: HubAccess, name: HubName): Promise<HubRepository> {
  const revision = name.revision === 'main' ? CONVERTED_DATA : name.revision;
  const converted = await lookUp(access, 'datasets', { ...name, revision }).catch((error: unknown) => {
    const isNone = revision !== name.revision && error instanceof WinnowError && error.code === 'bad-settings';
    if (isNone) return null; // perhaps there is no such branch; main says whether there is such a data set
    throw error;
  });
  const found = converted ?? (await lookUp(access, 'datasets', name));
  const files = found.files.filter(({ path }) => path.endsWith('.parquet'));
  if (Object.keys(layoutOf(files)).length > 0) return { ...found, revision: name.revision, files };
  const names = found.files.map(({ path }) => path).slice(0, 4);
  throw new WinnowError(
    'bad-data',
    `${found.id}: expected tables as <config>/<split>/<number>.parquet, got ${names.join(', ') || 'no files'}. The Hub has not converted it; download its files and drop them here.`,
  );
}

interface OpenSplit {
  readonly tables: readonly ParquetFile[];
  readonly files: readonly HubFile[];
  readonly rows: number;
}

export interface OpenedData {
  readonly columns: readonly string[];
  readonly splits: Readonly<Record<SourceSplit, OpenSplit>>;
}

/** Reads the footers of all files of a config. */
export async function openTables(files: Layout[string], open: OpenTable): Promise<OpenedData> {
  const openSplit = async (split: SourceSplit): Promise<OpenSplit> => {
    const tables = await Promise.all(files[split].map((file) => openParquet(file.path, open(file))));
    return { tables, files: files[split], rows: tables.reduce((sum, { rowCount }) => sum + rowCount, 0) };
  };
  const [train, dev, test, unsupervised] = await Promise.all(sourceSplits.map(openSplit));
  const splits = { train: train!, dev: dev!, test: test!, unsupervised: unsupervised! };
  const columns = sourceSplits.flatMap((split) => splits[split].tables)[0]?.columns ?? [];
  return { columns, splits };
}

/** By names alone. */
export const guessTask = ({ columns }: OpenedData): ColumnGuess | null => guessColumns({ columns, rows: [] });

type SelectedRows = Readonly<Record<SplitName, readonly Place[]>> | null;

/**
 * Which rows of which split become train, dev and test. Null where a dev split is asked for and there is none: it has to
 * be dealt from all training examples before the slices mean anything, so all are needed.
 */
function selectRows({ splits }: OpenedData, selection: Selection): SelectedRows {
  if (splits.dev.rows === 0 && sourcesOf(selection.slices).has('dev')) return null;
  const places = (split: SourceSplit): Place[] => range(0, splits[split].rows).map((row) => ({ split, row }));
  const [train, dev, test] = splitNames.map(places);
  return selectSplits(selection, { train: train!, dev: dev!, test: test!, unsupervised: places('unsupervised') });
}

interface Place {
  readonly split: SourceSplit;
  readonly row: number;
}

export interface Part {
  readonly file: HubFile;
  /** Bytes [from, to). */
  readonly span: { readonly from: number; readonly to: number };
}

/** The parts of files that hold the rows that the slices select; neighbours are one part, all of them the whole file. */
export function partsNeeded(data: OpenedData, selection: Selection): Part[] {
  const wantedOf = rowsWanted(selectRows(data, selection), selection);
  return sourceSplits.flatMap((split) => {
    const { tables, files } = data.splits[split];
    const wanted = wantedOf(split);
    let before = 0;
    return tables.flatMap(({ rowGroups, rowCount }, index) => {
      const first = before;
      before += rowCount;
      const file = files[index]!;
      const groups = rowGroups.filter(({ from, to }) => !wanted || hasAny(wanted, first + from, first + to));
      if (groups.length === rowGroups.length && groups.length > 0) return [{ file, span: { from: 0, to: file.size } }];
      const spans = groups.map(({ startByte, endByte }) => ({ from: startByte, to: endByte }));
      return joined(spans).map((span) => ({ file, span }));
    });
  });
}

/** Rows of a split that any of the three needs, in ascending order; null: all of them. */
function rowsWanted(selected: SelectedRows, { slices }: Selection): (split: SourceSplit) => readonly number[] | null {
  if (!selected) return (split) => (split === 'unsupervised' && !sourcesOf(slices).has(split) ? [] : null);
  const places = splitNames.flatMap((name) => selected[name]);
  return (split) => {
    const rows = places.flatMap((place) => (place.split === split ? place.row : []));
    return [...new Set(rows)].sort((a, b) => a - b);
  };
}

/** Whether ascending numbers have one in [from, to). */
const hasAny = (ascending: readonly number[], from: number, to: number): boolean =>
  (ascending[firstFrom(ascending, from)] ?? to) < to;

/** Index of the first of ascending numbers that is no less than `from`; their count where all are. */
function firstFrom(ascending: readonly number[], from: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

function joined(spans: readonly Part['span'][]): Part['span'][] {
  const result: { from: number; to: number }[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last && span.from === last.to) last.to = span.to;
    else result.push({ ...span });
  }
  return result;
}

/** Tables of the selected rows, named so that each is read as its split; and whether slices are still to be taken. */
export async function readTables(
  data: OpenedData,
  selection: Selection,
): Promise<{ files: DataFile[]; isSliced: boolean }> {
  const selected = selectRows(data, selection);
  const wantedOf = rowsWanted(selected, selection);
  const rowsBySplit = new Map<SourceSplit, ReadonlyMap<number, Row>>();
  for (const split of sourceSplits) rowsBySplit.set(split, await readRows(data.splits[split], wantedOf(split)));
  const rowsOf = (name: SourceSplit): Row[] => {
    if (!selected) return [...rowsBySplit.get(name)!.values()];
    const places = name === 'unsupervised' ? [] : selected[name];
    return places.map(({ split, row }) => rowsBySplit.get(split)!.get(row)!);
  };
  const classNames = data.splits.train.tables[0]?.classNames ?? {};
  const files = sourceSplits.flatMap((fileName): DataFile[] => {
    const rows = rowsOf(fileName);
    const table = { fileName, columns: data.columns, hasHeader: null, rows, classNames };
    return rows.length === 0 ? [] : [{ kind: 'table', table }];
  });
  return { files, isSliced: selected !== null };
}

/** By row number. Each row group is unpacked once, however scattered the rows that are wanted of it. */
async function readRows({ tables }: OpenSplit, wanted: readonly number[] | null): Promise<Map<number, Row>> {
  const result = new Map<number, Row>();
  let before = 0;
  for (const table of tables) {
    for (const group of table.rowGroups) {
      const [from, to] = [before + group.from, before + group.to];
      const places = wanted?.slice(firstFrom(wanted, from), firstFrom(wanted, to)) ?? range(from, to);
      const [first, last] = [places[0], places.at(-1)];
      if (first === undefined || last === undefined) continue;
      const rows = await table.readRows(first - before, last + 1 - before);
      for (const place of places) result.set(place, rows[place - first]!);
    }
    before += table.rowCount;
  }
  return result;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
