// What a run cell sweeps over: any settings, in a grid or drawn at random, within a budget.
import { X } from 'lucide-react';
import { useId, useState } from 'react';
import type { CellOf } from '../../notebook/document.ts';
import { sweepOver, updateCell } from '../../notebook/transitions.ts';
import { type Sweep, type SweptSetting, sweepSchema } from '../../runs/sweep.ts';
import { IconButton } from '../components/IconButton.tsx';
import { SelectField } from '../components/SelectField.tsx';
import { useServices } from '../services.ts';
import { type Field, sweepableFields, titleOf } from './fields.ts';
import { NumberInput } from './SettingField.tsx';
import { parseSwept, sweptText } from './swept-values.ts';

export function SweepFields({ cell }: { readonly cell: CellOf<'run'> }) {
  const { notebook } = useServices();
  const { sweep } = cell;
  const swept = sweep?.settings ?? [];
  const fields = sweepableFields(cell);
  const offered = fields.filter(({ path }) => !swept.some((setting) => setting.path === path));
  const add = (path: string) => {
    const field = fields.find((candidate) => candidate.path === path);
    if (field) notebook.apply(sweepOver(cell.id, path, { kind: 'list', path, values: [field.value] }));
  };
  const change = (to: Partial<Sweep>) =>
    notebook.apply(updateCell(cell.id, 'run', { sweep: sweep && { ...sweep, ...to } }), `${cell.id} sweep`);
  return (
    <fieldset className="field-group">
      <legend className="eyebrow">Sweep</legend>
      <p className="hint">
        Several values make several runs: <code>1, 2, 3</code>, or <code>0.03 to 0.3 in 4</code>, with <code>log</code>{' '}
        at the end for even ratios. Number fields above take them, too.
      </p>
      <div className="field-grid">
        {swept.map((setting) => {
          const found = fields.find(({ path }) => path === setting.path);
          return <SweptField key={setting.path} cell={cell} setting={setting} field={found?.field ?? null} />;
        })}
        <SelectField
          label={swept.length > 0 ? 'Sweep another setting' : 'Sweep a setting'}
          options={offered.map(({ path, field }) => ({ id: path, label: `${titleOf(field, cell.pruning)} (${path})` }))}
          value={null}
          onChoose={add}
        />
        {sweep && <SearchFields sweep={sweep} onChange={change} />}
      </div>
    </fieldset>
  );
}

interface SweptFieldProps {
  readonly cell: CellOf<'run'>;
  readonly setting: SweptSetting;
  /** Null where the run has no such setting any more. */
  readonly field: Field | null;
}

function SweptField({ cell, setting, field }: SweptFieldProps) {
  const { notebook } = useServices();
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const { path } = setting;
  const shown = draft ?? sweptText(setting);
  const answer = field && parseSwept(path, field, shown);
  const problem = answer && 'problem' in answer ? answer.problem : null;
  const type = (text: string) => {
    setDraft(text);
    const next = field && parseSwept(path, field, text);
    if (next && 'setting' in next) notebook.apply(sweepOver(cell.id, path, next.setting), `${cell.id} sweep ${path}`);
  };
  return (
    <div className="field">
      <label htmlFor={id}>
        {field ? `${titleOf(field, cell.pruning)}, values` : 'No longer a setting of this run'}{' '}
        <code className="field-key">{path}</code>
      </label>
      <div className="field-row">
        <input
          id={id}
          className="input"
          autoComplete="off"
          value={shown}
          aria-invalid={problem !== null}
          aria-describedby={problem ? `${id}-problem` : undefined}
          onChange={({ target }) => type(target.value)}
          onBlur={() => problem === null && setDraft(null)}
        />
        <IconButton
          icon={X}
          label={`Do not sweep ${path}`}
          onPress={() => notebook.apply(sweepOver(cell.id, path, null))}
        />
      </div>
      {problem ? (
        <span id={`${id}-problem`} className="field-problem">
          {problem}
        </span>
      ) : (
        field?.kind === 'choice' && <small className="field-about">{`Of ${field.choices.join(', ')}`}</small>
      )}
    </div>
  );
}

const searches = [
  { id: 'grid', label: 'every combination (grid)' },
  { id: 'random', label: 'drawn at random' },
];

interface SearchFieldsProps {
  readonly sweep: Sweep;
  readonly onChange: (change: Partial<Sweep>) => void;
}

function SearchFields({ sweep: { search, seed, max_runs, max_minutes }, onChange }: SearchFieldsProps) {
  return (
    <>
      <SelectField
        label="Combinations"
        options={searches}
        value={search}
        onChoose={(chosen) => onChange({ search: chosen === 'random' ? 'random' : 'grid' })}
      />
      <Limit label="Most runs" name="max_runs" value={max_runs} onChange={onChange} />
      <Limit label="Most minutes (empty: no limit)" name="max_minutes" value={max_minutes} onChange={onChange} />
      {search === 'random' && <Limit label="Seed of the draws" name="seed" value={seed} onChange={onChange} />}
    </>
  );
}

interface LimitProps {
  readonly label: string;
  readonly name: 'max_runs' | 'max_minutes' | 'seed';
  readonly value: number | null;
  readonly onChange: (change: Partial<Sweep>) => void;
}

function Limit({ label, name, value, onChange }: LimitProps) {
  const id = useId();
  const parse = (typed: unknown) => {
    const result = sweepSchema.shape[name].safeParse(typed);
    return result.success ? { value: result.data } : { problem: result.error.issues[0]?.message ?? 'Not a number' };
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <NumberInput
        id={id}
        field={{ parse, isNullable: name === 'max_minutes' }}
        value={value}
        onChange={(parsed) => onChange({ [name]: parsed } as Partial<Sweep>)}
      />
    </div>
  );
}
