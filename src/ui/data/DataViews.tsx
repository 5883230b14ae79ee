// Looks at a data set: its first rows as they are in the file, and, loaded when they are asked for, all its rows, lengths,
// labels and tokens.
import { lazy, Suspense, useState } from 'react';
import type { CellOf } from '../../notebook/document.ts';
import type { DataDescription } from '../../runs/protocol.ts';
import { PreviewTable } from '../cells/PreviewTable.tsx';
import { Segments } from '../components/Segments.tsx';
import type { OpenedViewName, Place } from './OpenedView.tsx';

const OpenedView = lazy(async () => ({ default: (await import('./OpenedView.tsx')).OpenedView }));

interface DataViewsProps {
  readonly cell: CellOf<'data'>;
  readonly description: DataDescription;
}

const isRearranged = ({ choice }: CellOf<'data'>): boolean => choice.shuffle_seed !== null || choice.filter !== null;

export function DataViews({ cell, description }: DataViewsProps) {
  const [view, setView] = useState<OpenedViewName | 'first'>('first');
  const [place, setPlace] = useState<Place>({ split: 'train', row: 0 });
  const { columns, preview, counts, task } = description;
  const names = {
    first: 'First rows',
    rows: 'All rows',
    lengths: 'Lengths',
    labels: task === 'question-answering' ? 'Answers' : 'Labels',
    tokens: 'Tokens',
  };
  return (
    <>
      <div className="data-views">
        <Segments legend="View of the data" names={names} value={view} onChoose={setView} />
        {(view === 'rows' || view === 'lengths' || view === 'tokens') && (
          <Segments
            legend="Split"
            names={{ train: 'train', dev: 'dev', test: 'test' }}
            value={place.split}
            onChoose={(split) => setPlace({ split, row: 0 })}
          />
        )}
      </div>
      {view === 'first' ? (
        <>
          <PreviewTable columns={columns} rows={preview} />
          {isRearranged(cell) && (
            <p className="hint">As they came. “All rows” has those that are used, in their order.</p>
          )}
        </>
      ) : (
        <Suspense fallback={<p className="hint waiting">Opening…</p>}>
          <OpenedView
            view={view}
            cell={cell}
            description={description}
            // Of data that has become smaller.
            place={{ ...place, row: Math.min(place.row, counts[place.split] - 1) }}
            onPlace={(to) => {
              setPlace(to);
              setView('tokens');
            }}
          />
        </Suspense>
      )}
    </>
  );
}
