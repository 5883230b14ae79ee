// From a data choice to examples in three splits, sliced as asked, with what a data cell shows of them.
import { buildDataset, type DataFile, type DataPreview, previewData } from '../engine/text/datasets.ts';
import { cellsOf, columnsOf } from '../engine/text/examples.ts';
import { filterDataset } from '../engine/text/filter.ts';
import { questionsFromSquad } from '../engine/text/questions.ts';
import { sliceDataset } from '../engine/text/slices.ts';
import type { ClassificationExample, Dataset, SplitName } from '../engine/text/types.ts';
import type { DataChoice } from '../runs/spec.ts';
import { dealMissingSplits } from './deal-splits.ts';
import { downloadAll, type LoadOptions } from './download.ts';
import { type EmbeddedData, embeddedDataSchema } from './embedded-data.ts';
import { readImport } from './file-store.ts';
import { readStoredData } from './stored-data.ts';

export interface LoadedData extends ReadData {
  /** What the slices took, before it was filtered; null without a filter. */
  readonly unfiltered: Dataset | null;
}

/** Without regard to a filter. */
export interface ReadData {
  readonly dataset: Dataset;
  readonly name: string;
  /** Where it comes from and how it was split, in words for the user. */
  readonly note: string;
  readonly columns: readonly string[];
  readonly preview: readonly Readonly<Record<string, string>>[];
}

export interface DataOptions extends LoadOptions {
  readonly previewRows?: number | undefined;
}

/** @throws WinnowError `bad-data` for what cannot be read, `bad-settings` for a slice or filter that leaves nothing. */
export async function loadData(choice: DataChoice, options: DataOptions = {}): Promise<LoadedData> {
  // Parquet's reader is loaded where something is to be read with it.
  const sliced =
    choice.kind === 'hub'
      ? await (await import('./hub-data-source.ts')).loadFromHub(choice, options)
      : await loadSliced(choice, options);
  const { filter } = choice;
  if (!filter) return { ...sliced, unfiltered: null };
  return { ...sliced, dataset: filterDataset(sliced.dataset, filter), unfiltered: sliced.dataset };
}

async function loadSliced(choice: Exclude<DataChoice, { kind: 'hub' }>, options: DataOptions): Promise<ReadData> {
  const whole =
    choice.kind === 'embedded' ? await loadEmbedded(choice.id, options) : await loadImported(choice, options);
  return { ...whole, dataset: sliceDataset(whole.dataset, choice) };
}

/** What the column chooser shows of dropped files: columns, a guess at their roles, the first rows. */
export async function previewImport(key: string, count: number): Promise<DataPreview> {
  const [first] = await readImport(key);
  return previewData(await readStoredData(first!, { mostRows: count }), count);
}

/** The names of a table's columns, where its data cannot be described because they mean nothing yet. */
export async function readColumns(choice: Exclude<DataChoice, { kind: 'embedded' }>): Promise<readonly string[]> {
  if (choice.kind === 'files') return (await previewImport(choice.key, 0)).columns;
  return (await import('./hub-data-source.ts')).readHubColumns(choice);
}

async function loadEmbedded(id: string, { previewRows = 0, ...options }: DataOptions): Promise<ReadData> {
  const [bytes] = await downloadAll([`data/${id}.json`], 'bad-data', options);
  const data = embeddedDataSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  const dataset = embeddedDataset(data);
  const rows = dataset.splits.train.slice(0, previewRows);
  return {
    dataset,
    name: data.name,
    note: `${data.note} ${data.licence}.`,
    columns: columnsOf(dataset),
    preview: rows.map((example) => cellsOf(dataset, example)),
  };
}

function embeddedDataset(data: EmbeddedData): Dataset {
  if (data.kind === 'question-answering') {
    const read = (split: SplitName) => questionsFromSquad(`${data.name}, ${split}`, data.splits[split]);
    return { kind: data.kind, splits: { train: read('train'), dev: read('dev'), test: read('test') } };
  }
  const read = (split: SplitName) =>
    data.splits[split].map(([id, text, label]): ClassificationExample => ({ id, text, label }));
  return {
    kind: data.kind,
    labels: data.labels,
    splits: { train: read('train'), dev: read('dev'), test: read('test') },
  };
}

async function loadImported(
  { key, task, columns }: Extract<DataChoice, { kind: 'files' }>,
  { previewRows = 0, signal, onProgress }: DataOptions,
): Promise<ReadData> {
  const blobs = await readImport(key);
  const total = blobs.reduce((sum, { blob }) => sum + blob.size, 0);
  let done = 0;
  const advance = (bytes: number) => {
    done += bytes;
    onProgress?.(done, total);
  };
  const files: DataFile[] = [];
  for (const file of blobs) files.push(await readStoredData(file, { signal, advance }));
  const { dataset, note } = dealMissingSplits(buildDataset(files, { task, columns }));
  const preview = previewData(files[0]!, previewRows);
  const name = blobs.map((file) => file.name).join(', ');
  const isBare = dataset.kind === 'text-classification' && dataset.labels.length === 0;
  const whole = `From ${name}. ${note}${isBare ? ` ${noLabels}` : ''}`;
  return { dataset, name, note: whole, columns: preview.columns, preview: preview.rows };
}

const noLabels = 'No labels were found: to train on some, choose their column. Filling in words (mlm) needs none.';
