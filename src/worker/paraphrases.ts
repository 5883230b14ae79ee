// Back-translations that were made here take the place of the data's own column of paraphrases, where there is none.
import type { ClassificationDataset, ClassificationExample } from '../engine/text/types.ts';
import { attachParaphrases } from '../engine/uda/back-translation.ts';
import { type LoadedData, loadData } from '../hub/data-source.ts';
import { keptParaphrases } from '../hub/paraphrases.ts';
import type { ParaphraseCount, ParaphraseFile, Request } from '../runs/protocol.ts';
import type { BackTranslation } from '../runs/translation.ts';

/** The data with a paraphrase on each training text that has one; null attaches none. */
export async function withParaphrases(data: LoadedData, how: BackTranslation | null): Promise<LoadedData> {
  const { dataset } = data;
  if (!how || dataset.kind !== 'text-classification' || dataset.splits.train.some(hasParaphrase)) return data;
  const { train } = dataset.splits;
  const found = await keptParaphrases.read(
    how,
    train.map(({ text }) => text),
  );
  return { ...data, dataset: { ...dataset, splits: { ...dataset.splits, train: attachParaphrases(train, found) } } };
}

type CountRequest = Extract<Request, { type: 'count-paraphrases' }>;
type ExportRequest = Extract<Request, { type: 'export-paraphrases' }>;

export async function countParaphrases({ data, how }: CountRequest): Promise<ParaphraseCount> {
  const { dataset } = await withParaphrases(await loadData(data), how);
  const { train } = dataset.splits;
  return { made: train.filter(hasParaphrase).length, texts: train.length };
}

/** The training texts as files to drop on a data cell anywhere; texts whose label the data hide are in a file of their own. */
export async function exportParaphrases({ data, how }: ExportRequest): Promise<readonly ParaphraseFile[]> {
  const { dataset } = await withParaphrases(await loadData(data), how);
  if (dataset.kind !== 'text-classification') return [];
  const { train } = dataset.splits;
  const files = [
    { name: 'train.jsonl', examples: train.filter(({ label }) => label !== null) },
    { name: 'train-unlabelled.jsonl', examples: train.filter(({ label }) => label === null) },
  ];
  return files.flatMap(({ name, examples }) =>
    examples.length > 0 ? [{ name, text: examples.map((example) => lineOf(example, dataset)).join('') }] : [],
  );
}

const hasParaphrase = (example: object): boolean => 'augmentedText' in example;

/** A label of −1 is how the Hub's files hide one. */
function lineOf({ text, label, augmentedText }: ClassificationExample, { labels }: ClassificationDataset): string {
  const row = { text, label: label === null ? -1 : labels[label], augmented: augmentedText };
  return `${JSON.stringify(row)}\n`;
}
