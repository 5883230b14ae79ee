// In what order rows are sliced, and which of the sliced ones stay.
import { asksQuestions, type DataChoice, type FilterSettings, filterSchema } from '../../runs/spec.ts';
import { SelectField } from '../components/SelectField.tsx';
import { SettledField } from '../components/SettledField.tsx';
import { plural } from '../format.ts';

interface ShuffleAndFilterProps {
  readonly choice: DataChoice;
  /** All that there are without the filter, as far as they are known. */
  readonly labels: readonly string[];
  readonly onChange: (change: Pick<DataChoice, 'shuffle_seed' | 'filter'>) => void;
}

const unfiltered = filterSchema.parse({});
const answerChoices = [
  { id: 'any', label: 'All questions' },
  { id: 'placed', label: 'Without misplaced answers' },
  { id: 'answered', label: 'With an answer, where it says' },
] as const satisfies readonly { id: FilterSettings['answers']; label: string }[];

export function ShuffleAndFilter({ choice, labels, onChange }: ShuffleAndFilterProps) {
  const { shuffle_seed, filter } = choice;
  const set = filter ?? unfiltered;
  const change = (part: Partial<FilterSettings>) => {
    const next = { ...set, ...part };
    const isNone = JSON.stringify(next) === JSON.stringify(unfiltered);
    onChange({ shuffle_seed, filter: isNone ? null : next });
  };
  const words = wordsFor(choice);
  return (
    <details className="more shuffle-filter">
      <summary>
        Shuffle and filter
        {words !== '' && <span className="hint">{`: ${words}`}</span>}
      </summary>
      <div className="choices">
        <SettledField
          label="Shuffle by seed (empty: not)"
          type="number"
          value={shuffle_seed === null ? '' : String(shuffle_seed)}
          onSettle={(value) => onNumber(value, (seed) => onChange({ shuffle_seed: seed, filter }))}
        />
        <SettledField
          label="Words, at least"
          type="number"
          value={set.min_words === null ? '' : String(set.min_words)}
          onSettle={(value) => onNumber(value, (min_words) => change({ min_words }))}
        />
        <SettledField
          label="Words, at most"
          type="number"
          value={set.max_words === null ? '' : String(set.max_words)}
          onSettle={(value) => onNumber(value, (max_words) => change({ max_words }))}
        />
        <SettledField label="Text contains" value={set.contains} onSettle={(contains) => change({ contains })} />
        <SettledField label="Text does not contain" value={set.lacks} onSettle={(lacks) => change({ lacks })} />
        {asksQuestions(choice) && (
          <SelectField
            label="Questions"
            options={answerChoices}
            value={set.answers}
            onChoose={(id) => change({ answers: id as FilterSettings['answers'] })}
          />
        )}
      </div>
      {labels.length > 1 && (
        <LabelChecks labels={labels} kept={set.labels} onChange={(kept) => change({ labels: kept })} />
      )}
      {filter && (
        <button type="button" className="button" onClick={() => onChange({ shuffle_seed, filter: null })}>
          Remove the filter
        </button>
      )}
      <p className="hint">
        Every split is shuffled before its slices are taken, so that slices without a common range share no row. Then
        the filter is applied to what they took.
        {choice.kind === 'hub' && ' Shuffled rows lie all over a split: most of it has to be downloaded.'}
      </p>
    </details>
  );
}

interface LabelChecksProps {
  readonly labels: readonly string[];
  /** Empty: all. */
  readonly kept: readonly string[];
  readonly onChange: (kept: string[]) => void;
}

function LabelChecks({ labels, kept, onChange }: LabelChecksProps) {
  const isKept = (label: string) => kept.length === 0 || kept.includes(label);
  const toggle = (label: string) => {
    const next = labels.filter((other) => isKept(other) !== (other === label));
    onChange(next.length === labels.length ? [] : next);
  };
  return (
    <fieldset className="run-checks">
      <legend className="hint">Labels that stay</legend>
      {labels.map((label) => (
        <label key={label}>
          <input type="checkbox" checked={isKept(label)} onChange={() => toggle(label)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

/** Null for an empty field; what is no whole number from 0 on changes nothing. */
function onNumber(value: string, settle: (value: number | null) => void): void {
  if (value === '') settle(null);
  else if (/^\d+$/.test(value)) settle(Number(value));
}

/** What is set, in few words; empty where nothing is. */
function wordsFor({ shuffle_seed: seed, filter }: DataChoice): string {
  const { labels, contains, lacks, min_words: least, max_words: most, answers } = filter ?? unfiltered;
  const parts = [
    seed !== null && `shuffled by ${seed}`,
    labels.length > 0 && `only ${labels.join(', ')}`,
    contains !== '' && `with “${contains}”`,
    lacks !== '' && `without “${lacks}”`,
    least !== null && `at least ${plural(least, 'word')}`,
    most !== null && `at most ${plural(most, 'word')}`,
    answers !== 'any' && answerChoices.find(({ id }) => id === answers)?.label.toLowerCase(),
  ];
  return parts.filter(Boolean).join(', ');
}
