// Data files that a person drops on the page, to a dataset with splits. A file's split is in its name, as usual:
// train.tsv, dev-v1.1.json, test-2000.jsonl; a file that does not say is for training.
import { parseForeignJson } from '../json.ts';
import { type ColumnGuess, type Columns, guessColumns, QUESTION_COLUMNS } from './columns.ts';
import { isSquadJson, questionsFromSquad, questionsFromTable } from './questions.ts';
import { badData, type Row, readTable, type Table } from './table.ts';
import type {
  ClassificationDataset,
  ClassificationExample,
  Dataset,
  QuestionDataset,
  SplitName,
  Task,
} from './types.ts';

export type DataFile =
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'squad'; readonly fileName: string; readonly examples: QuestionDataset['splits']['train'] };

export interface DataChoices {
  readonly task: Task;
  /** Empty: guessed. */
  readonly columns: Columns;
}

/** More different labels than this are no classes: the wrong column was chosen. */
const MOST_LABELS = 256;

/** @throws WinnowError `bad-data` for what cannot be read or is empty. */
export function readDataFile(fileName: string, text: string): DataFile {
  if (/\.json$/i.test(fileName)) {
    const json = tryParseJson(text);
    if (isSquadJson(json)) return { kind: 'squad', fileName, examples: questionsFromSquad(fileName, json) };
  }
  return { kind: 'table', table: readTable(fileName, text) };
}

/** What a data cell shows before anything is chosen. */
export interface DataPreview {
  readonly columns: readonly string[];
  readonly guess: ColumnGuess | null;
  readonly hasHeader: boolean | null;
  readonly rows: readonly Readonly<Record<string, string>>[];
}

export function previewData(file: DataFile, count: number): DataPreview {
  if (file.kind === 'table') {
    const { columns, hasHeader, rows } = file.table;
    return { columns, guess: guessColumns(file.table), hasHeader, rows: rows.slice(0, count).map(toText) };
  }
  const columns = ['id', 'title', 'context', 'question', 'answers'];
  const rows = file.examples.slice(0, count).map((example) => toText({ ...example }));
  return { columns, guess: { task: 'question-answering', columns: {} }, hasHeader: null, rows };
}

/** @throws WinnowError `bad-data` for unknown columns, missing values or labels that are no classes. */
export function buildDataset(files: readonly DataFile[], { task, columns }: DataChoices): Dataset {
  if (files.length === 0) throw badData('data', 'expected a file, got none', 'Drop one on the data cell.');
  return task === 'question-answering' ? buildQuestions(files) : buildClassification(files, columns);
}

function buildQuestions(files: readonly DataFile[]): QuestionDataset {
  const splits = collect(files, (file) => {
    if (file.kind === 'squad') return file.examples;
    checkColumns(file.table, QUESTION_COLUMNS);
    return questionsFromTable(file.table);
  });
  return { kind: 'question-answering', splits };
}

type Labelled = Omit<ClassificationExample, 'label'> & { readonly labelName: string | null };

function buildClassification(all: readonly DataFile[], columns: Columns): ClassificationDataset {
  const files = all.filter((file) => !isUnsupervised(file));
  const read = collect(files, (file) => readLabelled(file, columns));
  const names = Object.values(read).flatMap((examples) => examples.map(({ labelName }) => labelName));
  const found = new Set(names.filter((name) => name !== null));
  const labels = declaredLabels(files, columns, found) ?? sortLabels(found);
  checkLabels(labels);
  const indexOf = new Map(labels.map((name, index) => [name, index]));
  const withIndex = ({ labelName, ...example }: Labelled): ClassificationExample => ({
    ...example,
    label: labelName === null ? null : indexOf.get(labelName)!,
  });
  const splits = mapSplits(read, (examples) => examples.map(withIndex));
  const unsupervised = all
    .filter(isUnsupervised)
    .flatMap((file) => readLabelled(file, columns))
    .map((example) => withIndex({ ...example, labelName: null }));
  return { kind: 'text-classification', labels, splits, ...(unsupervised.length > 0 && { unsupervised }) };
}

/** Named as no file of a person's is: a table that was made of a split of this name. */
const isUnsupervised = (file: DataFile): boolean => file.kind === 'table' && file.table.fileName === 'unsupervised';

function readLabelled(file: DataFile, columns: Columns): Labelled[] {
  if (file.kind === 'squad') {
    throw badData(
      file.fileName,
      'expected rows with text and label, got SQuAD questions',
      'Choose question answering.',
    );
  }
  const { table } = file;
  const { text, text_pair, label, augmented } = rolesOf(table, columns);
  if (text === undefined) {
    const what = `expected a column of text, got ${table.columns.join(', ')}`;
    throw badData(table.fileName, what, 'Choose the columns in the data cell.');
  }
  checkColumns(
    table,
    [text, text_pair, label].filter((column) => column !== undefined),
  );
  const hasParaphrases = augmented !== undefined && needsParaphrases(table, augmented);
  const labelNames = label === undefined ? null : readLabels(table, label);
  return table.rows.map((row, i) => {
    const cell = (column: string) => readCell(table, row, i, column);
    const pair = text_pair === undefined ? {} : { textPair: cell(text_pair) };
    const paraphrase = hasParaphrases ? { augmentedText: cell(augmented) } : {};
    return {
      id: `${table.fileName}:${i + 1}`,
      text: cell(text),
      ...pair,
      ...paraphrase,
      labelName: labelNames?.[i] ?? null,
    };
  });
}

