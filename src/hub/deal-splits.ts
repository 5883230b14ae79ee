// Dropped files seldom bring all three splits. What is missing is dealt from the training examples, always with the
// same seed: runs that differ in their seed must be measured on the same examples.
import { shuffle } from '../engine/random.ts';
import type { ClassificationExample, Dataset, QuestionExample, SplitName } from '../engine/text/types.ts';

const dealSeed = 42;
const share = 0.1;

type Splits<T> = Readonly<Record<SplitName, readonly T[]>>;

/** The note tells the user what was done. */
export function dealMissingSplits(dataset: Dataset): { readonly dataset: Dataset; readonly note: string } {
  const { dev, test, train } = dataset.splits;
  const missing = (['dev', 'test'] as const).filter(
    (split) => train.length === 0 || dataset.splits[split].length === 0,
  );
  if (missing.length === 0)
    return { dataset, note: `Splits by file name: ${train.length}, ${dev.length}, ${test.length}.` };
  const note = `${missing.join(' and ')}: a tenth of the ${train.length > 0 ? 'training ' : ''}examples${missing.length > 1 ? ' each' : ''}, drawn with seed ${dealSeed}; what shares a text stays together.`;
  if (dataset.kind === 'question-answering') {
    return { dataset: { ...dataset, splits: deal(dataset.splits, missing, questionGroup(dataset.splits)) }, note };
  }
  return { dataset: { ...dataset, splits: deal(dataset.splits, missing, textGroup) }, note };
}

const textGroup = ({ text, textPair }: ClassificationExample) => JSON.stringify([text, textPair]);

/** By article where there are enough of them, as SQuAD itself is split; else by context. */
function questionGroup(splits: Splits<QuestionExample>): (example: QuestionExample) => string {
  const titles = new Set(Object.values(splits).flatMap((examples) => examples.map(({ title }) => title)));
  return titles.size >= 20 ? ({ title }) => title : ({ context }) => context;
}

/** Files named for no training split are pooled: one dropped file is the whole data, whatever it is called. */
function deal<T>(splits: Splits<T>, missing: readonly SplitName[], groupOf: (example: T) => string): Splits<T> {
  const pool = splits.train.length > 0 ? splits.train : [...splits.dev, ...splits.test];
  const groups = groupBy(pool, groupOf);
  const dealt: Record<SplitName, T[]> = { train: [], dev: [...splits.dev], test: [...splits.test] };
  for (const split of missing) dealt[split] = [];
  for (const i of shuffle(groups.length, dealSeed)) {
    const short = missing.find((split) => dealt[split].length < share * pool.length);
    dealt[short ?? 'train'].push(...groups[i]!);
  }
  return dealt;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}
