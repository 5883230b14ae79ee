// What a run may learn from: texts with their labels, and texts whose labels it never sees.
import { WinnowError } from '../engine/error.ts';
import type { ClassificationExample, Dataset } from '../engine/text/types.ts';
import { type FewShotSplit, splitFewShot, splitHidden } from '../engine/uda/few-shot.ts';
import type { LoadedData } from '../hub/data-source.ts';
import type { RunWarning } from '../runs/events.ts';
import type { RunSpec } from '../runs/spec.ts';

export interface TrainingTexts {
  /** Its train split holds labelled texts alone. */
  readonly dataset: Dataset;
  readonly unlabelled: readonly ClassificationExample[];
  readonly warnings: readonly RunWarning[];
}

type Division = Pick<RunSpec, 'few_shot' | 'uda' | 'mlm'> & { readonly training: Pick<RunSpec['training'], 'seed'> };

/** @throws WinnowError `bad-settings` for questions; `bad-data` for a class with too few texts, or a label missing. */
export function divideLabels({ dataset, name }: LoadedData, { few_shot, uda, mlm, training }: Division): TrainingTexts {
  if (mlm) return withoutLabels(dataset);
  if (dataset.kind === 'text-classification' && dataset.labels.length < 2) throw tooFewLabels(name, dataset.labels);
  if (!few_shot && !uda) return { dataset: checkLabels(name, dataset), unlabelled: [], warnings: [] };
  if (dataset.kind !== 'text-classification') {
    throw new WinnowError(
      'bad-settings',
      `${name}: expected text classification for few labels or UDA, got question answering. Choose other data.`,
    );
  }
  const split = few_shot
    ? splitFewShot(dataset, { labelsPerClass: few_shot.labels_per_class, seed: few_shot.seed ?? training.seed })
    : splitHidden(dataset);
  return { dataset: split.dataset, unlabelled: split.unlabelled, warnings: overlapWarnings(split) };
}

/** Every training text, and dev to be filled in too. What later runs are tested on stays unseen, or is said. */
function withoutLabels(dataset: Dataset): TrainingTexts {
  if (dataset.kind !== 'text-classification') {
    return { dataset: { ...dataset, splits: { ...dataset.splits, test: [] } }, unlabelled: [], warnings: [] };
  }
  const { train, dev } = dataset.splits;
  const hide = (example: ClassificationExample) => ({ ...example, label: null });
  const { labelled, unlabelled } = splitHidden(dataset).inTest;
  return {
    dataset: { ...dataset, splits: { train: train.map(hide), dev: dev.map(hide), test: [] } },
    unlabelled: [],
    warnings: overlapWarning(labelled + unlabelled, train.length, 'training'),
  };
}

function checkLabels(name: string, dataset: Dataset): Dataset {
  if (dataset.kind !== 'text-classification') return dataset;
  const hidden = dataset.splits.train.find(({ label }) => label === null);
  if (!hidden) return dataset;
  throw new WinnowError(
    'bad-data',
    `${name}, train, example ${hidden.id}: expected a label, got none. Choose the label column, or remove the example.`,
  );
}

function tooFewLabels(name: string, [only]: readonly string[]): WinnowError {
  const [got, remedy] =
    only === undefined
      ? ['none', 'Choose their column in the data cell']
      : [`${only} alone`, 'Let another stay in the filter of the data cell'];
  return new WinnowError(
    'bad-data',
    `${name}: expected labels to learn, got ${got}. ${remedy}, or fill in words (mlm), which needs none.`,
  );
}

const overlapWarnings = ({ dataset, unlabelled, inTest }: FewShotSplit): RunWarning[] => [
  ...overlapWarning(inTest.labelled, dataset.splits.train.length, 'labelled'),
  ...overlapWarning(inTest.unlabelled, unlabelled.length, 'unlabelled'),
];

function overlapWarning(count: number, all: number, kind: string): RunWarning[] {
  if (count === 0) return [];
  const message = `${count} of the ${all} ${kind} texts are in the test split too: its result will look better than it is.`;
  return [{ code: 'test-overlap', message }];
}
