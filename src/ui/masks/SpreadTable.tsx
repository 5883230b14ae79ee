// The numbers of the distribution, runs beside each other.
import { formatNumber } from '../charts/series.ts';
import { formatCount, formatShare } from './matrix.ts';
import type { DescribedSide } from './SpreadView.tsx';
import { oncePruned } from './spread.ts';

type Weights = DescribedSide['weights'];

const share = (part: number, whole: number): string => (whole === 0 ? '–' : formatShare(part / whole));
const move = (value: number): string => (Number.isNaN(value) ? '–' : formatNumber(Number(value.toPrecision(3))));

const rows: readonly { readonly title: string; read(weights: Weights): string }[] = [
  { title: 'weights kept', read: ({ kept, total }) => `${formatCount(kept)} (${share(kept, total)})` },
  { title: 'of these moved away from zero', read: ({ kept, movedAway }) => share(movedAway, kept) },
  { title: 'mean move of kept weights', read: ({ meanMove }) => move(meanMove.kept) },
  { title: 'mean move of pruned weights', read: ({ meanMove }) => move(meanMove.pruned) },
  {
    title: 'kept weights that had once been pruned',
    read: ({ kept, returns }) =>
      returns ? `${formatCount(oncePruned(returns))} (${share(oncePruned(returns), kept)})` : 'not recorded',
  },
];

export function SpreadTable({ sides }: { readonly sides: readonly DescribedSide[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="table-scroll" aria-label="The distribution in numbers" tabIndex={0}>
      <table className="table compare-table">
        <thead>
          <tr>
            <td />
            {sides.map(({ label, color }) => (
              <th key={`${label} ${color}`} scope="col" className="number">
                <i className="swatch" style={{ background: color }} aria-hidden="true" />
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ title, read }) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              {sides.map(({ label, color, weights }) => (
                <td key={`${label} ${color}`} className="number">
                  {read(weights)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
