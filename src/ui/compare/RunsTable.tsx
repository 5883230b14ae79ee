// All runs, one row for those that differ in their seed alone: sorted, filtered, with the columns that are wanted.
import { ArrowDown, ArrowUp, ChevronRight, Pin } from 'lucide-react';
import { memo, useCallback, useMemo, useState } from 'react';
import type { CompareLook } from '../../notebook/document.ts';
import type { RunGroup } from '../../runs/groups.ts';
import { ColumnsMenu } from './ColumnsMenu.tsx';
import { type Column, columnsOf, defaultColumns, filtered, isPinned, sorted, statusWords, textOf } from './columns.ts';
import { RunDetails } from './RunDetails.tsx';
import type { ShownGroup } from './RunsView.tsx';

interface RunsTableProps {
  readonly groups: readonly ShownGroup[];
  readonly look: CompareLook;
  readonly onChange: (change: Partial<CompareLook>) => void;
  readonly isShown: (group: RunGroup) => boolean;
  readonly onShow: (group: RunGroup, isOn: boolean) => void;
  readonly opensSeeds: boolean;
}

export function RunsTable({ groups, look, onChange, isShown, onShow, opensSeeds }: RunsTableProps) {
  const [filter, setFilter] = useState('');
  // Rows that are not as they were at first.
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const { all, columns } = useMemo(() => {
    const runs = groups.flatMap((group) => group.runs);
    const offered = columnsOf(runs);
    const wanted = look.columns ?? defaultColumns(runs);
    return { all: offered, columns: wanted.flatMap((id) => offered.find((column) => column.id === id) ?? []) };
  }, [groups, look.columns]);
  const column = all.find(({ id }) => id === look.sort?.column);
  const rows = sorted(filtered(groups, columns, filter), column, look.sort?.isDescending ?? false);
  const toggle = useCallback(
    (key: string) =>
      setToggled((before) => new Set(before.has(key) ? [...before].filter((one) => one !== key) : [...before, key])),
    [],
  );
  return (
    <div className="runs">
      <div className="runs-tools">
        <input
          type="search"
          className="input"
          aria-label="Filter the runs"
          placeholder="Filter by name, setting, note"
          value={filter}
          onChange={({ target }) => setFilter(target.value)}
        />
        <span className="hint" role="status">
          {rows.length === groups.length ? `${groups.length} rows` : `${rows.length} of ${groups.length} rows`}
        </span>
        <ColumnsMenu all={all} chosen={columns} onChange={(chosen) => onChange({ columns: chosen })} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page scrolls by keyboard */}
      <section className="table-scroll" tabIndex={0} aria-label="Runs">
        <table className="table runs-table">
          <thead>
            <tr>
              <td />
              <th scope="col">Run</th>
              <th scope="col">State</th>
              {columns.map((each) => (
                <Heading key={each.id} column={each} sort={look.sort} onSort={(sort) => onChange({ sort })} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((group) => (
              <Row
                key={group.key}
                group={group}
                columns={columns}
                isShown={isShown(group)}
                isOpen={toggled.has(group.key) !== (opensSeeds && group.runs.length > 1)}
                onShow={onShow}
                onToggle={toggle}
              />
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

interface HeadingProps {
  readonly column: Column;
  readonly sort: CompareLook['sort'];
  readonly onSort: (sort: CompareLook['sort']) => void;
}

/** Pressed once it sorts by the column, largest first where that is a measurement; then the other way; then not. */
function Heading({ column, sort, onSort }: HeadingProps) {
  const first = column.kind === 'measurement';
  const own = sort?.column === column.id ? sort : null;
  const next = own
    ? own.isDescending === first
      ? { ...own, isDescending: !first }
      : null
    : { column: column.id, isDescending: first };
  const Arrow = own?.isDescending ? ArrowDown : ArrowUp;
  return (
    <th scope="col" className="number" aria-sort={own ? (own.isDescending ? 'descending' : 'ascending') : undefined}>
      <button type="button" className="sort-button" title={column.id} onClick={() => onSort(next)}>
        {column.title}
        {own && <Arrow size={13} aria-hidden="true" />}
      </button>
    </th>
  );
}

interface RowProps {
  readonly group: ShownGroup;
  readonly columns: readonly Column[];
  readonly isShown: boolean;
  readonly isOpen: boolean;
  readonly onShow: (group: RunGroup, isOn: boolean) => void;
  readonly onToggle: (key: string) => void;
}

/** Drawn anew when a run of it changes; what the buttons do stays the same. */
const Row = memo(function Row({ group, columns, isShown, isOpen, onShow, onToggle }: RowProps) {
  const { key, name, color, runs } = group;
  return (
    <>
      <tr>
        <td>
          <input
            type="checkbox"
            aria-label={`Draw ${name}`}
            checked={isShown}
            onChange={({ target }) => onShow(group, target.checked)}
          />
        </td>
        <th scope="row">
          <button type="button" className="row-button" aria-expanded={isOpen} onClick={() => onToggle(key)}>
            <ChevronRight className="chevron" size={14} aria-hidden="true" />
            <i className="swatch" style={{ background: color }} aria-hidden="true" />
            {name}
            {runs.length > 1 && <span className="row-seeds">{`${runs.length} seeds`}</span>}
            {isPinned(group) && <Pin size={13} role="img" aria-label="pinned" />}
          </button>
        </th>
        <td>{stateOf(group)}</td>
        {columns.map((column) => (
          <td key={column.id} className="number">
            {textOf(column, group)}
          </td>
        ))}
      </tr>
      {isOpen && runs.map((run) => <RunDetails key={run.id} run={run} columns={columns} />)}
    </>
  );
}, isSameRow);

function isSameRow(before: RowProps, after: RowProps): boolean {
  const hasSameRuns =
    before.group.runs.length === after.group.runs.length &&
    before.group.runs.every((run, index) => run === after.group.runs[index]);
  return (
    hasSameRuns &&
    before.group.color === after.group.color &&
    before.columns === after.columns &&
    before.isShown === after.isShown &&
    before.isOpen === after.isOpen &&
    before.onShow === after.onShow &&
    before.onToggle === after.onToggle
  );
}

/** `done`; of several seeds that are not alike, how many are where: `2 done, 1 waiting`. */
function stateOf({ runs }: RunGroup): string {
  const words = runs.map(({ status }) => statusWords[status]);
  const distinct = [...new Set(words)];
  if (distinct.length === 1) return distinct[0]!;
  return distinct.map((word) => `${words.filter((one) => one === word).length} ${word}`).join(', ');
}
