// How many examples have each label, by split.
import type { DataDescription } from '../../runs/protocol.ts';
import { splitNames } from '../../runs/spec.ts';
import { count, percent } from '../format.ts';

interface LabelsViewProps {
  readonly labels: readonly string[];
  readonly balance: NonNullable<DataDescription['balance']>;
}

const sum = (counts: readonly number[]): number => counts.reduce((total, part) => total + part, 0);

/** The longest bar of a split is its most frequent label. */
export function LabelsView({ labels, balance }: LabelsViewProps) {
  if (labels.length === 0) return <p className="empty">This data has no labels.</p>;
  const splits = splitNames.map((split) => {
    const { counts, hidden } = balance[split];
    return { split, counts, hidden, total: sum(counts) + hidden, most: Math.max(1, hidden, ...counts) };
  });
  const rows = labels.map((label, index) => ({ label, of: splits.map(({ counts }) => counts[index] ?? 0) }));
  if (splits.some(({ hidden }) => hidden > 0)) {
    rows.push({ label: 'label hidden', of: splits.map(({ hidden }) => hidden) });
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="table-scroll labels-scroll" tabIndex={0} aria-label="Labels by split">
      <table className="table labels-table">
        <thead>
          <tr>
            <th scope="col">label</th>
            {splits.map(({ split, total }) => (
              <th key={split} scope="col">
                {split}, {count(total)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, of }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {splits.map(({ split, total, most }, index) => (
                <td key={split}>
                  <span className="label-bar" style={{ width: `${(100 * of[index]!) / most}%` }} aria-hidden="true" />
                  {count(of[index]!)} <span className="hint">{percent(of[index]! / Math.max(1, total))}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
