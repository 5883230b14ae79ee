// What two runs kept: shares, masks as pictures, and where the weights went.
import { lazy, Suspense } from 'react';
import type { CellOf, MaskView } from '../../notebook/document.ts';
import { nameOfChoice, type RunChoice } from '../../notebook/run-choice.ts';
import { updateCell } from '../../notebook/transitions.ts';
import type { MatrixData } from '../../runs/protocol.ts';
import type { Run } from '../../runs/reducer.ts';
import { Segments } from '../components/Segments.tsx';
import type { RunSide } from '../masks/MasksView.tsx';
import { RunSelect } from '../run/RunSelect.tsx';
import { runColor, seriesColor } from '../run/run-colors.ts';
import { useDocument, useResultOf, useServices } from '../services.ts';
import { CellFrame } from './CellFrame.tsx';
import { MatrixSelect } from './MatrixSelect.tsx';

const MasksView = lazy(async () => ({ default: (await import('../masks/MasksView.tsx')).MasksView }));

export function MasksCell({ cell, index }: { readonly cell: CellOf<'masks'>; readonly index: number }) {
  const { notebook } = useServices();
  const { left: leftChoice, right: rightChoice } = choicesOf(cell);
  const left = useSide(leftChoice);
  const right = useSide(rightChoice, leftChoice);
  const chooseView = (view: MaskView) => notebook.apply(updateCell(cell.id, 'masks', { view }));
  // Beside itself a run has nothing to show.
  const sides = [left, right?.run === left?.run ? null : right].filter((side) => side !== null);
  return (
    <CellFrame
      cell={cell}
      index={index}
      name={viewNames[cell.view]}
      heading={<Segments legend="View" names={viewNames} value={cell.view} onChoose={chooseView} />}
    >
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

const choicesOf = ({ left, leftVariant, right, rightVariant }: CellOf<'masks'>) => ({
  left: { cellId: left, variant: leftVariant },
  right: { cellId: right, variant: rightVariant },
});

/** A run of the same cell as the one it is beside has another colour. */
function useSide(choice: RunChoice, beside?: RunChoice): RunSide | null {
  const document = useDocument();
  const run = useResultOf(choice);
  if (!run?.summary || !run.started || isDense(run)) return null;
  const { cellId, variant } = run;
  const own = runColor(document, cellId);
  const color = beside?.cellId === cellId ? otherColor(own) : own;
  return { label: nameOfChoice(document, { cellId, variant }), color, run };
}

const otherColor = (color: string): string => seriesColor(color === seriesColor(0) ? 1 : 0);

const isDense = (run: Run): boolean => run.spec.pruning.pruning_method === 'none';

interface ChoicesProps {
  readonly cell: CellOf<'masks'>;
  readonly matrices: readonly MatrixData['info'][];
}

function Choices({ cell, matrices }: ChoicesProps) {
  const { notebook } = useServices();
  const { left, right } = choicesOf(cell);
  const choose = (change: Partial<CellOf<'masks'>>) => notebook.apply(updateCell(cell.id, 'masks', change));
  return (
    <div className="choices">
      <RunSelect
        label="Run"
        choice={left}
        onChoose={({ cellId, variant }) => choose({ left: cellId, leftVariant: variant })}
      />
      <RunSelect
        label="Beside it"
        choice={right}
        onChoose={({ cellId, variant }) => choose({ right: cellId, rightVariant: variant })}
      />
      {ofOneMatrix.has(cell.view) && matrices.length > 0 && (
        <MatrixSelect matrices={matrices} value={cell.matrix} onChoose={(matrix) => choose({ matrix })} />
      )}
    </div>
  );
}

function EmptyMasks({ cell }: { readonly cell: CellOf<'masks'> }) {
  const document = useDocument();
  const { left, right } = choicesOf(cell);
  const names = [left, right].map((choice) => nameOfChoice(document, choice)).filter((name) => name !== '');
  if (names.length === 0) return <p className="empty">Choose a run, above, to see what it kept.</p>;
  return <p className="empty">{`Appears when ${names.join(' or ')} has finished. A dense run has no masks.`}</p>;
}
