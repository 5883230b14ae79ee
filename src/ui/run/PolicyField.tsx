// An augmentation policy as a list: each twin is made by one of its operations, all as likely.
import { Plus, X } from 'lucide-react';
import { useId } from 'react';
import {
  formatPolicy,
  type Policy,
  type PolicyPart,
  parsePolicy,
  usualTemperature,
  type WordOperation,
  wordOperations,
} from '../../engine/uda/policy.ts';
import { IconButton } from '../components/IconButton.tsx';
import { NumberInput } from './SettingField.tsx';

interface PolicyFieldProps {
  /** In the authors' notation, `tf_idf-0.3+eda-0.1`. */
  readonly policy: string;
  /** Whether the data bring paraphrases, so that none are made. */
  readonly hasParaphrases: boolean;
  readonly onChange: (policy: string) => void;
}

const names: Readonly<Record<PolicyPart['kind'], string>> = {
  tf_idf: 'TF-IDF replacement',
  unif: 'random replacement',
  eda: 'EDA, any of its four',
  synonym: 'synonyms',
  insert: 'insertion',
  swap: 'swaps',
  delete: 'deletion',
  spelling: 'spelling noise',
  bt: 'back-translation',
};
const kinds = Object.keys(names) as PolicyPart['kind'][];

/** What a new operation begins with: the papers' own strengths. */
const defaultStrength = (kind: WordOperation): number => (kind === 'tf_idf' || kind === 'unif' ? 0.3 : 0.1);

const partOf = (kind: PolicyPart['kind'], value?: number): PolicyPart =>
  kind === 'bt' ? { kind, temperature: value ?? usualTemperature } : { kind, strength: value ?? defaultStrength(kind) };

/** Strengths and temperatures alike. */
const shareField = {
  isNullable: false,
  parse: (value: unknown) =>
    typeof value === 'number' && value > 0 && value <= 1
      ? { value }
      : { problem: 'Choose a number above 0 and up to 1' },
} as const;

export function PolicyField({ policy, hasParaphrases, onChange }: PolicyFieldProps) {
  const parts = parsePolicy(policy);
  const set = (next: Policy) => onChange(formatPolicy(next));
  const unused = kinds.find((kind) => parts.every((part) => part.kind !== kind)) ?? 'tf_idf';
  return (
    <div className="policy">
      <p className="policy-title">
        Augmentation <code className="field-key">aug_ops</code> <code>{policy}</code>
      </p>
      <ol className="policy-parts">
        {parts.map((part, index) => (
          <Part
            // biome-ignore lint/suspicious/noArrayIndexKey: a part has no identity but its place
            key={index}
            part={part}
            place={index + 1}
            hasParaphrases={hasParaphrases}
            onChange={(next) => set(parts.with(index, next))}
            onRemove={parts.length > 1 ? () => set(parts.toSpliced(index, 1)) : null}
          />
        ))}
      </ol>
      <button type="button" className="button button-quiet" onClick={() => set([...parts, partOf(unused)])}>
        <Plus size={15} aria-hidden="true" /> Mix in another operation
      </button>
    </div>
  );
}

interface PartProps {
  readonly part: PolicyPart;
  readonly place: number;
  readonly hasParaphrases: boolean;
  readonly onChange: (part: PolicyPart) => void;
  /** Null for the only one. */
  readonly onRemove: (() => void) | null;
}

function Part({ part, place, hasParaphrases, onChange, onRemove }: PartProps) {
  const id = useId();
  return (
    <li className="policy-part">
      <select
        className="select"
        aria-label={`Operation ${place}`}
        value={part.kind}
        onChange={({ target }) => onChange(partOf(target.value as PolicyPart['kind']))}
      >
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {names[kind]}
          </option>
        ))}
      </select>
      {part.kind === 'bt' && hasParaphrases ? (
        <span className="policy-about">from the column that the data cell names</span>
      ) : (
        <span className="policy-strength">
          <NumberInput
            id={`${id}-strength`}
            label={`${part.kind === 'bt' ? 'Temperature' : 'Strength'} of operation ${place}`}
            field={shareField}
            value={part.kind === 'bt' ? part.temperature : part.strength}
            onChange={(value) => typeof value === 'number' && onChange(partOf(part.kind, value))}
          />
          <span className="policy-about">
            {part.kind === 'bt' ? 'temperature of sampling: 0.9, or 0.8 to keep closer' : wordOperations[part.kind]}
          </span>
        </span>
      )}
      {onRemove && <IconButton icon={X} label={`Remove operation ${place}`} onPress={onRemove} />}
    </li>
  );
}
