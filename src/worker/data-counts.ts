// How a data set is made up: labels of texts, answers of questions, and what its splits share.
import { overlapKey } from '../engine/text/examples.ts';
import { checkAnswers } from '../engine/text/squad-features.ts';
import type { ClassificationExample, Dataset, Example, QuestionExample, SplitName } from '../engine/text/types.ts';
import type { AnswerCounts, DataDescription, LabelCounts } from '../runs/protocol.ts';

/** Of the misplaced answers of a split, so many are told in words. */
const mostProblems = 20;

export function countsOf(dataset: Dataset): Pick<DataDescription, 'balance' | 'answers' | 'inTrain'> {
  const inTrain = countKnown(dataset.splits);
  if (dataset.kind === 'question-answering') {
    return { inTrain, balance: null, answers: bySplit((split) => countAnswers(dataset.splits[split])) };
  }
  const balance = bySplit((split) => countLabels(dataset.splits[split], dataset.labels.length));
  return { inTrain, balance, answers: null };
}

function countKnown({ train, dev, test }: Dataset['splits']): DataDescription['inTrain'] {
  const known = new Set(train.map(overlapKey));
  const countIn = (examples: readonly Example[]) => examples.filter((example) => known.has(overlapKey(example))).length;
  return { dev: countIn(dev), test: countIn(test) };
}

const bySplit = <T>(of: (split: SplitName) => T) => ({ train: of('train'), dev: of('dev'), test: of('test') });

function countLabels(examples: readonly ClassificationExample[], labels: number): LabelCounts {
  const counts = new Array<number>(labels).fill(0);
  let hidden = 0;
  for (const { label } of examples) {
    if (label === null) hidden += 1;
    else counts[label]! += 1;
  }
  return { counts, hidden };
}

function countAnswers(examples: readonly QuestionExample[]): AnswerCounts {
  const { ok, problems } = checkAnswers(examples);
  const answered = ok.filter(({ answers }) => answers.length > 0).length;
  return {
    answered,
    unanswerable: ok.length - answered,
    misplaced: problems.length,
    problems: problems.slice(0, mostProblems).map(({ message }) => message),
  };
}
