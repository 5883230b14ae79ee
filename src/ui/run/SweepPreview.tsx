// The runs that a cell would make, before any of them is queued.
import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { NotebookDocument } from '../../notebook/document.ts';
import { resolveRunPlan, resolveRuns } from '../../notebook/resolve.ts';
import { expectedRunMs } from '../../runs/budget.ts';
import { hasWeights } from '../../runs/reducer.ts';
import { variantsOf } from '../../runs/store.ts';
import { gridSize, type PlannedRun } from '../../runs/sweep.ts';
import { duration, plural, setting } from '../format.ts';
import { useServices } from '../services.ts';

interface SweepPreviewProps {
  readonly document: NotebookDocument;
  readonly cellId: string;
}

/** Of a cell whose runs can be resolved. */
export function SweepPreview({ document, cellId }: SweepPreviewProps) {
  const { runs, combinations, minutes } = useMemo(() => {
    const plan = resolveRunPlan(document, cellId);
    const combinations = plan.sweep?.search === 'grid' ? gridSize(plan) : null;
    return { runs: resolveRuns(document, cellId), combinations, minutes: plan.sweep?.max_minutes ?? null };
  }, [document, cellId]);
  const services = useServices();
  const each = useStore(services.runs, (state) => expectedRunMs(variantsOf(state.runs, cellId, hasWeights)));
  const isCut = combinations !== null && combinations > runs.length;
  return (
    <details className="more sweep-preview">
      <summary>
        {`This sweep makes ${plural(runs.length, 'run')}`}
        {isCut && `, the first of ${combinations} combinations (most runs: ${runs.length})`}
        {each !== null && `, about ${duration(each * runs.length)} at the pace of those done`}
        {minutes !== null && `; after ${setting(minutes)} min no further one starts`}
      </summary>
      <ol>
        {runs.map(({ variant }: PlannedRun) => (
          <li key={variant}>{variant}</li>
        ))}
      </ol>
    </details>
  );
}
