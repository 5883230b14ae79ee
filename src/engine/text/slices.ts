// The slice notation of Hugging Face datasets: `train`, `train[:10%]`, `train[200:300]`, `train[-500:]`, sums by `+`.
// Percent boundaries round to the closest example, halves to even, as there. With a seed each split is shuffled first
// (`split.shuffle(seed)` before `select`), so that slices of one split never share an example unless their ranges do.
import { WinnowError } from '../error.ts';
import { shuffle } from '../random.ts';
import type { Dataset, SourceSplit, SplitName } from './types.ts';

/** Which examples serve for what. */
export interface Selection {
  readonly slices: Readonly<Record<SplitName, string>>;
  /** By which every split is shuffled (Fisher–Yates, `random.ts`) before it is sliced; null: it stays in its order. */
  readonly shuffle_seed: number | null;
}

/** What slices are taken of. */
export type Sources<T> = Readonly<Record<SplitName, readonly T[]> & Partial<Record<SourceSplit, readonly T[]>>>;

/** `validation` is the Hub's name for dev. */
const SPLITS: Readonly<Record<string, SourceSplit>> = {
  train: 'train',
  dev: 'dev',
  validation: 'dev',
  test: 'test',
  unsupervised: 'unsupervised',
};
const PART = /^(\w+)(?:\[(?:(-?\d+)(%?))?:(?:(-?\d+)(%?))?\])?$/;
const EXPECTED = 'expected train, dev or test, such as train[:10%], train[200:300] or train[-500:]';

/** @throws WinnowError `bad-settings` where a slice's notation is wrong or selects nothing. */
export function selectSplits<T>(
  { slices, shuffle_seed: seed }: Selection,
  sources: Sources<T>,
): Record<SplitName, T[]> {
  const inOrder = seed === null ? sources : shuffled(sources, seed);
  // A contest's data may come without a test split: then there is none to slice.
  const hasNoTest = sources.test.length === 0 && /^test(\[[^+]*)?$/.test(slices.test);
  return {
    train: selectSlice(slices.train, inOrder),
    dev: selectSlice(slices.dev, inOrder),
    test: hasNoTest ? [] : selectSlice(slices.test, inOrder),
  };
}

/** The splits that slices are taken of. What is no slice names none. */
export function sourcesOf(slices: Selection['slices']): ReadonlySet<SourceSplit> {
  const parts = Object.values(slices).flatMap((notation) => notation.split('+'));
  return new Set(parts.flatMap((part) => SPLITS[PART.exec(part.trim())?.[1] ?? ''] ?? []));
}

/** All splits of one length are shuffled alike, as `DatasetDict.shuffle(seed)` does. */
function shuffled<T>(sources: Sources<T>, seed: number): Sources<T> {
  const reorder = (examples: readonly T[]) => shuffle(examples.length, seed).map((i) => examples[i]!);
  const { train, dev, test, unsupervised = [] } = sources;
  return { train: reorder(train), dev: reorder(dev), test: reorder(test), unsupervised: reorder(unsupervised) };
}

/** @throws WinnowError `bad-settings` where the notation is wrong or selects nothing. */
export function selectSlice<T>(notation: string, sources: Sources<T>): T[] {
  const selected = notation.split('+').flatMap((part) => selectPart(part.trim(), sources));
  if (selected.length > 0) return selected;
  const sizes = Object.entries(sources).map(([name, examples]) => `${name} has ${examples.length}`);
  const message = `slice ${JSON.stringify(notation)}: expected examples, got none; ${sizes.join(', ')}.`;
  throw new WinnowError('bad-settings', `${message} Take a part of a split that has some, such as train[90%:].`);
}

/** Of each split the part that its slice selects. Throws as `selectSlice`. */
export function sliceDataset(dataset: Dataset, selection: Selection): Dataset {
  if (dataset.kind === 'question-answering') return { ...dataset, splits: selectSplits(selection, dataset.splits) };
  const { unsupervised = [], ...rest } = dataset;
  return { ...rest, splits: selectSplits(selection, { ...dataset.splits, unsupervised }) };
}

function selectPart<T>(part: string, sources: Sources<T>): readonly T[] {
  const [, name = '', from, fromUnit, to, toUnit] = PART.exec(part) ?? [];
  const split = Object.hasOwn(SPLITS, name) ? SPLITS[name] : undefined;
  if (!split) throw wrong(part, EXPECTED);
  const isMixed = from !== undefined && to !== undefined && fromUnit !== toUnit;
  if (isMixed) throw wrong(part, 'expected both boundaries in percent or both in examples');
  const examples = sources[split] ?? [];
  const isPercent = fromUnit === '%' || toUnit === '%';
  const boundary = (text: string | undefined, otherwise: number) => {
    const value = text === undefined ? otherwise : Number(text);
    if (text === undefined || !isPercent) return value;
    if (Math.abs(value) > 100) throw wrong(part, 'expected percentages between −100 and 100');
    return roundHalfToEven((value * examples.length) / 100);
  };
  // Array.slice counts negative boundaries from the end and clips both, as datasets does.
  return examples.slice(boundary(from, 0), boundary(to, examples.length));
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function wrong(part: string, expected: string): WinnowError {
  return new WinnowError('bad-settings', `slice: ${expected}, got ${JSON.stringify(part)}.`);
}
