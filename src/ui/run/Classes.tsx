// A classifier's predictions in the end: who is taken for whom, and where it is surest and wrong.
import type { CSSProperties } from 'react';
import type { ClassReport } from '../../runs/events.ts';
import { count, percent, plural } from '../format.ts';
import { tabulate } from './confusion.ts';
import './classes.css';

export function Classes({ report }: { readonly report: ClassReport }) {
  return (
    <div className="classes">
      <Confusion report={report} />
      <Errors report={report} />
    </div>
  );
}

function Confusion({ report }: { readonly report: ClassReport }) {
  const { rows, precision, wrong, total } = tabulate(report);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page scrolls by keyboard
    <section className="table-scroll" tabIndex={0} aria-label="Confusion matrix">
      <table className="table confusion">
        <caption>
          <span>{`Confusion on ${report.split}: ${count(wrong)} of ${count(total)} wrong.`}</span>{' '}
          <span>Rows are true classes, columns predictions.</span>
        </caption>
        <thead>
          <tr>
            <td />
            {report.labels.map((label) => (
              <th key={label} scope="col" className="number">
                {label}
              </th>
            ))}
            <th scope="col" className="number">
              recall
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, cells, recall }, truth) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {cells.map((cell, predicted) => (
                <td
                  key={report.labels[predicted]}
                  className={`number confusion-${truth === predicted ? 'right' : 'wrong'}`}
                  style={{ '--share': cell.share } as CSSProperties}
                >
                  {count(cell.count)}
                </td>
              ))}
              <td className="number">{shareText(recall)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">precision</th>
            {precision.map((share, index) => (
              <td key={report.labels[index]} className="number">
                {shareText(share)}
              </td>
            ))}
            <td />
          </tr>
        </tbody>
      </table>
    </section>
  );
}

const shareText = (share: number | null): string => (share === null ? 'none' : percent(share, 0));

function Errors({ report: { labels, errors, split } }: { readonly report: ClassReport }) {
  if (errors.length === 0) return null;
  return (
    <details className="more">
      <summary>{`The surest ${plural(errors.length, 'error')} on ${split}`}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page scrolls by keyboard */}
      <section className="table-scroll errors-scroll" tabIndex={0} aria-label="Most confident errors">
        <table className="table errors">
          <thead>
            <tr>
              <th scope="col">Text</th>
              <th scope="col">True</th>
              <th scope="col">Predicted</th>
              <th scope="col" className="number">
                Probability
              </th>
            </tr>
          </thead>
          <tbody>
            {errors.map(({ id, text, label, predicted, probability }) => (
              <tr key={id}>
                <td>{text}</td>
                <td>{labels[label]}</td>
                <td>{labels[predicted]}</td>
                <td className="number">{probability.toFixed(3)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
