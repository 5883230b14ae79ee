// What columns mean, by the names that the field's datasets use (squad, imdb, sst2, mnli, mrpc, qqp).
import type { Task } from './types.ts';

/**
 * Role to column name: `text`, `label`, perhaps `text_pair` and `augmented` (paraphrases made beforehand, for UDA).
 * Questions need none, their columns are squad's.
 */
export type Columns = Readonly<Record<string, string>>;

export interface ColumnGuess {
  readonly task: Task;
  readonly columns: Columns;
}

interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export const QUESTION_COLUMNS = ['question', 'context', 'answers'] as const;
const PAIRS = [
  ['premise', 'hypothesis'],
  ['sentence1', 'sentence2'],
  ['question1', 'question2'],
  ['question', 'sentence'],
  ['text', 'text_pair'],
] as const;
const TEXTS = ['text', 'sentence', 'review', 'message'];
const LABELS = ['label', 'labels', 'sentiment', 'class', 'category'];

export const KNOWN_COLUMNS: ReadonlySet<string> = new Set(
  [QUESTION_COLUMNS, PAIRS.flat(), TEXTS, LABELS, ['id', 'idx']].flat(),
);

const MOST_LABELS = 50;
const SAMPLE = 1000;

/** null where neither names nor values tell which column is text. Texts alone do to fill in words, and are guessed last. */
export function guessColumns(table: Rows): ColumnGuess | null {
  const find = (name: string) => table.columns.find((column) => column.toLowerCase() === name);
  if (QUESTION_COLUMNS.every(find)) return { task: 'question-answering', columns: {} };
  const label = LABELS.map(find).find((name) => name !== undefined);
  const text = TEXTS.map(find).find((name) => name !== undefined);
  const pair = PAIRS.map(([a, b]) => [find(a), find(b)] as const).find(([a, b]) => a !== undefined && b !== undefined);
  if (label && pair) return classification({ text: pair[0]!, text_pair: pair[1]!, label });
  if (label && text) return classification({ text, label });
  const alone = text ?? (table.columns.length === 1 ? table.columns[0] : undefined);
  return guessByValues(table) ?? (alone === undefined ? null : classification({ text: alone }));
}

/** The label's column has few different values, the text's the longest. */
function guessByValues({ columns, rows }: Rows): ColumnGuess | null {
  const sample = rows.slice(0, SAMPLE);
  const valuesOf = (name: string) => sample.map((row) => textOf(row[name]));
  const lengthOf = (name: string) => valuesOf(name).reduce((sum, value) => sum + value.length, 0);
  const varietyOf = (name: string) => new Set(valuesOf(name)).size;
  const text = columns.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0];
  const label = columns.filter((name) => name !== text).sort((a, b) => varietyOf(a) - varietyOf(b))[0];
  if (text === undefined || label === undefined) return null;
  const variety = varietyOf(label);
  return variety > MOST_LABELS || variety > sample.length / 2 ? null : classification({ text, label });
}

const classification = (columns: Columns): ColumnGuess => ({ task: 'text-classification', columns });

/** An object of a file may name its own `toString`, so that String() would fail. */
const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
