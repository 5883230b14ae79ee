// A field of which half a value is none: what is typed counts once the field is left, or at Enter.
import { useId, useState } from 'react';

interface SettledFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onSettle: (value: string) => void;
  readonly type?: 'text' | 'number';
  readonly placeholder?: string;
  readonly isCode?: boolean;
}

export function SettledField({ label, value, onSettle, type = 'text', placeholder, isCode }: SettledFieldProps) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const settle = () => {
    setDraft(null);
    if (draft !== null && draft !== value) onSettle(draft);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        min={type === 'number' ? 0 : undefined}
        className={isCode ? 'input mono' : 'input'}
        spellCheck={false}
        placeholder={placeholder}
        value={draft ?? value}
        onChange={({ target }) => setDraft(target.value)}
        onBlur={settle}
        onKeyDown={({ key }) => key === 'Enter' && settle()}
      />
    </div>
  );
}
