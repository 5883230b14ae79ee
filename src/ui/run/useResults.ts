import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
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
  const newest = useStore(
    runs,
    useShallow((state) => cellIds.map((cellId) => latestRunOf(state.runs, cellId, hasWeights))),
  );
  return useMemo(
    () =>
      cellIds.flatMap((cellId, index) => {
        const cell = findCell(document, 'run', cellId);
        if (!cell) return [];
        return [{ cellId, name: cell.name, color: runColor(document, cellId), run: newest[index] ?? null }];
      }),
    [cellIds, document, newest],
  );
}
