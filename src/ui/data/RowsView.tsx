// All rows of a split, or those that hold a query; only what is in sight is in the page.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { createSearch, type Search } from '../../engine/text/search.ts';
import type { DataRow } from '../../runs/protocol.ts';
import type { DataChoice } from '../../runs/spec.ts';
import { Notice } from '../components/Notice.tsx';
import { SelectField } from '../components/SelectField.tsx';
import { count, plural } from '../format.ts';
import { useServices } from '../services.ts';
import { excerptOf } from './excerpt.ts';
import type { Place } from './OpenedView.tsx';
import { stretchesOf } from './stretches.ts';
import { type Rows, useRows } from './useRows.ts';

const settledAfterMs = 250;
const rowHeight = 49;

interface RowsViewProps {
  readonly data: DataChoice;
  readonly split: Place['split'];
  readonly onOpen: (row: number) => void;
}

export function RowsView({ data, split, onOpen }: RowsViewProps) {
  const [typed, setTyped] = useState('');
  const query = useSettled(typed.trim());
  const rows = useRows(data, split, query);
  const id = useId();
  return (
    <>
      <div className="rows-search">
        <div className="field">
          <label htmlFor={id}>Search the texts</label>
          <input
            id={id}
            type="search"
            className="input"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        </div>
        <p className="hint">{wordsFor(rows, typed.trim())}</p>
      </div>
      <Announce rows={rows} query={query} />
      {rows.problem && <Notice level="error">{rows.problem}</Notice>}
      {rows.shown && rows.shown.total > 0 && (
        <Stretches key={rows.shown.query} rows={rows} shown={rows.shown} onOpen={onOpen} />
      )}
    </>
  );
}

/** The value once it has not changed for a while. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settledAfterMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function wordsFor({ shown, progress }: Rows, typed: string): string {
  if (progress) return `Searching, ${count(progress.done)} of ${count(progress.total)}…`;
  if (!shown) return 'Reading the rows…';
  if (shown.query !== typed) return 'Searching…';
  return foundIn(shown.total, typed);
}

const foundIn = (total: number, query: string): string =>
  query === '' ? plural(total, 'row') : `${plural(total, 'row')} with “${query}”`;

/** A search is heard when it is done. */
function Announce({ rows: { shown }, query }: { readonly rows: Rows; readonly query: string }) {
  const { announcements } = useServices();
  const found = shown && shown.query === query && query !== '' ? foundIn(shown.total, query) : null;
  useEffect(() => {
    if (found !== null) announcements.say(found);
  }, [announcements, found]);
  return null;
}

interface StretchesProps extends Pick<RowsViewProps, 'onOpen'> {
  readonly rows: Rows;
  readonly shown: NonNullable<Rows['shown']>;
}

/** More rows than one table may have are shown stretch by stretch. */
function Stretches({ shown, ...props }: StretchesProps) {
  const [chosen, setChosen] = useState(0);
  const stretches = stretchesOf(shown.total);
  const stretch = stretches[chosen] ?? { from: 0, to: shown.total };
  return (
    <>
      {stretches.length > 1 && (
        <div className="choices">
          <SelectField
            label="Rows"
            options={stretches.map(({ from, to }, index) => ({
              id: String(index),
              label: `${count(from + 1)} to ${count(to)}`,
            }))}
            value={String(chosen)}
            onChoose={(id) => setChosen(Number(id))}
          />
        </div>
      )}
      <RowsTable key={chosen} shown={shown} {...stretch} {...props} />
    </>
  );
}

interface RowsTableProps extends StretchesProps {
  /** Its rows, of all of them. */
  readonly from: number;
  readonly to: number;
}

function RowsTable({ rows: { rowAt, show }, shown, from: first, to: end, onOpen }: RowsTableProps) {
  const { query, columns, total } = shown;
  const scroller = useRef<HTMLElement>(null);
  const search = useMemo(() => createSearch(query), [query]);
  const virtualizer = useVirtualizer({
    count: end - first,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const items = virtualizer.getVirtualItems();
  const from = first + (items[0]?.index ?? 0);
  const to = first + (items.at(-1)?.index ?? 0);
  useEffect(() => show(from, to), [show, from, to]);
  const above = items[0]?.start ?? 0;
  const below = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section ref={scroller} className="table-scroll rows-scroll" tabIndex={0} aria-label="All rows">
      <table
        className="table rows-table"
        style={{ minWidth: `${4 + 8 * columns.length}rem` }}
        aria-rowcount={total + 1}
      >
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className="row-number">
              row
            </th>
            {columns.map((column) => (
              <th key={column} scope="col" className="mono" data-column={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={above} />
          {items.map(({ index }) => (
            <tr key={index} ref={virtualizer.measureElement} data-index={index} aria-rowindex={first + index + 2}>
              <RowCells row={rowAt(first + index)} columns={columns} search={search} onOpen={onOpen} />
            </tr>
          ))}
          <Gap height={below} />
        </tbody>
      </table>
    </section>
  );
}

/** In place of rows that are out of sight. */
const Gap = ({ height }: { readonly height: number }) =>
  height > 0 && (
    <tr className="rows-gap">
      <td style={{ height }} />
    </tr>
  );

interface RowCellsProps extends Pick<RowsViewProps, 'onOpen'> {
  /** Null while it is on its way. */
  readonly row: DataRow | null;
  readonly columns: readonly string[];
  readonly search: Search;
}

function RowCells({ row, columns, search, onOpen }: RowCellsProps) {
  if (!row) return <td colSpan={columns.length + 1} className="row-waiting" />;
  const number = count(row.index + 1);
  return (
    <>
      <td className="row-number">
        <button
          type="button"
          className="button-quiet"
          title="Show its tokens"
          aria-label={`Tokens of row ${number}`}
          onClick={() => onOpen(row.index)}
        >
          {number}
        </button>
      </td>
      {columns.map((column) => (
        <td key={column}>
          <span className="clamp">
            {excerptOf(row.cells[column] ?? '', search).map(({ text, isHit }, index) =>
              // biome-ignore lint/suspicious/noArrayIndexKey: stretches have no identity but their place
              isHit ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
            )}
          </span>
        </td>
      ))}
    </>
  );
}
