// Which part of the data serves for what, in the slice notation of Hugging Face datasets.
import { useId, useState } from 'react';
import { type DataChoice, splitNames } from '../../runs/spec.ts';

type Slices = DataChoice['slices'];

interface SliceFieldsProps {
  readonly slices: Slices;
  readonly onChange: (slices: Slices) => void;
}

export function SliceFields({ slices, onChange }: SliceFieldsProps) {
  return splitNames.map((split) => (
    <SliceField
      key={split}
      label={purposes[split]}
      example={`${split}[:10%]`}
      value={slices[split]}
      onChange={(value) => onChange({ ...slices, [split]: value })}
    />
  ));
}

const purposes = { train: 'Train on', dev: 'Evaluate on', test: 'Test on' } as const;

interface SliceFieldProps {
  readonly label: string;
  readonly example: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Half a slice is no slice: what is typed counts once the field is left, or at Enter. */
function SliceField({ label, example, value, onChange }: SliceFieldProps) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const settle = () => {
    setDraft(null);
    if (draft !== null && draft !== value) onChange(draft);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input mono"
        spellCheck={false}
        placeholder={example}
        value={draft ?? value}
        onChange={({ target }) => setDraft(target.value)}
        onBlur={settle}
        onKeyDown={({ key }) => key === 'Enter' && settle()}
      />
    </div>
  );
}
