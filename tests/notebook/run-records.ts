// Runs as a notebook's cells would have them, for tests of what follows from them.
import type { NotebookDocument } from '../../src/notebook/document.ts';
import { resolveRunSpec } from '../../src/notebook/resolve.ts';
import { queuedRun, type Run } from '../../src/runs/reducer.ts';

/** A run of the cell's settings as they are in the document, named `run-` and the cell's id. */
export function runOfCell(document: NotebookDocument, cellId: string, change: Partial<Run> = {}): Run {
  const spec = resolveRunSpec(document, cellId);
  return {
    ...queuedRun({ id: `run-${cellId}`, notebookId: 'n', cellId, variant: '', spec, createdAt: 0 }),
    status: 'done',
    sources: [],
    ...change,
  };
}

export const recordOf = (...runs: readonly Run[]): Readonly<Record<string, Run>> =>
  Object.fromEntries(runs.map((run) => [run.id, run]));
