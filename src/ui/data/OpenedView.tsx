// The views of a data cell that ask the worker, or that show more than a look.
import { useMemo } from 'react';
import { modelFor, readingLengths } from '../../notebook/data-use.ts';
import type { CellOf } from '../../notebook/document.ts';
import type { DataDescription } from '../../runs/protocol.ts';
import type { splitNames } from '../../runs/spec.ts';
import { useDocument } from '../services.ts';
import { AnswersView } from './AnswersView.tsx';
import { LabelsView } from './LabelsView.tsx';
import { LengthsView } from './LengthsView.tsx';
import { RowsView } from './RowsView.tsx';
import { TokensView } from './TokensView.tsx';
import './data.css';

export type OpenedViewName = 'rows' | 'lengths' | 'labels' | 'tokens';

/** A row of a split, from 0. */
export interface Place {
  readonly split: (typeof splitNames)[number];
  readonly row: number;
}

interface OpenedViewProps {
  readonly view: OpenedViewName;
  readonly cell: CellOf<'data'>;
  readonly description: DataDescription;
  readonly place: Place;
  /** Shows the tokens of a row. */
  readonly onPlace: (place: Place) => void;
}

export function OpenedView({ view, cell, description, place, onPlace }: OpenedViewProps) {
  const document = useDocument();
  const model = useMemo(() => modelFor(document, cell.id), [document, cell.id]);
  const reading = useMemo(() => readingLengths(document, cell.id), [document, cell.id]);
  const { counts, labels, balance, answers, task } = description;
  const { split } = place;
  const data = cell.choice;
  if (view === 'rows') {
    return <RowsView key={split} data={data} split={split} onOpen={(row) => onPlace({ split, row })} />;
  }
  if (view === 'labels') {
    if (answers) return <AnswersView answers={answers} />;
    return balance && <LabelsView labels={labels} balance={balance} />;
  }
  if (!model) return <p className="empty">Add a model: texts are counted in its tokens.</p>;
  if (view === 'lengths') return <LengthsView {...{ model, data, split, reading, task }} />;
  return <TokensView {...{ model, data, place, onPlace }} rows={counts[split]} />;
}
