// The slice notation of Hugging Face datasets: `train`, `train[:10%]`, `train[200:300]`, `train[-500:]`, sums by `+`.
// Percent boundaries round to the closest example, halves to even, as there.
import { WinnowError } from '../error.ts';
import type { Dataset, SplitName } from './types.ts';

/** `validation` is the Hub's name for dev. */
const SPLITS: Readonly<Record<string, SplitName>> = { train: 'train', dev: 'dev', validation: 'dev', test: 'test' };
const PART = /^(\w+)(?:\[(?:(-?\d+)(%?))?:(?:(-?\d+)(%?))?\])?$/;
const EXPECTED = 'expected train, dev or test, such as train[:10%], train[200:300] or train[-500:]';

/** @throws WinnowError `bad-settings` where the notation is wrong or selects nothing. */
export function selectSlice<T>(notation: string, splits: Readonly<Record<SplitName, readonly T[]>>): T[] {
  const selected = notation.split('+').flatMap((part) => selectPart(part.trim(), splits));
  if (selected.length > 0) return selected;
  const sizes = Object.entries(splits).map(([name, examples]) => `${name} has ${examples.length}`);
  const message = `slice ${JSON.stringify(notation)}: expected examples, got none; ${sizes.join(', ')}.`;
  throw new WinnowError('bad-settings', `${message} Take a part of a split that has some, such as train[90%:].`);
}

/** Of each split the part that its slice selects. Throws as `selectSlice`. */
export function sliceDataset(dataset: Dataset, slices: Readonly<Record<SplitName, string>>): Dataset {
  // The two branches differ in the type of their examples alone.
  if (dataset.kind === 'question-answering') return { ...dataset, splits: slicedSplits(dataset.splits, slices) };
  return { ...dataset, splits: slicedSplits(dataset.splits, slices) };
}

function slicedSplits<T>(
  splits: Readonly<Record<SplitName, readonly T[]>>,
  slices: Readonly<Record<SplitName, string>>,
): Record<SplitName, T[]> {
  return {
    train: selectSlice(slices.train, splits),
    dev: selectSlice(slices.dev, splits),
    test: selectSlice(slices.test, splits),
  };
}

function selectPart<T>(part: string, splits: Readonly<Record<SplitName, readonly T[]>>): readonly T[] {
  const [, name = '', from, fromUnit, to, toUnit] = PART.exec(part) ?? [];
  const split = Object.hasOwn(SPLITS, name) ? SPLITS[name] : undefined;
  if (!split) throw wrong(part, EXPECTED);
  const isMixed = from !== undefined && to !== undefined && fromUnit !== toUnit;
  if (isMixed) throw wrong(part, 'expected both boundaries in percent or both in examples');
  const examples = splits[split];
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
