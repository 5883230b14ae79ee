// What two runs kept: shares, masks as pictures, and where the weights went.
import { lazy, Suspense } from 'react';
import { type CellOf, cellsOf, findCell, type MaskView, maskViews } from '../../notebook/document.ts';
import { updateCell } from '../../notebook/transitions.ts';
import type { MatrixData } from '../../runs/protocol.ts';
import type { Run } from '../../runs/reducer.ts';
import { SelectField } from '../components/SelectField.tsx';
import { runColor } from '../run/run-colors.ts';
import { useAnswer, useDocument, useResultOf, useServices } from '../services.ts';
import { AnswerState } from './AnswerState.tsx';
import { CellFrame } from './CellFrame.tsx';
import { MatrixSelect } from './MatrixSelect.tsx';

const KeptTable = lazy(async () => ({ default: (await import('../masks/KeptTable.tsx')).KeptTable }));
const MaskPair = lazy(async () => ({ default: (await import('../masks/MaskPair.tsx')).MaskPair }));
const WeightScatter = lazy(async () => ({ default: (await import('../masks/WeightScatter.tsx')).WeightScatter }));

interface Side {
  readonly label: string;
  readonly color: string;
  readonly run: Run;
}

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
          <View cell={cell} sides={sides} />
        </Suspense>
      )}
    </CellFrame>
  );
}

const viewNames: Readonly<Record<MaskView, string>> = {
  kept: 'Kept shares',
  masks: 'Masks',
  scatter: 'Movement',
};

function useSide(cellId: string | null): Side | null {
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
      {cell.view !== 'kept' && matrices.length > 0 && (
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

function View({ cell, sides }: { readonly cell: CellOf<'masks'>; readonly sides: readonly Side[] }) {
  const [first, second] = sides;
  if (cell.view === 'kept') return <KeptTable runs={sides.map(keptOf)} />;
  const matrices = first?.run.started?.matrices ?? [];
  const name = (matrices.find((matrix) => matrix.name === cell.matrix) ?? matrices[0])?.name;
  if (!first || name === undefined) return null;
  if (cell.view === 'masks') return <Pair name={name} left={first} right={second ?? null} />;
  return (
    <div className="scatters">
      {sides.map((side) => (
        <Scatter key={side.run.id} side={side} name={name} />
      ))}
    </div>
  );
}

function keptOf({ label, color, run }: Side) {
  return { label, color, matrices: run.started?.matrices ?? [], keptByMatrix: run.summary?.keptByMatrix ?? [] };
}

const matrixRequest = (run: Run, name: string) => ({ type: 'read-matrix', runId: run.id, name }) as const;

interface PairProps {
  readonly name: string;
  readonly left: Side;
  readonly right: Side | null;
}

function Pair({ name, left, right }: PairProps) {
  const leftRequest = matrixRequest(left.run, name);
  const leftAnswer = useAnswer(leftRequest);
  const rightRequest = right && matrixRequest(right.run, name);
  const rightAnswer = useAnswer(rightRequest);
  return (
    <AnswerState answer={leftAnswer} request={leftRequest} doing={`Reading the mask of ${left.label}`}>
      {(leftData) =>
        right && rightRequest ? (
          <AnswerState answer={rightAnswer} request={rightRequest} doing={`Reading the mask of ${right.label}`}>
            {(rightData) => <MaskPair left={{ ...left, data: leftData }} right={{ ...right, data: rightData }} />}
          </AnswerState>
        ) : (
          <MaskPair left={{ ...left, data: leftData }} right={null} />
        )
      }
    </AnswerState>
  );
}

function Scatter({ side, name }: { readonly side: Side; readonly name: string }) {
  const request = matrixRequest(side.run, name);
  const answer = useAnswer(request);
  return (
    <AnswerState answer={answer} request={request} doing={`Reading the weights of ${side.label}`}>
      {(data) => <WeightScatter label={side.label} data={data} />}
    </AnswerState>
  );
}
