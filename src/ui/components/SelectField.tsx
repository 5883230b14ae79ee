import { type ReactNode, useId } from 'react';

interface SelectFieldProps {
  readonly label: ReactNode;
  readonly options: readonly { readonly id: string; readonly label: string }[];
  /** Null, or an id that is no option: nothing is chosen, and the placeholder shows. */
  readonly value: string | null;
  readonly placeholder?: string;
  readonly onChoose: (id: string) => void;
}

export function SelectField({ label, options, value, placeholder = 'Choose', onChoose }: SelectFieldProps) {
  const id = useId();
  const isChosen = options.some((option) => option.id === value);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="select"
        value={isChosen ? (value ?? '') : ''}
        onChange={({ target }) => onChoose(target.value)}
      >
        {!isChosen && (
          <option value="" disabled>
            {placeholder}
          </option>
        )}
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
