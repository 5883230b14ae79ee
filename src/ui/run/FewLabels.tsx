// Learning from few labels: which texts keep theirs, and what is made of the others (UDA).
import type { ReactNode } from 'react';
import { type CellOf, findCell } from '../../notebook/document.ts';
import { updateCell } from '../../notebook/transitions.ts';
import { applyPreset, defaultLabels, presetOf, udaPresets } from '../../notebook/uda-presets.ts';
import type { RunSpec, UdaSettings } from '../../runs/spec.ts';
import { backTranslationOf } from '../../runs/translation.ts';
import { SelectField } from '../components/SelectField.tsx';
import { useDocument, useServices } from '../services.ts';
import { BackTranslation } from './BackTranslation.tsx';
import { FieldGroup } from './FieldGroup.tsx';
import { type Field, fewShotFields, udaFields } from './fields.ts';
import { PolicyField } from './PolicyField.tsx';

interface FewLabelsProps {
  readonly cell: CellOf<'run'>;
  readonly render: (section: 'few_shot' | 'uda') => (field: Field) => ReactNode;
}

/** Filling in words reads every text and no label. */
export const learnsFromFew = ({ few_shot, uda, mlm }: Pick<RunSpec, 'few_shot' | 'uda' | 'mlm'>): boolean =>
  mlm === null && (few_shot !== null || uda !== null);

export function FewLabels({ cell, render }: FewLabelsProps) {
  const { notebook } = useServices();
  const change = (to: Partial<CellOf<'run'>>) => notebook.apply(updateCell(cell.id, 'run', to));
  return (
    <>
      <FieldGroup title="Few labels">
        <SelectField
          label="Labels to learn from"
          options={labelChoices}
          value={cell.few_shot ? 'few' : 'all'}
          onChoose={(id) => change({ few_shot: id === 'few' ? defaultLabels : null })}
        />
        {cell.few_shot && fewShotFields.map(render('few_shot'))}
      </FieldGroup>
      <FieldGroup title="Unlabelled texts (UDA)">
        <UdaSelect cell={cell} onChange={change} />
        {cell.uda && udaFields.map(render('uda'))}
        {cell.uda && <Augmentation cell={cell} uda={cell.uda} />}
      </FieldGroup>
    </>
  );
}

function Augmentation({ cell, uda }: { readonly cell: CellOf<'run'>; readonly uda: UdaSettings }) {
  const { notebook } = useServices();
  const data = findCell(useDocument(), 'data', cell.dataCell)?.choice ?? null;
  const hasParaphrases = data?.kind === 'files' && data.columns.augmented !== undefined;
  const how = backTranslationOf(uda);
  const change = (to: Pick<UdaSettings, 'aug_ops'> | Pick<UdaSettings, 'bt_language'>) =>
    notebook.apply(updateCell(cell.id, 'run', { uda: { ...uda, ...to } }), `${cell.id} uda.${Object.keys(to)}`);
  return (
    <>
      <PolicyField policy={uda.aug_ops} hasParaphrases={hasParaphrases} onChange={(aug_ops) => change({ aug_ops })} />
      {how && data && !hasParaphrases && (
        <BackTranslation data={data} how={how} onLanguage={(bt_language) => change({ bt_language })} />
      )}
    </>
  );
}

const labelChoices = [
  { id: 'all', label: 'all that the data have' },
  { id: 'few', label: 'a few of each class' },
];

const noUda = { id: '', label: 'not used' };

interface UdaSelectProps {
  readonly cell: CellOf<'run'>;
  readonly onChange: (to: Partial<CellOf<'run'>>) => void;
}

/** A preset also sets what training needs for it: steps, rates, tokens. */
function UdaSelect({ cell, onChange }: UdaSelectProps) {
  const choose = (id: string) => {
    const preset = udaPresets.find((candidate) => candidate.id === id);
    onChange(preset ? applyPreset(preset, cell) : { uda: null });
  };
  return (
    <SelectField
      label="Preset, with its training settings"
      options={[noUda, ...udaPresets]}
      value={cell.uda ? (presetOf(cell)?.id ?? null) : ''}
      placeholder="Your own"
      onChoose={choose}
    />
  );
}
