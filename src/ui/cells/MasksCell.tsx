// What two runs kept: shares, masks as pictures, and where the weights went.
import { lazy, Suspense } from 'react';
import { type CellOf, cellsOf, findCell, type MaskView, maskViews } from '../../notebook/document.ts';
import { updateCell } from '../../notebook/transitions.ts';
import type { MatrixData } from '../../runs/protocol.ts';
import type { Run } from '../../runs/reducer.ts';
import { SelectField } from '../components/SelectField.tsx';
import type { RunSide } from '../masks/MasksView.tsx';
import { runColor } from '../run/run-colors.ts';
import { useDocument, useResultOf, useServices } from '../services.ts';
import { CellFrame } from './CellFrame.tsx';
import { MatrixSelect } from './MatrixSelect.tsx';

const MasksView = lazy(async () => ({ default: (await import('../masks/MasksView.tsx')).MasksView }));

export function MasksCell({ cell, index }: { readonly cell: CellOf<'masks'>; readonly index: number }) {
  const left = useSide(cell.left);
  const right = useSide(cell.right);
  const sides = [left, right].filter((side) => side !== null);
  return (
    <CellFrame cell={cell} index={index} name={viewNames[cell.view]} heading={<ViewTabs cell={cell} />}>
      <Choices cell={cell} matrices={sides[0]?.run.started?.matrices ?? []} />
      {sides.length === 0 ? (
        <EmptyMasks cell={cell} />
      ) : (
        <Suspense fallback={<p className="hint">Preparing the pictures…</p>}>
          <h3 className="visually-hidden">{viewNames[cell.view]}</h3>
          <MasksView cell={cell} sides={sides} />
        </Suspense>
      )}
    </CellFrame>
  );
}

const viewNames: Readonly<Record<MaskView, string>> = {
  kept: 'Kept shares',
  masks: 'Masks',
  layers: 'By layer',
  scatter: 'Movement',
  scores: 'Scores',
  spread: 'Distribution',
  sums: 'Sums',
};

/** Views of one matrix, to be chosen. */
const ofOneMatrix: ReadonlySet<MaskView> = new Set(['masks', 'scatter', 'scores', 'spread', 'sums']);

function useSide(cellId: string | null): RunSide | null {
  const document = useDocument();
  const run = useResultOf(cellId);
  const runCell = findCell(document, 'run', cellId);
  if (!runCell || !run?.summary || !run.started || isDense(run)) return null;
  return { label: runCell.name, color: runColor(document, runCell.id), run };
}

const isDense = (run: Run): boolean => run.spec.pruning.pruning_method === 'none';

function ViewTabs({ cell }: { readonly cell: CellOf<'masks'> }) {
  const { notebook } = useServices();
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">View</legend>
      {maskViews.map((view) => (
        <label key={view}>
          <input
            type="radio"
            name={`${cell.id} view`}
            checked={cell.view === view}
            onChange={() => notebook.apply(updateCell(cell.id, 'masks', { view }))}
          />
          <span>{viewNames[view]}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface ChoicesProps {
  readonly cell: CellOf<'masks'>;
  readonly matrices: readonly MatrixData['info'][];
}

function Choices({ cell, matrices }: ChoicesProps) {
  const { notebook } = useServices();
  const options = cellsOf(useDocument(), 'run').map(({ id, name }) => ({ id, label: name }));
  const choose = (change: Partial<Pick<CellOf<'masks'>, 'left' | 'right' | 'matrix'>>) =>
    notebook.apply(updateCell(cell.id, 'masks', change));
  return (
    <div className="choices">
      <SelectField label="Run" options={options} value={cell.left} onChoose={(left) => choose({ left })} />
      <SelectField label="Beside it" options={options} value={cell.right} onChoose={(right) => choose({ right })} />
      {ofOneMatrix.has(cell.view) && matrices.length > 0 && (
        <MatrixSelect matrices={matrices} value={cell.matrix} onChoose={(matrix) => choose({ matrix })} />
      )}
    </div>
  );
}

function EmptyMasks({ cell }: { readonly cell: CellOf<'masks'> }) {
  const document = useDocument();
  const names = [cell.left, cell.right].flatMap((id) => findCell(document, 'run', id)?.name ?? []);
  if (names.length === 0) return <p className="empty">Choose a run, above, to see what it kept.</p>;
  return <p className="empty">{`Appears when ${names.join(' or ')} has finished. A dense run has no masks.`}</p>;
}
