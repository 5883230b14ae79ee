// A run's settings with their consequences: the schedule, the memory, and what would keep it from recovering.
import { ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { CellOf } from '../../notebook/document.ts';
import { checkRun, type Finding, type Remedy } from '../../runs/guard-rails.ts';
import { checkRoom } from '../../runs/guard-rails-disk.ts';
import { checkMemory } from '../../runs/guard-rails-memory.ts';
import { checkFewLabels } from '../../runs/guard-rails-uda.ts';
import { isActive, type Run } from '../../runs/reducer.ts';
import type { RunSpec } from '../../runs/spec.ts';
import { useDocument } from '../services.ts';
import { AnnealingPreview } from './AnnealingPreview.tsx';
import { AugmentedTexts } from './AugmentedTexts.tsx';
import { learnsFromFew } from './FewLabels.tsx';
import { GuardRails } from './GuardRails.tsx';
import { MemoryNeed } from './MemoryNeed.tsx';
import { SchedulePreview } from './SchedulePreview.tsx';
import { SettingsForm } from './SettingsForm.tsx';
import { SettingsJson } from './SettingsJson.tsx';
import { SweepPreview } from './SweepPreview.tsx';
import { summarise } from './summarise.ts';
import { useFreeBytes } from './useFreeBytes.ts';
import type { MemoryAnswer } from './useMemoryEstimate.ts';
import type { PlannedFacts } from './useRunFacts.ts';
import { type DivisionAnswer, useTextDivision } from './useTextDivision.ts';

interface RunSettingsProps {
  readonly cell: CellOf<'run'>;
  readonly spec: RunSpec | null;
  /** Of a sweep whose runs differ in size the largest, of which `memory` is. */
  readonly largest: RunSpec | null;
  readonly run: Run | null;
  readonly facts: PlannedFacts | null;
  readonly memory: MemoryAnswer;
  readonly onApply: (training: Remedy['training']) => void;
}

/** The form is open whenever the reader wants; what follows from it is always in sight. */
export function RunSettings({ cell, spec, largest, run, facts, memory, onApply }: RunSettingsProps) {
  const document = useDocument();
  const [isOpen, setOpen] = useState(false);
  const step = run && isActive(run) ? (run.progress?.step ?? 0) : null;
  const [copy, setCopy] = useState(0);
  const division = useTextDivision(spec, copy);
  const freeBytes = useFreeBytes();
  const findings = useMemo(() => (spec && facts ? checkRun(spec, facts) : []), [spec, facts]);
  return (
    <>
      <div className="settings-line">
        <button
          type="button"
          className="button button-quiet settings-toggle"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <ChevronRight className="chevron" size={15} aria-hidden="true" /> Settings
        </button>
        <p className="settings-summary">{summarise(cell, facts)}</p>
      </div>
      {isOpen && (
        <>
          <SettingsForm cell={cell} />
          <div className="settings-json">
            <SettingsJson cellId={cell.id} plan={spec && { ...spec, sweep: cell.sweep }} />
          </div>
        </>
      )}
      {cell.sweep && spec && <SweepPreview document={document} cellId={cell.id} />}
      {facts ? (
        <div className="schedules">
          <SchedulePreview training={cell.training} pruning={cell.pruning} facts={facts} step={step} />
          {cell.uda && facts.classes > 1 && (
            <AnnealingPreview
              schedule={cell.uda.tsa}
              classes={facts.classes}
              totalSteps={facts.totalSteps}
              step={step}
            />
          )}
        </div>
      ) : (
        <p className="hint">The schedule appears once the data are read: the number of steps follows from them.</p>
      )}
      {cell.mlm && (
        <p className="hint">
          Reads every training text, and no label. Other runs can start with its weights: choose it in their settings.
        </p>
      )}
      {learnsFromFew(cell) && <AugmentedTexts division={division} copy={copy} onDraw={() => setCopy(copy + 1)} />}
      <MemoryNeed memory={memory} largest={largest} />
      <GuardRails
        findings={[
          ...memoryFindings(memory, cell, largest),
          ...(memory.value ? checkRoom(memory.value.disk, freeBytes) : []),
          ...divisionFindings(division, { spec, facts, run }),
          ...findings,
        ]}
        onApply={onApply}
      />
    </>
  );
}

function memoryFindings(
  { value: estimate, problem }: MemoryAnswer,
  { training, sweep }: CellOf<'run'>,
  largest: RunSpec | null,
): readonly Finding[] {
  if (problem) return [{ level: 'error', text: problem }];
  const swept = sweep?.settings.map(({ path }) => path);
  return estimate ? checkMemory(estimate, largest?.training ?? training, swept) : [];
}

/** What the worker refuses or warns of, and what follows from the settings. */
function divisionFindings(
  { value, problem }: DivisionAnswer,
  { spec, facts, run }: Pick<RunSettingsProps, 'spec' | 'facts' | 'run'>,
): readonly Finding[] {
  if (!spec || !learnsFromFew(spec)) return [];
  const refused: Finding[] = problem ? [{ level: 'error', text: problem }] : [];
  const warnings: Finding[] = (value?.warnings ?? [])
    .filter(({ message }) => !run?.warnings.some((said) => said.message === message))
    .map(({ message }) => ({ level: 'warning', text: message }));
  const texts = facts && { ...facts, labelled: value?.labelled ?? null, unlabelled: value?.unlabelled ?? null };
  return [...refused, ...warnings, ...(texts ? checkFewLabels(spec, texts) : [])];
}
