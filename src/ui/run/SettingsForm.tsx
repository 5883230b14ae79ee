// The settings of a run: a recipe, what matters most, and everything else behind one disclosure.
import { useStore } from 'zustand';
import { type CellOf, cellsOf } from '../../notebook/document.ts';
import { recipeOf, recipes } from '../../notebook/recipes.ts';
import { sweepOver, updateCell } from '../../notebook/transitions.ts';
import { distillationSchema, mlmSchema } from '../../runs/spec.ts';
import { SelectField } from '../components/SelectField.tsx';
import { useBackend, useDocument, useServices } from '../services.ts';
import { gpuMemory } from '../shell/gib-setting.ts';
import { EarlierRunSelect } from './EarlierRunSelect.tsx';
import { FewLabels, learnsFromFew } from './FewLabels.tsx';
import { FieldGroup } from './FieldGroup.tsx';
import {
  aboutOf,
  distillationFields,
  type Field,
  isEssentialPruning,
  isEssentialTraining,
  isUnused,
  mlmFields,
  pruningFields,
  type SettingValue,
  titleOf,
  trainingFields,
} from './fields.ts';
import { inputOptions } from './input-options.ts';
import { SettingField, type SweptInput } from './SettingField.tsx';
import { SweepFields } from './SweepFields.tsx';
import { parseSwept, sweptText } from './swept-values.ts';
import './form.css';

type RunCell = CellOf<'run'>;
type Section = 'training' | 'pruning' | 'distillation' | 'few_shot' | 'uda' | 'mlm';

export function SettingsForm({ cell }: { readonly cell: RunCell }) {
  const { notebook } = useServices();
  const state = useBackend();
  const backend = state.type === 'ready' ? state.status.backend : null;
  const set = (section: Section, key: string, value: SettingValue) =>
    notebook.apply(
      (document) =>
        sweepOver(
          cell.id,
          `${section}.${key}`,
          null,
        )(updateCell(cell.id, 'run', { [section]: { ...cell[section], [key]: value } })(document)),
      `${cell.id} ${section}.${key}`,
    );
  const sweptAt = (path: string, field: Field): SweptInput => {
    const swept = cell.sweep?.settings.find((candidate) => candidate.path === path);
    return {
      text: swept ? sweptText(swept) : null,
      parse: (text) => parseSwept(path, field, text),
      onChange: (several) => notebook.apply(sweepOver(cell.id, path, several), `${cell.id} ${path}`),
    };
  };
  const render = (section: Section) => (field: Field) => (
    <SettingField
      key={field.key}
      field={field}
      title={titleOf(field, cell.pruning)}
      about={aboutOf(field, backend)}
      value={valueIn(cell[section], field.key)}
      onChange={(value) => set(section, field.key, value)}
      swept={sweptAt(`${section}.${field.key}`, field)}
    />
  );
  const hasOtherRuns = cellsOf(useDocument(), 'run').length > 1;
  const fewLabels = cell.mlm === null && <FewLabels cell={cell} render={render} />;
  const { pruning_method: method } = cell.pruning;
  const offered = pruningFields.filter(({ key }) => !isUnused(key, method));
  const otherPruning = offered.filter((field) => !isEssentialPruning(field, cell.pruning));
  const otherTraining = trainingFields.filter((field) => !isEssentialTraining(field));
  return (
    <div className="settings">
      <div className="field-grid">
        <Inputs cell={cell} />
        <ObjectiveSelect cell={cell} />
        {cell.mlm && mlmFields.map(render('mlm'))}
        {hasOtherRuns && <StartSelect cell={cell} />}
        <RecipeSelect cell={cell} />
        {offered.filter((field) => isEssentialPruning(field, cell.pruning)).map(render('pruning'))}
        {trainingFields.filter(isEssentialTraining).map(render('training'))}
      </div>
      {learnsFromFew(cell) && fewLabels}
      <SweepFields cell={cell} />
      <details className="more">
        <summary>More settings</summary>
        {!learnsFromFew(cell) && fewLabels}
        {otherPruning.length > 0 && <FieldGroup title="Pruning">{otherPruning.map(render('pruning'))}</FieldGroup>}
        {groupsOf(otherTraining).map(([group, fields]) => (
          <FieldGroup key={group} title={group}>
            {fields.map(render('training'))}
            {group === 'Memory' && backend === 'webgpu' && <BudgetSelect />}
          </FieldGroup>
        ))}
        {cell.mlm === null && (
          <FieldGroup title="Distillation">
            <TeacherSelect cell={cell} />
            {cell.distillation && distillationFields.map(render('distillation'))}
          </FieldGroup>
        )}
      </details>
    </div>
  );
}

