// Which part of the data serves for what, in the slice notation of Hugging Face datasets.
import { type DataChoice, splitNames } from '../../runs/spec.ts';
import { SettledField } from '../components/SettledField.tsx';

type Slices = DataChoice['slices'];

interface SliceFieldsProps {
  readonly slices: Slices;
  readonly onChange: (slices: Slices) => void;
}

const purposes = { train: 'Train on', dev: 'Evaluate on', test: 'Test on' } as const;

export function SliceFields({ slices, onChange }: SliceFieldsProps) {
  return splitNames.map((split) => (
    <SettledField
      key={split}
      label={purposes[split]}
      placeholder={`${split}[:10%]`}
      value={slices[split]}
      isCode
      onSettle={(value) => onChange({ ...slices, [split]: value })}
    />
  ));
}
