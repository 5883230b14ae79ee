// What the columns of a dropped table mean. Where they could not be guessed, the worker has no description to give, so
// the names are read from the file itself.
import { useEffect, useId, useState } from 'react';
import type { DataChoice } from '../../runs/spec.ts';
import { useServices } from '../services.ts';

type TableChoice = Exclude<DataChoice, { kind: 'embedded' }>;

interface ColumnsChoiceProps {
  readonly choice: TableChoice;
  /** Null where the description failed. */
  readonly known: readonly string[] | null;
  readonly onChoose: (choice: TableChoice) => void;
}

const roles = {
  'text-classification': [
    ['text', 'Text'],
    ['text_pair', 'Second text (if any)'],
    ['label', 'Label'],
    ['augmented', 'Paraphrases, for UDA (if any)'],
  ],
  'question-answering': [
    ['context', 'Context'],
    ['question', 'Question'],
    ['answers', 'Answers'],
  ],
} as const;

/** Never guessed. */
const optionalRoles: ReadonlySet<string> = new Set(['augmented']);

export function ColumnsChoice({ choice, known, onChoose }: ColumnsChoiceProps) {
  const id = useId();
  const columns = useColumns(choice, known);
  const assign = (role: string, column: string) => {
    const { [role]: _, ...others } = choice.columns;
    onChoose({ ...choice, columns: column === '' ? others : { ...others, [role]: column } });
  };
  return (
    <div className="choices">
      <div className="field">
        <label htmlFor={`${id}-task`}>Task</label>
        <select
          id={`${id}-task`}
          className="select"
          value={choice.task}
          onChange={({ target }) =>
            onChoose({ ...choice, task: target.value as TableChoice['task'], columns: {}, filter: null })
          }
        >
          <option value="text-classification">Text classification</option>
          <option value="question-answering">Question answering</option>
        </select>
      </div>
      {columns.length > 0 &&
        roles[choice.task].map(([role, label]) => (
          <div key={role} className="field">
            <label htmlFor={`${id}-${role}`}>{label}</label>
            <select
              id={`${id}-${role}`}
              className="select"
              value={choice.columns[role] ?? ''}
              onChange={({ target }) => assign(role, target.value)}
            >
              <option value="">{optionalRoles.has(role) ? 'None' : 'As guessed'}</option>
              {columns.map((column) => (
                <option key={column} value={column}>
                  {column}
                </option>
              ))}
            </select>
          </div>
        ))}
    </div>
  );
}

function useColumns(choice: TableChoice, known: readonly string[] | null): readonly string[] {
  const { notices } = useServices();
  const [found, setFound] = useState<readonly string[]>([]);
  const mustRead = known === null;
  const source = choice.kind === 'files' ? choice.key : `${choice.id} ${choice.commit} ${choice.config}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `source` stands for what of the choice is read
  useEffect(() => {
    if (!mustRead) return;
    let isCurrent = true;
    const read = async () => {
      const { readColumns } = await import('../../hub/data-source.ts');
      const columns = await readColumns(choice);
      if (isCurrent) setFound(columns);
    };
    read().catch(notices.add);
    return () => {
      isCurrent = false;
    };
  }, [source, mustRead, notices]);
  return known ?? found;
}
