// One setting. What is typed stays as typed; the notebook changes only when it makes sense.
import { useId, useState } from 'react';
import { setting } from '../format.ts';
import { choiceTitles, type Field, type SettingValue } from './fields.ts';

interface SettingFieldProps {
  readonly field: Field;
  readonly title: string;
  readonly about: string;
  readonly value: SettingValue;
  readonly onChange: (value: SettingValue) => void;
}

export function SettingField({ field, title, about, value, onChange }: SettingFieldProps) {
  const id = useId();
  const label = (
    <label htmlFor={id}>
      {title} <code className="field-key">{field.key}</code>
    </label>
  );
  if (field.kind === 'boolean') {
    return (
      <div className="field field-check">
        <input
          id={id}
          type="checkbox"
          checked={value === true}
          aria-describedby={about ? `${id}-about` : undefined}
          onChange={({ target }) => onChange(target.checked)}
        />
        {label}
        {about && (
          <small id={`${id}-about`} className="field-about">
            {about}
          </small>
        )}
      </div>
    );
  }
  return (
    <div className="field">
      {label}
      {field.kind === 'choice' ? (
        <select
          id={id}
          className="select"
          value={value === null ? '' : String(value)}
          onChange={({ target }) => onChange(target.value === '' ? null : target.value)}
        >
          {field.choices.map((choice) => (
            <option key={choice ?? ''} value={choice ?? ''}>
              {choice === null ? 'none' : (choiceTitles[choice] ?? choice)}
            </option>
          ))}
        </select>
      ) : (
        <NumberInput id={id} field={field} value={typeof value === 'number' ? value : null} onChange={onChange} />
      )}
    </div>
  );
}

interface NumberInputProps {
  readonly id: string;
  /** Where no label element names it. */
  readonly label?: string;
  readonly field: Pick<Field, 'parse' | 'isNullable'>;
  readonly value: number | null;
  readonly onChange: (value: SettingValue) => void;
}

export function NumberInput({ id, label, field, value, onChange }: NumberInputProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const shown = draft ?? (value === null ? '' : setting(value));
  const problem = problemWith(shown, field);
  const type = (text: string) => {
    setDraft(text);
    const next = field.parse(readNumber(text, field.isNullable));
    if ('value' in next && next.value !== value) onChange(next.value);
  };
  return (
    <>
      <input
        id={id}
        aria-label={label}
        className="input"
        inputMode="decimal"
        autoComplete="off"
        value={shown}
        aria-invalid={problem !== null}
        aria-describedby={problem ? `${id}-problem` : undefined}
        onChange={({ target }) => type(target.value)}
        onBlur={() => problem === null && setDraft(null)}
      />
      {problem && (
        <span id={`${id}-problem`} className="field-problem">
          {problem}; {value === null ? 'empty' : setting(value)} still counts.
        </span>
      )}
    </>
  );
}

function problemWith(text: string, field: Pick<Field, 'parse' | 'isNullable'>): string | null {
  const number = readNumber(text, field.isNullable);
  if (Number.isNaN(number)) return 'Not a number';
  const parsed = field.parse(number);
  return 'problem' in parsed ? parsed.problem : null;
}

/** `5e-5`, `0.1`, `,1` as some keyboards have it, and a minus sign from a typeset page. */
function readNumber(text: string, isNullable: boolean): number | null {
  const plain = text.trim().replace(',', '.').replace('−', '-');
  if (plain === '') return isNullable ? null : Number.NaN;
  return Number(plain);
}
