// How a cell refers to one run of the notebook: by the cell it is of and, of a swept one, by what sets it apart there.
import { hasWeights, type Run } from '../runs/reducer.ts';
import { latestRunOf, type RunsState } from '../runs/store.ts';
import { findCell, type NotebookDocument } from './document.ts';

export interface RunChoice {
  readonly cellId: string | null;
  /** Undefined: the newest result, whichever it is of. */
  readonly variant?: string | undefined;
}

/** The newest run so chosen that came to a result: a later one may be under way, or have failed. */
export function resultOf(runs: RunsState['runs'], { cellId, variant }: RunChoice): Run | null {
  if (cellId === null) return null;
  return latestRunOf(runs, cellId, (run) => hasWeights(run) && (variant === undefined || run.variant === variant));
}

/** As the run itself is named, `movement seed 2`; empty where no cell is chosen. */
export function nameOfChoice(document: NotebookDocument, { cellId, variant = '' }: RunChoice): string {
  const name = findCell(document, 'run', cellId)?.name ?? '';
  return name && variant ? `${name} ${variant}` : name;
}
