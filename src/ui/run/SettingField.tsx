// One setting. What is typed stays as typed; the notebook changes only when it makes sense.
import { useId, useState } from 'react';
import type { SweptSetting } from '../../runs/sweep.ts';
import { setting } from '../format.ts';
import { choiceTitles, type Field, type SettingValue } from './fields.ts';
import type { SweptAnswer } from './swept-values.ts';

interface SettingFieldProps {
  readonly field: Field;
  readonly title: string;
  readonly about: string;
  readonly value: SettingValue;
  readonly onChange: (value: SettingValue) => void;
  readonly swept: SweptInput;
}

/** A number field also takes several values, which make several runs. */
export interface SweptInput {
  /** The values, where there are several. */
  readonly text: string | null;
  readonly parse: (text: string) => SweptAnswer;
  readonly onChange: (setting: SweptSetting) => void;
}

export function SettingField({ field, title, about, value, onChange, swept }: SettingFieldProps) {
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
        <NumberInput
          id={id}
          field={field}
          value={typeof value === 'number' ? value : null}
          onChange={onChange}
          swept={swept}
        />
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
  readonly swept?: SweptInput;
}

export function NumberInput({ id, label, field, value, onChange, swept }: NumberInputProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const kept = swept?.text ?? (value === null ? '' : setting(value));
  const shown = draft ?? kept;
  const problem = problemWith(shown, field, swept);
  const type = (text: string) => {
    setDraft(text);
    const next = field.parse(readNumber(text, field.isNullable));
    if ('value' in next) {
      if (next.value !== value || swept?.text) onChange(next.value);
      return;
    }
    const several = swept?.parse(text);
    if (several && 'setting' in several) swept?.onChange(several.setting);
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
          {problem}; {kept === '' ? 'empty' : kept} still counts.
        </span>
      )}
    </>
  );
}

function problemWith(text: string, field: NumberInputProps['field'], swept: SweptInput | undefined): string | null {
  const number = readNumber(text, field.isNullable);
  const parsed = field.parse(number);
  if ('value' in parsed) return null;
  const several = swept?.parse(text);
  if (several && 'setting' in several) return null;
  if (several && /[,;]| to /.test(text)) return several.problem;
  return Number.isNaN(number) ? 'Not a number' : parsed.problem;
}

/** `5e-5`, `0.1`, `,1` as some keyboards have it, and a minus sign from a typeset page. */
function readNumber(text: string, isNullable: boolean): number | null {
  const plain = text.trim().replace(',', '.').replace('−', '-');
  if (plain === '') return isNullable ? null : Number.NaN;
  return Number(plain);
}
