// Examples as a person reads them: their texts by column, and all of them as cells of a table.
import type { Dataset, Example } from './types.ts';

export interface NamedText {
  readonly column: string;
  readonly text: string;
}

/** What a model reads of an example, in its order. */
export function textsOf(example: Example): readonly NamedText[] {
  if ('context' in example) {
    return [
      { column: 'question', text: example.question },
      { column: 'context', text: example.context },
    ];
  }
  const { text, textPair } = example;
  return [{ column: 'text', text }, ...(textPair === undefined ? [] : [{ column: 'text_pair', text: textPair }])];
}

/** The same for examples that a model could know from each other: one text or pair, one passage, in any case and spacing. */
export function overlapKey(example: Example): string {
  const texts = 'context' in example ? [example.context] : textsOf(example).map(({ text }) => text);
  return JSON.stringify(texts.map((text) => text.toLowerCase().replace(/\s+/g, ' ').trim()));
}

/** Also what is known of it; a hidden label is an empty cell. */
export function cellsOf(dataset: Dataset, example: Example): Record<string, string> {
  const texts = Object.fromEntries(textsOf(example).map(({ column, text }) => [column, text]));
  if ('context' in example) return { ...texts, answers: example.answers.map(({ text }) => text).join(' | ') };
  const labels = dataset.kind === 'text-classification' ? dataset.labels : [];
  const { label, augmentedText } = example;
  return {
    ...texts,
    ...(augmentedText === undefined ? {} : { augmented: augmentedText }),
    ...(labels.length > 0 ? { label: label === null ? '' : (labels[label] ?? '') } : {}),
  };
}

/** The columns of its examples; the first one has them all. */
export function columnsOf(dataset: Dataset): readonly string[] {
  const { train, dev, test } = dataset.splits;
  const [first] = [...train.slice(0, 1), ...dev.slice(0, 1), ...test.slice(0, 1)];
  return first ? Object.keys(cellsOf(dataset, first)) : [];
}
