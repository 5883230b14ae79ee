// The runs that a cell would make, before any of them is queued.
import { useMemo } from 'react';
import type { NotebookDocument } from '../../notebook/document.ts';
import { resolveRunPlan, resolveRuns } from '../../notebook/resolve.ts';
import { gridSize, type PlannedRun } from '../../runs/sweep.ts';
import { plural } from '../format.ts';

interface SweepPreviewProps {
  readonly document: NotebookDocument;
  readonly cellId: string;
}

/** Of a cell whose runs can be resolved. */
export function SweepPreview({ document, cellId }: SweepPreviewProps) {
  const { runs, combinations } = useMemo(() => {
    const plan = resolveRunPlan(document, cellId);
    const isGrid = plan.sweep?.search === 'grid';
    return { runs: resolveRuns(document, cellId), combinations: isGrid ? gridSize(plan) : null };
  }, [document, cellId]);
  const isCut = combinations !== null && combinations > runs.length;
  return (
    <details className="more sweep-preview">
      <summary>
        {`This sweep makes ${plural(runs.length, 'run')}`}
        {isCut && `, the first of ${combinations} combinations (most runs: ${runs.length})`}
      </summary>
      <ol>
        {runs.map(({ variant }: PlannedRun) => (
          <li key={variant}>{variant}</li>
        ))}
      </ol>
    </details>
  );
}