/** What was not chosen is guessed, among the other columns; a choice of text and label is complete. */
function rolesOf({ columns, rows }: Table, chosen: Columns): Columns {
  if (chosen.text !== undefined && chosen.label !== undefined) return chosen;
  const others = columns.filter((column) => !Object.values(chosen).includes(column));
  return { ...guessColumns({ columns: others, rows })?.columns, ...chosen };
}

/** Only texts to train on have paraphrases; files for dev and test may lack the column. */
function needsParaphrases(table: Table, column: string): boolean {
  if (splitOf(table.fileName) === 'train') checkColumns(table, [column]);
  return table.columns.includes(column);
}

function checkColumns({ fileName, columns }: Table, wanted: readonly string[]): void {
  const missing = wanted.filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  const what = `expected the column ${missing.join(', ')}, got ${columns.join(', ')}`;
  throw badData(fileName, what, 'Choose the columns in the data cell, or rename them in the file.');
}

function readCell({ fileName }: Table, row: Row, index: number, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  const what = `expected text in column ${column}, got ${JSON.stringify(value) ?? 'nothing'}`;
  throw badData(`${fileName} row ${index + 1}`, what, 'Fill it in, or choose another column.');
}

/**
 * A file whose labels are all −1 hides them, as the Hub's test splits do. Where it declares its classes, −1 or nothing is
 * no class (datasets' ClassLabel), so that some rows may have a label and others none.
 */
function readLabels(table: Table, column: string): (string | null)[] {
  const hasClasses = table.classNames?.[column] !== undefined;
  const isHidden = (value: unknown) => hasClasses && (value === -1 || value === null);
  const names = table.rows.map((row, i) => (isHidden(row[column]) ? null : readLabel(table, row, i, column)));
  return names.every((name) => name === '-1') ? names.map(() => null) : names;
}

function readLabel({ fileName }: Table, row: Row, index: number, column: string): string {
  const value = row[column];
  const name = typeof value === 'object' ? '' : String(value ?? '').trim();
  if (name !== '') return name;
  const what = `expected a label in column ${column}, got ${JSON.stringify(value) ?? 'nothing'}`;
  throw badData(`${fileName} row ${index + 1}`, what, 'Fill it in, or drop the row.');
}

/** The classes that all files declare alike, those without an example included; null where they don't. */
function declaredLabels(
  files: readonly DataFile[],
  columns: Columns,
  found: ReadonlySet<string>,
): readonly string[] | null {
  const declared = files.map((file) => {
    if (file.kind === 'squad') return null;
    const { label } = rolesOf(file.table, columns);
    return (label !== undefined && file.table.classNames?.[label]) || null;
  });
  const [first] = declared;
  if (!first || declared.some((names) => JSON.stringify(names) !== JSON.stringify(first))) return null;
  return [...found].every((name) => first.includes(name)) ? first : null;
}

const isInteger = (name: string) => /^-?\d+$/.test(name);

/** Integers by value, other names by code unit: the same on every machine. */
function sortLabels(names: ReadonlySet<string>): string[] {
  const areIntegers = [...names].every(isInteger);
  return areIntegers ? [...names].sort((a, b) => Number(a) - Number(b)) : [...names].sort();
}

/** None at all are no mistake: filling in words needs none, and what needs some says so. */
function checkLabels(labels: readonly string[]): void {
  if (labels.length !== 1 && labels.length <= MOST_LABELS) return;
  const got = `${labels.length} (${labels.slice(0, 3).join(', ')}${labels.length > 3 ? ', …' : ''})`;
  throw badData('labels', `expected 2 to ${MOST_LABELS} different ones, got ${got}`, 'Choose another label column.');
}

function collect<T>(files: readonly DataFile[], read: (file: DataFile) => readonly T[]): Record<SplitName, T[]> {
  const splits: Record<SplitName, T[]> = { train: [], dev: [], test: [] };
  for (const file of files) {
    const fileName = file.kind === 'squad' ? file.fileName : file.table.fileName;
    const examples = splits[splitOf(fileName)];
    for (const example of read(file)) examples.push(example);
  }
  return splits;
}

function mapSplits<A, B>(splits: Record<SplitName, A>, map: (split: A) => B): Record<SplitName, B> {
  return { train: map(splits.train), dev: map(splits.dev), test: map(splits.test) };
}

function splitOf(fileName: string): SplitName {
  const name = /(?<![a-z])(train|dev|valid|validation|val|test)(?![a-z])/i.exec(fileName)?.[1]?.toLowerCase();
  if (name === undefined || name === 'train') return 'train';
  return name === 'test' ? 'test' : 'dev';
}

function toText(row: Row): Record<string, string> {
  const text = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, text(value)]));
}

function tryParseJson(text: string): unknown {
  try {
    return parseForeignJson(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined; // perhaps JSON lines; readTable says what is wrong otherwise
  }
}
