// Whether the answers of questions are where they say, by split.
import type { DataDescription } from '../../runs/protocol.ts';
import { splitNames } from '../../runs/spec.ts';
import { count } from '../format.ts';

type Answers = NonNullable<DataDescription['answers']>;

const kinds = [
  ['with an answer', 'answered'],
  ['without one, as in SQuAD 2.0', 'unanswerable'],
  ['whose answer is not where it says', 'misplaced'],
] as const;

export function AnswersView({ answers }: { readonly answers: Answers }) {
  const problems = splitNames.flatMap((split) => answers[split].problems);
  const misplaced = splitNames.reduce((sum, split) => sum + answers[split].misplaced, 0);
  return (
    <>
      <div className="table-scroll">
        <table className="table compare-table">
          <thead>
            <tr>
              <th scope="col">questions</th>
              {splitNames.map((split) => (
                <th key={split} scope="col" className="number">
                  {split}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {kinds.map(([name, kind]) => (
              <tr key={kind}>
                <th scope="row">{name}</th>
                {splitNames.map((split) => (
                  <td key={split} className="number">
                    {count(answers[split][kind])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {misplaced === 0 ? (
        <p className="hint">Every answer is found where it says.</p>
      ) : (
        <>
          <p className="hint">A run refuses data with such answers. Mend the file, or drop these questions from it:</p>
          <ul className="answer-problems">
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
            {misplaced > problems.length && <li>{`and ${count(misplaced - problems.length)} more`}</li>}
          </ul>
        </>
      )}
    </>
  );
}
