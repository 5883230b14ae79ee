// A fine-pruning run: settings with their consequences drawn, then progress, curves and the result.
import { type ReactNode, useMemo } from 'react';
import { type CellOf, findCell, type NotebookDocument } from '../../notebook/document.ts';
import { resolveRunSpec, resolveRuns } from '../../notebook/resolve.ts';
import { isOutdated } from '../../notebook/run-standings.ts';
import { renameRun, updateCell } from '../../notebook/transitions.ts';
import type { Remedy } from '../../runs/guard-rails.ts';
import { remediesOf } from '../../runs/guard-rails-memory.ts';
import { isActive, type Run } from '../../runs/reducer.ts';
import type { RunSpec } from '../../runs/spec.ts';
import { largestRun, type PlannedRun, tokensOf } from '../../runs/sweep.ts';
import { Notice } from '../components/Notice.tsx';
import { count } from '../format.ts';
import { AuthorsLog } from '../run/AuthorsLog.tsx';
import { Classes } from '../run/Classes.tsx';
import { Remedies } from '../run/GuardRails.tsx';
import { RunCharts } from '../run/RunCharts.tsx';
import { RunControls } from '../run/RunControls.tsx';
import { RunProgress } from '../run/RunProgress.tsx';
import { RunResult } from '../run/RunResult.tsx';
import { RunSettings } from '../run/RunSettings.tsx';
import { runColor } from '../run/run-colors.ts';
import { SweepOutcome } from '../run/SweepOutcome.tsx';
import { useMemoryEstimate } from '../run/useMemoryEstimate.ts';
import { useRunFacts } from '../run/useRunFacts.ts';
import { useDocument, useRunOf, useServices, useVariantsOf } from '../services.ts';
import { CellFrame } from './CellFrame.tsx';
import '../run/run.css';

export function RunCell({ cell, index }: { readonly cell: CellOf<'run'>; readonly index: number }) {
  const { notebook } = useServices();
  const document = useDocument();
  const run = useRunOf(cell.id);
  const variants = useVariantsOf(cell.id);
  const isSwept = cell.sweep !== null || variants.some(({ variant }) => variant !== '');
  const facts = useRunFacts(cell);
  const { spec, runs, problem } = useMemo(() => tryResolve(document, cell.id), [document, cell.id]);
  const largest = largestRun(runs)?.spec ?? null;
  const ranOutOfMemory = run?.error?.code === 'out-of-memory' && spec !== null && !isOutdated(run, spec);
  const memory = useMemoryEstimate(largest, ranOutOfMemory);
  const isLargest = largest !== null && runs.some((other) => tokensOf(other.spec) !== tokensOf(largest));
  const color = runColor(document, cell.id);
  const applyRemedy = (change: Remedy['training']) =>
    notebook.apply(updateCell(cell.id, 'run', { training: { ...cell.training, ...change } }));
  return (
    <CellFrame
      cell={cell}
      index={index}
      name={cell.name}
      color={color}
      heading={<RunName cell={cell} />}
      aside={<RunControls cellId={cell.id} run={run} canStart={spec !== null} />}
    >
      {problem && <Notice level="error">{problem}</Notice>}
      <RunSettings
        cell={cell}
        spec={spec}
        largest={isLargest ? largest : null}
        run={run}
        facts={facts}
        memory={memory}
        onApply={applyRemedy}
      />
      {isSwept && variants.length > 0 && <SweepOutcome cellId={cell.id} runs={variants} />}
      {!isSwept && run && (
        <RunOutcome run={run} color={color}>
          {ranOutOfMemory && memory.value && (
            <Remedies remedies={remediesOf(memory.value, cell.training)} onApply={applyRemedy} />
          )}
        </RunOutcome>
      )}
    </CellFrame>
  );
}

interface Resolved {
  readonly spec: RunSpec | null;
  /** Of a sweep, all. */
  readonly runs: readonly PlannedRun[];
  readonly problem: string | null;
}

function tryResolve(document: NotebookDocument, cellId: string): Resolved {
  if (!findCell(document, 'run', cellId)) return { spec: null, runs: [], problem: null }; // just added
  try {
    return { runs: resolveRuns(document, cellId), spec: resolveRunSpec(document, cellId), problem: null };
  } catch (error) {
    return { spec: null, runs: [], problem: error instanceof Error ? error.message : String(error) };
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

interface RunOutcomeProps {
  readonly run: Run;
  readonly color: string;
  /** What to do about the run's error. */
  readonly children: ReactNode;
}

function RunOutcome({ run, color, children }: RunOutcomeProps) {
  const { runs } = useServices();
  const wasCutOff = run.status === 'interrupted';
  const hasFailed = run.status === 'failed';
  const choices = (
    <>
      {run.savedStep > 0 && (
        <button type="button" className="button button-primary" onClick={() => runs.resume(run.id)}>
          {`Resume from step ${count(run.savedStep)}`}
        </button>
      )}
      <button type="button" className="button" onClick={() => runs.remove(run.id)}>
        Clear
      </button>
    </>
  );
  return (
    <div className="outcome">
      {run.error && (
        <Notice level={hasFailed ? 'error' : 'warning'} action={hasFailed || wasCutOff ? choices : undefined}>
          {run.error.message}
          {children}
        </Notice>
      )}
      {wasCutOff && !run.error && (
        <Notice level="warning" action={choices}>
          {`The page was closed while this run was under way, so it ended there. ${
            run.savedStep > 0 ? 'Its checkpoint is kept.' : 'It has no checkpoint; run it again.'
          }`}
        </Notice>
      )}
      {run.warnings.map(({ message }) => (
        <Notice key={message} level="warning">
          {message}
        </Notice>
      ))}
      {isActive(run) && <RunProgress run={run} />}
      <RunResult run={run} />
      <RunCharts run={run} color={color} />
      {run.summary?.classes && <Classes report={run.summary.classes} />}
      {(run.spec.uda || run.spec.few_shot) && <AuthorsLog run={run} />}
    </div>
  );
}
