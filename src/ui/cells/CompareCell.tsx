// The notebook's runs beside each other: those of the cells chosen above are drawn, and any of the table below.
import { useCallback, useMemo } from 'react';
import { useStore } from 'zustand';
import { type CellOf, type CompareLook, cellsOf } from '../../notebook/document.ts';
import { updateCell } from '../../notebook/transitions.ts';
import type { Run } from '../../runs/reducer.ts';
import { latestRunOf, runsOfNotebook } from '../../runs/store.ts';
import { RunsView } from '../compare/RunsView.tsx';
import { RunChecks } from '../run/RunChecks.tsx';
import { useDocument, useServices } from '../services.ts';
import { CellFrame } from './CellFrame.tsx';

export function CompareCell({ cell, index }: { readonly cell: CellOf<'compare'>; readonly index: number }) {
  const { notebook, runs } = useServices();
  const document = useDocument();
  const notebookId = useStore(notebook, (state) => state.id);
  const state = useStore(runs, ({ runs: all }) => all);
  const own = useMemo(() => runsOfNotebook(state, notebookId), [state, notebookId]);
  const names = cellsOf(document, 'run')
    .filter(({ id }) => cell.runCells.includes(id))
    .map(({ name }) => name)
    .join(', ');
  const { id, look, runCells } = cell;
  const change = useCallback(
    (to: Partial<CompareLook>) =>
      notebook.apply(updateCell(id, 'compare', { look: { ...look, ...to } }), `${id} ${Object.keys(to)}`),
    [notebook, id, look],
  );
  const chooseRuns = (chosen: string[]) => notebook.apply(updateCell(id, 'compare', { runCells: chosen }));
  const isShownAtFirst = (run: Run) =>
    runCells.includes(run.cellId) &&
    latestRunOf(state, run.cellId, ({ variant }) => variant === run.variant)?.id === run.id;
  return (
    <CellFrame
      cell={cell}
      index={index}
      name={names}
      heading={<RunChecks legend="Runs to compare" chosen={runCells} onChoose={chooseRuns} />}
    >
      {own.length > 0 ? (
        <RunsView id={id} runs={own} look={look} onChange={change} isShownAtFirst={isShownAtFirst} />
      ) : (
        <p className="empty">
          {names === ''
            ? 'Choose the runs to compare, above.'
            : `The curves of ${names} are drawn here, one over the other, as soon as they run.`}
        </p>
      )}
    </CellFrame>
  );
}