/** Field keys come from the schema that the section's type comes from. */
const valueIn = (section: object | null, key: string): SettingValue =>
  section === null ? null : ((section as Readonly<Record<string, SettingValue>>)[key] ?? null);

function groupsOf(fields: readonly Field[]): readonly (readonly [string, readonly Field[]])[] {
  return [...new Set(fields.map(({ group }) => group))].map((group) => [
    group,
    fields.filter((field) => field.group === group),
  ]);
}

function Inputs({ cell }: { readonly cell: RunCell }) {
  const { notebook } = useServices();
  const document = useDocument();
  const choose = (key: 'modelCell' | 'dataCell', id: string) =>
    notebook.apply(updateCell(cell.id, 'run', { [key]: id }));
  // With one model and one data set there is nothing to choose.
  return (['model', 'data'] as const).map((kind) => {
    const key = kind === 'model' ? 'modelCell' : 'dataCell';
    const cells = cellsOf(document, kind);
    if (cells.length === 1 && cell[key] === cells[0]?.id) return null;
    return (
      <SelectField
        key={kind}
        label={kind === 'model' ? 'Model' : 'Data'}
        options={inputOptions(document, kind)}
        value={cell[key]}
        onChoose={(id) => choose(key, id)}
      />
    );
  });
}

const objectives = [
  { id: 'task', label: 'the labels of the data' },
  { id: 'mlm', label: 'to fill in words (mlm)' },
];

/** Filling in words stands alone: what needs labels beside it goes, and comes back by undo. It trains the embeddings. */
function ObjectiveSelect({ cell }: { readonly cell: RunCell }) {
  const { notebook } = useServices();
  const choose = (id: string) => {
    const training = { ...cell.training, freeze_embeddings: false };
    const change = id === 'mlm' ? { mlm: mlmSchema.parse({}), uda: null, distillation: null, training } : { mlm: null };
    notebook.apply(updateCell(cell.id, 'run', change));
  };
  return <SelectField label="Learns" options={objectives} value={cell.mlm ? 'mlm' : 'task'} onChoose={choose} />;
}

function RecipeSelect({ cell }: { readonly cell: RunCell }) {
  const { notebook } = useServices();
  const choose = (recipeId: string) => {
    const chosen = recipes.find(({ id }) => id === recipeId);
    if (chosen) notebook.apply(updateCell(cell.id, 'run', { pruning: chosen.pruning }));
  };
  return (
    <SelectField
      label="Recipe"
      options={recipes}
      value={recipeOf(cell.pruning)?.id ?? null}
      placeholder="Your own"
      onChoose={choose}
    />
  );
}

const unstated = { id: '', label: 'not stated' };

/** Of this device, not of the run: browsers do not tell, and only then can what does not fit be told. */
function BudgetSelect() {
  const { memoryBudget } = useServices();
  const gib = useStore(memoryBudget, (state) => state.gib);
  return (
    <SelectField
      label="GPU memory (browsers do not tell)"
      options={[unstated, ...gpuMemory.choices.map((amount) => ({ id: String(amount), label: `${amount} GiB` }))]}
      value={String(gib ?? '')}
      onChoose={(id) => memoryBudget.state(id === '' ? null : Number(id))}
    />
  );
}

function TeacherSelect({ cell }: { readonly cell: RunCell }) {
  const { notebook } = useServices();
  const choose = (teacher: string | null) => {
    const distillation = teacher === null ? null : distillationSchema.parse({ ...cell.distillation, teacher });
    notebook.apply(updateCell(cell.id, 'run', { distillation }));
  };
  return (
    <EarlierRunSelect
      cell={cell}
      label={
        <>
          Teacher <code className="field-key">teacher</code>
        </>
      }
      none="none"
      value={cell.distillation?.teacher ?? null}
      onChoose={choose}
    />
  );
}

function StartSelect({ cell }: { readonly cell: RunCell }) {
  const { notebook } = useServices();
  return (
    <EarlierRunSelect
      cell={cell}
      label={
        <>
          Start with the weights of <code className="field-key">starts_from</code>
        </>
      }
      none="the model itself"
      value={cell.starts_from}
      onChoose={(starts_from) => notebook.apply(updateCell(cell.id, 'run', { starts_from }))}
    />
  );
}
