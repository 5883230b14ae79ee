// The trade-off's numbers, published ones with their source.
import { measure, percent } from '../format.ts';
import type { Tradeoff } from './tradeoff.ts';

const head = ['result', 'line', 'kept', 'quality', '±', 'seeds', 'of dense', 'front', 'source'] as const;
type Row = readonly (string | number)[];

/** As numbers, for a file: shares from 0 to 1. */
export function rowsOf({ points, lines, front, dense, published }: Tradeoff): readonly Row[] {
  const lineOf = (key: string) => lines.find((line) => line.points.some((point) => point.key === key))?.label ?? '';
  const own = [...points, ...(dense ? [dense] : [])].map((point) => [
    point.name,
    lineOf(point.key),
    point.cost,
    point.quality,
    point.deviation ?? '',
    point.seeds.length,
    dense ? point.quality / dense.quality : '',
    front.includes(point) ? 'yes' : '',
    'this notebook',
  ]);
  const others = (published?.points ?? []).map(({ name, cost, quality }) => [
    ...[name, '', cost, quality, '', '', '', ''],
    `${published?.source}, ${published?.address}, ${published?.setup}`,
  ]);
  return [head, ...own, ...others];
}

export function TradeoffTable({ tradeoff }: { readonly tradeoff: Tradeoff }) {
  const rows = rowsOf(tradeoff).slice(1);
  return (
    <details className="metric-table">
      <summary>Show as table</summary>
      <section
        className="metric-table-scroll"
        aria-label={`${tradeoff.quality} and weights kept, as a table`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <table>
          <thead>
            <tr>
              {head.map((title) => (
                <th key={title} scope="col">
                  {title === 'quality' ? tradeoff.quality : title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.join(' ')}>
                {row.map((value, column) =>
                  column === 0 ? (
                    <th key="name" scope="row">
                      {value}
                    </th>
                  ) : (
                    <td key={head[column]}>{textOf(value, column)}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

const shares: ReadonlySet<number> = new Set([head.indexOf('kept'), head.indexOf('of dense')]);

function textOf(value: string | number, column: number): string {
  if (typeof value === 'string') return value;
  return shares.has(column) ? percent(value) : measure(value);
}
