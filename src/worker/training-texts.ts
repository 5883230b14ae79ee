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

type Division = Pick<RunSpec, 'few_shot' | 'uda'> & { readonly training: Pick<RunSpec['training'], 'seed'> };

/** @throws WinnowError `bad-settings` for questions; `bad-data` for a class with too few texts, or a label missing. */
export function divideLabels({ dataset, name }: LoadedData, { few_shot, uda, training }: Division): TrainingTexts {
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

function checkLabels(name: string, dataset: Dataset): Dataset {
  if (dataset.kind !== 'text-classification') return dataset;
  const hidden = dataset.splits.train.find(({ label }) => label === null);
  if (!hidden) return dataset;
  throw new WinnowError(
    'bad-data',
    `${name}, train, example ${hidden.id}: expected a label, got none. Choose the label column, or remove the example.`,
  );
}

function overlapWarnings({ dataset, unlabelled, inTest }: FewShotSplit): RunWarning[] {
  const warn = (count: number, all: number, kind: string): RunWarning[] =>
    count === 0
      ? []
      : [
          {
            code: 'test-overlap',
            message: `${count} of the ${all} ${kind} texts are in the test split too: its result will look better than it is.`,
          },
        ];
  return [
    ...warn(inTest.labelled, dataset.splits.train.length, 'labelled'),
    ...warn(inTest.unlabelled, unlabelled.length, 'unlabelled'),
  ];
}
