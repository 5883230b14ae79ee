import { useMemo } from 'react';
import { useStore } from 'zustand';
import { findCell } from '../../notebook/document.ts';
import { hasWeights, type Run } from '../../runs/reducer.ts';
import { latestRunOf } from '../../runs/store.ts';
import { useDocument, useServices } from '../services.ts';
import { runColor } from './run-colors.ts';

/** A run cell with its newest result. */
export interface Result {
  readonly cellId: string;
  readonly name: string;
  readonly color: string;
  /** Null where it has none yet. */
  readonly run: Run | null;
}

export function useResults(cellIds: readonly string[]): readonly Result[] {
  const { runs } = useServices();
  const document = useDocument();
  const all = useStore(runs, (state) => state.runs);
  return useMemo(
    () =>
      cellIds.flatMap((cellId) => {
        const cell = findCell(document, 'run', cellId);
        if (!cell) return [];
        const color = runColor(document, cellId);
        return [{ cellId, name: cell.name, color, run: latestRunOf(all, cellId, hasWeights) }];
      }),
    [cellIds, document, all],
  );
}
