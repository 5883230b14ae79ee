// The chart as files, and its numbers as a table: last, lowest and highest per series, then rows sampled along the steps.
import { useState } from 'react';
import { ExportButtons, type MakeFile } from '../components/ExportButtons.tsx';
import { csvBlob } from '../files/csv.ts';
import { fileNamePart } from '../files/save-blob.ts';
import { type MetricSeries, type NumberFormat, nearestPoint, sampleSteps, seriesRows, summarise } from './series.ts';

const SAMPLED_ROWS = 20;

interface SeriesTableProps extends RowsProps {
  /** Of the chart. */
  readonly files: Readonly<Record<'png' | 'svg', MakeFile>>;
}

interface RowsProps {
  readonly title: string;
  readonly series: readonly MetricSeries[];
  readonly format: NumberFormat;
}

export function SeriesTable({ files, ...rows }: SeriesTableProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="metric-table" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>Table and files</summary>
      {isOpen && (
        <>
          <ExportButtons
            subject={`chart of ${rows.title}`}
            fileName={fileNamePart(rows.title)}
            files={{ ...files, csv: () => csvBlob(seriesRows(rows.series)) }}
          />
          <Rows {...rows} />
        </>
      )}
    </details>
  );
}

export function Rows({ title, series, format }: RowsProps) {
  const summaries = series.map(({ points }) => summarise(points));
  const extremes = (['last', 'lowest', 'highest'] as const).map((name) => ({
    name,
    points: summaries.map((summary) => summary?.[name] ?? null),
  }));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="metric-table-scroll" aria-label={`${title}, as a table`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">step</th>
            {series.map(({ key, label }) => (
              <th key={key} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {extremes.map(({ name, points }) => (
            <tr key={name} className="metric-table-extreme">
              <th scope="row">{name}</th>
              {points.map((point, i) => (
                <td key={series[i]!.key}>
                  {point ? format(point.value) : '–'} {point && <small>at {point.step}</small>}
                </td>
              ))}
            </tr>
          ))}
          {sampleSteps(series, SAMPLED_ROWS).map((step) => (
            <tr key={step}>
              <th scope="row">{step}</th>
              {series.map(({ key, points }) => {
                const point = nearestPoint(points, step);
                return <td key={key}>{point?.step === step ? format(point.value) : ''}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
