// The page's state of a run: a pure fold over its events. Metric values live beside it (metrics.ts), because
// thousands of points must not be copied per event; `rowCount` is their version.
import type { MatrixInfo, Progress, RunError, RunEvent, RunSummary, RunWarning } from './events.ts';
import type { RunSpec } from './spec.ts';
import { neededBy } from './sweep.ts';

export type RunStatus =
  | 'queued'
  | 'starting'
  | 'running'
  | 'paused'
  | 'done'
  | 'stopped'
  | 'failed'
  | 'interrupted'
  | 'skipped';

export interface Run {
  readonly id: string;
  readonly notebookId: string;
  /** The notebook cell that asked for it; no other notebook has a cell of this id. */
  readonly cellId: string;
  /** Which of a swept cell's runs it is, `seed 2`; empty where the cell has one. */
  readonly variant: string;
  readonly spec: RunSpec;
  /** Milliseconds since the epoch; the newest run of a cell is the one it shows. */
  readonly createdAt: number;
  /** Likewise; null while it waits. */
  readonly startedAt: number | null;
  /** Ids of the runs whose weights it took, as teacher or to start with; null where an earlier version did not say. */
  readonly sources: readonly string[] | null;
  readonly status: RunStatus;
  /** Of its sweep, see `budget.ts`; null where it has none. */
  readonly budgetMinutes: number | null;
  /** Kept when its cell runs again, and first in tables. */
  readonly isPinned: boolean;
  /** What the reader wrote about it. */
  readonly note: string;
  readonly started: {
    readonly totalSteps: number;
    /** Updates made before it last went on; unknown of runs that were kept before it was told. */
    readonly resumedAt?: number;
    readonly backend: 'webgpu' | 'wasm';
    readonly adapter: string;
    readonly matrices: readonly MatrixInfo[];
    /** Unknown of runs that were kept before it was told. */
    readonly headSize?: number;
    readonly parameters: number;
  } | null;
  readonly progress: Progress | null;
  /** What was expected, and the most that was held so far. */
  readonly memory: { readonly estimatedBytes: number; readonly peakBytes: number } | null;
  /** Work outside the training steps (reading the model, evaluating), with its own count. */
  readonly phase: { readonly name: string; readonly done: number; readonly total: number } | null;
  readonly rowCount: number;
  /** Updates that its last checkpoint has; 0 while there is none. */
  readonly savedStep: number;
  /** How often it went on by itself since that checkpoint. */
  readonly recoveries: number;
  readonly warnings: readonly RunWarning[];
  readonly summary: RunSummary | null;
  /** Why it failed, or why it stopped by itself with the last good weights. */
  readonly error: RunError | null;
}

type Asked = Pick<Run, 'id' | 'notebookId' | 'cellId' | 'variant' | 'spec' | 'createdAt'>;

export function queuedRun(options: Asked & Partial<Pick<Run, 'budgetMinutes'>>): Run {
  return {
    budgetMinutes: null,
    ...options,
    status: 'queued',
    isPinned: false,
    note: '',
    startedAt: null,
    sources: null,
    started: null,
    progress: null,
    memory: null,
    phase: null,
    rowCount: 0,
    savedStep: 0,
    recoveries: 0,
    warnings: [],
    summary: null,
    error: null,
  };
}

export const isActive = ({ status }: Run): boolean =>
  status === 'starting' || status === 'running' || status === 'paused';

/** Runs, or waits to. */
export const isPending = (run: Run): boolean => isActive(run) || run.status === 'queued';

/** A finished run is on the worker's disk: its weights can be shown and downloaded. */
export const hasWeights = ({ status }: Run): boolean => status === 'done' || status === 'stopped';

/** Events after the end change nothing: a late report must not wake a finished run. */
export function reduceRun(run: Run, event: RunEvent): Run {
  if (!isActive(run)) return run;
  switch (event.type) {
    case 'started': {
      const { type: _, estimatedBytes, ...started } = event;
      const { resumedAt: savedStep } = started;
      const memory = { estimatedBytes, peakBytes: 0 };
      const recoveries = savedStep > run.savedStep ? 0 : run.recoveries; // it was saved, and died before it could say so
      return { ...run, status: 'running', started, memory, savedStep, recoveries, rowCount: 0, warnings: [] };
    }
    case 'metrics':
      return { ...run, rowCount: run.rowCount + event.rows.length };
    case 'progress':
      return { ...withPeak(run, event.progress.peakBytes), progress: event.progress };
    case 'phase':
      return { ...run, phase: event.done < event.total ? phaseOf(event) : null };
    case 'warning':
      return { ...run, warnings: [...run.warnings, event.warning] };
    case 'saved':
      return { ...run, savedStep: event.step, recoveries: 0 };
    case 'paused':
      return { ...run, status: 'paused' };
    case 'resumed':
      return { ...run, status: 'running' };
    case 'finished':
      return {
        ...withPeak(run, event.peakBytes),
        status: event.outcome,
        phase: null,
        summary: event.summary,
        error: event.problem,
      };
    case 'failed':
      return { ...run, status: 'failed', phase: null, error: event.error };
    default:
      return event satisfies never;
  }
}

const withPeak = (run: Run, peakBytes: number): Run => ({ ...run, memory: run.memory && { ...run.memory, peakBytes } });

function phaseOf(event: Extract<RunEvent, { type: 'phase' }>): Run['phase'] {
  return { name: event.phase, done: event.done, total: event.total };
}

/** Of a run whose sweep has used up its minutes. */
export const skippedRun = (run: Run): Run => ({ ...run, status: 'skipped' });

/** Of a run that waits for weights which no run will give. */
export function strandedRun(run: Run): Run {
  const needed = neededBy(run.spec)
    .map((name) => `“${name}”`)
    .join(' and ');
  const message =
    `${run.spec.name}: expected the weights of ${needed}, but not all of them are there: a run failed, or was removed. ` +
    'Run this one again, and what it needs runs first.';
  return { ...run, status: 'failed', error: { code: 'bad-settings', message } };
}

/** Of a run that was cut off, and may go on from its last checkpoint. */
export const interruptedRun = (run: Run, error: RunError): Run => ({
  ...run,
  status: 'interrupted',
  phase: null,
  error,
});

/** Of one that is to go on: it waits for its turn. */
export const resumedRun = (run: Run): Run => ({ ...run, status: 'queued', error: null });

/** A page that opens cannot be running anything: what was under way when it closed was interrupted, at its last checkpoint. */
export function reopened(run: Run, savedStep = run.savedStep): Run {
  if (isPending(run)) return { ...run, savedStep, status: 'interrupted', phase: null };
  return savedStep === run.savedStep ? run : { ...run, savedStep };
}
