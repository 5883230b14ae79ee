// The views of a mask cell. Each reads what it shows from the worker: the page keeps no weights.
import { type ReactNode, useState } from 'react';
import type { CellOf } from '../../notebook/document.ts';
import type { MatrixInfo } from '../../runs/events.ts';
import type { MatrixData } from '../../runs/protocol.ts';
import type { Run } from '../../runs/reducer.ts';
import { AnswerState } from '../cells/AnswerState.tsx';
import { useAnswer } from '../services.ts';
import { Explain } from './Explain.tsx';
import { explanationOf } from './explanations.ts';
import { KeptTable } from './KeptTable.tsx';
import { LayerTable } from './LayerTable.tsx';
import { MaskPair } from './MaskPair.tsx';
import { SpreadView } from './SpreadView.tsx';
import { SumsView } from './SumsView.tsx';
import type { View as ShownValues } from './scatter.ts';
import type { MaskSide } from './side.ts';
import { MovementScatter, ScoreScatter } from './WeightScatter.tsx';

/** A finished run with masks. */
export interface RunSide {
  readonly label: string;
  readonly color: string;
  readonly run: Run;
}

interface MasksViewProps {
  readonly cell: CellOf<'masks'>;
  /** One or two. */
  readonly sides: readonly RunSide[];
}

export function MasksView({ cell, sides }: MasksViewProps) {
  const matrices = sides[0]?.run.started?.matrices ?? [];
  const matrix = matrices.find(({ name }) => name === cell.matrix) ?? matrices[0] ?? null;
  const explained = sides.map(({ label, run }) => ({ label, pruning: run.spec.pruning }));
  const isOfMatrix = cell.view !== 'kept' && cell.view !== 'layers';
  return (
    <>
      <Explain {...explanationOf(cell.view, explained, isOfMatrix ? matrix : null)} />
      <View cell={cell} sides={sides} matrix={matrix} />
    </>
  );
}

function View({ cell, sides, matrix }: MasksViewProps & { readonly matrix: MatrixInfo | null }) {
  if (cell.view === 'kept') return <KeptTable runs={sides.map(keptOf)} />;
  if (cell.view === 'layers') return <Layers sides={sides} />;
  if (!matrix) return null;
  if (cell.view === 'spread') return <SpreadView name={matrix.name} sides={sides} />;
  const headSize = sides[0]?.run.started?.headSize;
  if (cell.view === 'masks' || cell.view === 'sums') {
    return (
      <BothMatrices name={matrix.name} sides={sides}>
        {(read) =>
          cell.view === 'masks' ? (
            <MaskPair left={read[0] as MaskSide} right={read[1] ?? null} headSize={headSize} />
          ) : (
            <SumsView sides={read} headSize={headSize} />
          )
        }
      </BothMatrices>
    );
  }
  return <Scatters key={`${cell.view} ${matrix.name}`} name={matrix.name} sides={sides} view={cell.view} />;
}

interface ScattersProps {
  readonly name: string;
  readonly sides: readonly RunSide[];
  readonly view: 'scatter' | 'scores';
}

/** A weight that is pointed at in one is marked in the other, and both show the same values. */
function Scatters({ name, sides, view }: ScattersProps) {
  const [probed, setProbed] = useState<number | null>(null);
  const [shown, setShown] = useState<ShownValues | null>(null);
  const Scatter = view === 'scatter' ? MovementScatter : ScoreScatter;
  return (
    <div className="scatters">
      {sides.map((side) => (
        <OneMatrix key={side.run.id} name={name} side={side}>
          {(data) => (
            <Scatter
              label={side.label}
              data={data}
              probed={probed}
              onProbe={setProbed}
              view={shown}
              onView={setShown}
            />
          )}
        </OneMatrix>
      ))}
    </div>
  );
}

function keptOf({ label, color, run }: RunSide) {
  return { label, color, matrices: run.started?.matrices ?? [], keptByMatrix: run.summary?.keptByMatrix ?? [] };
}

interface OneMatrixProps {
  readonly name: string;
  readonly side: RunSide;
  readonly children: (data: MatrixData) => ReactNode;
}

function OneMatrix({ name, side, children }: OneMatrixProps) {
  const request = { type: 'read-matrix', runId: side.run.id, name } as const;
  const answer = useAnswer(request);
  return (
    <AnswerState answer={answer} request={request} doing={`Reading the weights of ${side.label}`}>
      {children}
    </AnswerState>
  );
}

interface BothMatricesProps {
  readonly name: string;
  readonly sides: readonly RunSide[];
  readonly children: (sides: readonly MaskSide[]) => ReactNode;
}

function BothMatrices({ name, sides: [left, right], children }: BothMatricesProps) {
  if (!left) return null;
  return (
    <OneMatrix name={name} side={left}>
      {(data) => {
        const first = { ...left, data };
        if (!right) return children([first]);
        return (
          <OneMatrix name={name} side={right}>
            {(other) => children([first, { ...right, data: other }])}
          </OneMatrix>
        );
      }}
    </OneMatrix>
  );
}

function Layers({ sides: [left, right] }: { readonly sides: readonly RunSide[] }) {
  const request = left && right ? ({ type: 'compare-masks', left: left.run.id, right: right.run.id } as const) : null;
  const answer = useAnswer(request);
  if (!request || !left || !right) return <p className="empty">Choose a second run, above, to compare with.</p>;
  return (
    <AnswerState answer={answer} request={request} doing="Comparing the masks">
      {(rows) => <LayerTable left={left.label} right={right.label} rows={rows} />}
    </AnswerState>
  );
}
