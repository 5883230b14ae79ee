// How a data set is made up: labels of texts, answers of questions.
import { checkAnswers } from '../engine/text/squad-features.ts';
import type { ClassificationExample, Dataset, QuestionExample, SplitName } from '../engine/text/types.ts';
import type { AnswerCounts, DataDescription, LabelCounts } from '../runs/protocol.ts';

/** Of the misplaced answers of a split, so many are told in words. */
const mostProblems = 20;

export function countsOf(dataset: Dataset): Pick<DataDescription, 'balance' | 'answers'> {
  if (dataset.kind === 'question-answering') {
    return { balance: null, answers: bySplit((split) => countAnswers(dataset.splits[split])) };
  }
  return { balance: bySplit((split) => countLabels(dataset.splits[split], dataset.labels.length)), answers: null };
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
