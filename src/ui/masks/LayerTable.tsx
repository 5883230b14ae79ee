// Two runs' masks compared matrix by matrix: agreement, and what the masks follow.
import { chanceIntersectionOverUnion, iouOf } from '../../engine/pruning/agreement.ts';
import type { MaskComparison } from '../../runs/protocol.ts';
import { ExportButtons } from '../components/ExportButtons.tsx';
import { csvBlob } from '../files/csv.ts';
import { weightCount } from './matrix.ts';
import './masks.css';

interface LayerTableProps {
  readonly left: string;
  readonly right: string;
  readonly rows: readonly MaskComparison[];
}

export function LayerTable({ left, right, rows }: LayerTableProps) {
  const columns = columnsOf(left, right);
  return (
    <figure className="kept-table">
      <figcaption>
        <ExportButtons
          subject="table"
          fileName="masks-by-layer"
          files={{ csv: () => csvBlob(comparisonRows(left, right, rows)) }}
        />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="kept-scroll" aria-label="Masks by layer" tabIndex={0}>
        <table className="layer-table">
          <thead>
            <tr>
              <th scope="col">layer</th>
              <th scope="col">matrix</th>
              {columns.map(({ title, about }) => (
                <th key={title} scope="col" title={about}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.info.name}>
                <th scope="row">{row.info.layer}</th>
                <td>{row.info.kind}</td>
                {columns.map(({ title, read }) => (
                  <td key={title}>
                    <Correlation value={read(row)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </figure>
  );
}

interface Column {
  readonly title: string;
  readonly about: string;
  read(row: MaskComparison): number;
}

function columnsOf(left: string, right: string): readonly Column[] {
  return [
    {
      title: 'IoU',
      about: 'Intersection over union of the kept weights',
      read: ({ agreement }) => iouOf(agreement),
    },
    { title: 'by chance', about: 'IoU of two unrelated masks that keep as many', read: chanceOf },
    {
      title: 'ρ of scores',
      about: 'Spearman’s rank correlation of what the masks were decided by',
      read: ({ scores }) => scores,
    },
    ...[left, right].map((label, index) => ({
      title: `${label}: ρ with |pretrained|`,
      about: `Spearman’s rank correlation of the absolute pretrained weights and the mask of ${label}`,
      read: ({ magnitude }: MaskComparison) => magnitude[index as 0 | 1],
    })),
  ];
}

function chanceOf({ agreement: { both, onlyA, onlyB }, info }: MaskComparison): number {
  const total = weightCount(info);
  return chanceIntersectionOverUnion((both + onlyA) / total, (both + onlyB) / total);
}

/** A number with a bar from zero: left where it is negative. */
function Correlation({ value }: { readonly value: number }) {
  if (Number.isNaN(value)) return <span title="One side does not vary">–</span>;
  const share = `${50 * Math.min(1, Math.abs(value))}%`;
  return (
    <span className="correlation">
      <span aria-hidden="true">
        <span style={value < 0 ? { right: '50%', width: share } : { left: '50%', width: share }} />
      </span>
      <span className="kept-number">{value.toFixed(3)}</span>
    </span>
  );
}

export function comparisonRows(left: string, right: string, rows: readonly MaskComparison[]) {
  const columns = columnsOf(left, right);
  const values = rows.map((row) => [row.info.name, ...columns.map(({ read }) => read(row))]);
  return [['matrix', ...columns.map(({ title }) => title)], ...values];
}
