// A fine-pruning run: settings with their consequences drawn, then progress, curves and the result.
import { ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { CellOf, NotebookDocument } from '../../notebook/document.ts';
import { isOutdated } from '../../notebook/plan-runs.ts';
import { resolveRunSpec } from '../../notebook/resolve.ts';
import { renameRun } from '../../notebook/transitions.ts';
import { checkRun } from '../../runs/guard-rails.ts';
import { hasWeights, isActive, type Run } from '../../runs/reducer.ts';
import type { RunSpec } from '../../runs/spec.ts';
import { Notice } from '../components/Notice.tsx';
import { percent, setting } from '../format.ts';
import { GuardRails } from '../run/GuardRails.tsx';
import { RunCharts } from '../run/RunCharts.tsx';
import { RunControls } from '../run/RunControls.tsx';
import { RunProgress } from '../run/RunProgress.tsx';
import { RunResult } from '../run/RunResult.tsx';
import { runColor } from '../run/run-colors.ts';
import { SchedulePreview } from '../run/SchedulePreview.tsx';
import { SettingsForm } from '../run/SettingsForm.tsx';
import { SettingsJson } from '../run/SettingsJson.tsx';
import { type PlannedFacts, useRunFacts } from '../run/useRunFacts.ts';
import { useDocument, useRunOf, useServices } from '../services.ts';
import { CellFrame } from './CellFrame.tsx';
import '../run/run.css';

export function RunCell({ cell, index }: { readonly cell: CellOf<'run'>; readonly index: number }) {
  const document = useDocument();
  const run = useRunOf(cell.id);
  const facts = useRunFacts(cell);
  const { spec, problem } = useMemo(() => tryResolve(document, cell.id), [document, cell.id]);
  const color = runColor(document, cell.id);
  return (
    <CellFrame
      cell={cell}
      index={index}
      name={cell.name}
      color={color}
      heading={<RunName cell={cell} />}
      aside={
        <>
          {run && <StatusPill run={run} />}
          <RunControls cellId={cell.id} run={run} canStart={spec !== null} />
        </>
      }
    >
      {problem && <Notice level="error">{problem}</Notice>}
      <Settings cell={cell} spec={spec} run={run} facts={facts} />
      {run && <RunOutcome run={run} spec={spec} color={color} />}
    </CellFrame>
  );
}

function tryResolve(document: NotebookDocument, cellId: string): { spec: RunSpec | null; problem: string | null } {
  try {
    return { spec: resolveRunSpec(document, cellId), problem: null };
  } catch (error) {
    return { spec: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

function RunName({ cell }: { readonly cell: CellOf<'run'> }) {
  const { notebook } = useServices();
  return (
    <div className="run-name">
      <i className="swatch" aria-hidden="true" />
      <input
        className="name-input"
        aria-label="Name of the run"
        value={cell.name}
        spellCheck={false}
        onChange={({ target }) => notebook.apply(renameRun(cell.id, target.value), `${cell.id} name`)}
      />
    </div>
  );
}

const statusWords: Readonly<Record<Run['status'], string>> = {
  queued: 'waiting',
  starting: 'starting',
  running: 'running',
  paused: 'paused',
  done: 'done',
  stopped: 'stopped early',
  failed: 'failed',
  interrupted: 'interrupted',
};

function StatusPill({ run }: { readonly run: Run }) {
  return <span className={`status status-${run.status}`}>{statusWords[run.status]}</span>;
}

interface SettingsProps {
  readonly cell: CellOf<'run'>;
  readonly spec: RunSpec | null;
  readonly run: Run | null;
  readonly facts: PlannedFacts | null;
}

/** The form is open until there is a result to look at, and whenever the reader wants. */
function Settings({ cell, spec, run, facts }: SettingsProps) {
  const [choice, setChoice] = useState<boolean | null>(null);
  const isOpen = choice ?? false;
  const step = run && isActive(run) ? (run.progress?.step ?? 0) : null;
  const findings = useMemo(() => (spec && facts ? checkRun(spec, facts) : []), [spec, facts]);
  return (
    <>
      <div className="settings-line">
        <button
          type="button"
          className="button button-quiet settings-toggle"
          aria-expanded={isOpen}
          onClick={() => setChoice(!isOpen)}
        >
          <ChevronRight className="chevron" size={15} aria-hidden="true" /> Settings
        </button>
        <p className="settings-summary">{summarise(cell, facts)}</p>
      </div>
      {isOpen && (
        <>
          <SettingsForm cell={cell} />
          <div className="settings-json">
            <SettingsJson cellId={cell.id} spec={spec} />
          </div>
        </>
      )}
      {facts ? (
        <SchedulePreview training={cell.training} pruning={cell.pruning} facts={facts} step={step} />
      ) : (
        <p className="hint">The schedule appears once the data are read: the number of steps follows from them.</p>
      )}
      <GuardRails findings={findings} />
    </>
  );
}

function summarise({ training, pruning, distillation }: CellOf<'run'>, facts: PlannedFacts | null): string {
  const { pruning_method: method, final_threshold: final } = pruning;
  const keeps = method === 'topK' || method === 'magnitude';
  return [
    method === 'none' ? 'dense' : method,
    ...(keeps ? [`${percent(final, 0)} kept`] : []),
    ...(distillation ? [`taught by ${distillation.teacher}`] : []),
    ...(facts ? [`${facts.isEstimate ? 'about ' : ''}${facts.totalSteps} steps`] : []),
    `batch ${training.per_device_train_batch_size}`,
    `${training.max_seq_length} tokens`,
    `learning rate ${setting(training.learning_rate)}`,
    `seed ${training.seed}`,
  ].join(' · ');
}

interface RunOutcomeProps {
  readonly run: Run;
  readonly spec: RunSpec | null;
  readonly color: string;
}

function RunOutcome({ run, spec, color }: RunOutcomeProps) {
  const { runs } = useServices();
  const dismiss = (
    <button type="button" className="button" onClick={() => runs.remove(run.id)}>
      Clear
    </button>
  );
  return (
    <div className="outcome">
      {run.error && (
        <Notice
          level={run.status === 'failed' ? 'error' : 'warning'}
          action={run.status === 'failed' ? dismiss : undefined}
        >
          {run.error.message}
        </Notice>
      )}
      {run.status === 'interrupted' && (
        <Notice level="warning" action={dismiss}>
          The page was closed while this run was under way, so it ended there. Its settings are unchanged; run it again.
        </Notice>
      )}
      {(isActive(run) || run.status === 'queued') && <RunProgress run={run} />}
      {hasWeights(run) && spec && isOutdated(run, spec) && (
        <Notice level="note">The settings have changed since this result. Run again to see what they do.</Notice>
      )}
      <RunResult run={run} />
      <RunCharts run={run} color={color} />
    </div>
  );
}
