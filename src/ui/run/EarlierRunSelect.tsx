// A choice among the notebook's other runs, by name: a teacher, or whose weights to start with.
import type { ReactNode } from 'react';
import { type CellOf, cellsOf } from '../../notebook/document.ts';
import { SelectField } from '../components/SelectField.tsx';
import { useDocument } from '../services.ts';

interface EarlierRunSelectProps {
  readonly cell: CellOf<'run'>;
  readonly label: ReactNode;
  /** What choosing no run means. */
  readonly none: string;
  readonly value: string | null;
  readonly onChoose: (name: string | null) => void;
}

export function EarlierRunSelect({ cell, label, none, value, onChoose }: EarlierRunSelectProps) {
  const others = cellsOf(useDocument(), 'run').filter((run) => run.id !== cell.id);
  return (
    <SelectField
      label={label}
      options={[{ id: '', label: none }, ...others.map(({ name }) => ({ id: name, label: name }))]}
      value={value ?? ''}
      placeholder={`${value} (not in this notebook)`}
      onChoose={(name) => onChoose(name === '' ? null : name)}
    />
  );
}
