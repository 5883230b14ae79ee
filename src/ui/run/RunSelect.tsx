// Chooses one of the notebook's runs: its cell and, of a cell with several, which of them.
import { cellsOf } from '../../notebook/document.ts';
import type { RunChoice } from '../../notebook/run-choice.ts';
import { hasWeights } from '../../runs/reducer.ts';
import { SelectField } from '../components/SelectField.tsx';
import { useDocument, useVariantsOf } from '../services.ts';

interface RunSelectProps {
  readonly label: string;
  readonly choice: RunChoice;
  readonly onChoose: (choice: RunChoice) => void;
}

export function RunSelect({ label, choice: { cellId, variant }, onChoose }: RunSelectProps) {
  const cells = cellsOf(useDocument(), 'run').map(({ id, name }) => ({ id, label: name }));
  const variants = useVariantsOf(cellId, hasWeights).map((run) => run.variant);
  return (
    <>
      <SelectField label={label} options={cells} value={cellId} onChoose={(id) => onChoose({ cellId: id })} />
      {(variants.length > 1 || variant !== undefined) && (
        <SelectField
          label={`${label}, which of its runs`}
          options={[{ id: newest, label: 'The newest' }, ...variants.map(optionOf)]}
          value={variant === undefined ? newest : optionOf(variant).id}
          placeholder={`${variant} (no result)`}
          onChoose={(id) => onChoose({ cellId, variant: id === newest ? undefined : id.slice(prefix.length) })}
        />
      )}
    </>
  );
}

const newest = 'newest';
const prefix = 'variant ';

/** The variant of a run from before the cell was swept is empty. */
const optionOf = (variant: string) => ({ id: `${prefix}${variant}`, label: variant || 'Without a sweep' });
