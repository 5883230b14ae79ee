import { useId } from 'react';
import { type DataChoice, splitNames } from '../../runs/spec.ts';

type Slices = DataChoice['slices'];
type Split = (typeof splitNames)[number];

interface SliceFieldsProps {
  readonly slices: Slices;
  readonly onChange: (slices: Slices, split: Split) => void;
}

/** Which part of the data serves for what, in the slice notation of Hugging Face datasets. */
export function SliceFields({ slices, onChange }: SliceFieldsProps) {
  const id = useId();
  return splitNames.map((split) => (
    <div key={split} className="field field-slice">
      <label htmlFor={`${id}-${split}`}>{purposes[split]}</label>
      <input
        id={`${id}-${split}`}
        className="input mono"
        spellCheck={false}
        placeholder={`${split}[:10%]`}
        value={slices[split]}
        onChange={({ target }) => onChange({ ...slices, [split]: target.value }, split)}
      />
    </div>
  ));
}

const purposes = { train: 'Train on', dev: 'Evaluate on', test: 'Test on' } as const;
