// A notebook as a page that needs nothing: no script, no font, no server. React writes it, so whatever a notebook or a
// model says is text; what it may load, its own policy says: nothing.
import ReactMarkdown from 'react-markdown';
import rehypeKatex from 'rehype-katex';
import remarkMath from 'remark-math';
import type { Cell, NotebookDocument } from '../../notebook/document.ts';
import { boundedDepth } from '../cells/bounded-depth.ts';
import { nameOfCell } from '../shell/describe.ts';
import { drawStill } from './draw-still.ts';
import { FigureSvg } from './FigureSvg.tsx';
import style from './report.css?inline';
import { type CellResults, type RunsReader, resultsOf, type Table } from './results.ts';

const policy = "default-src 'none'; style-src 'unsafe-inline'";

/** The HTML of the report, complete. */
export function reportOf(notebook: NotebookDocument, runs: RunsReader, version: string): string {
  const title = drawStill(notebook.title || 'Untitled').innerHTML;
  const body = drawStill(<Report notebook={notebook} runs={runs} version={version} />).innerHTML;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

interface ReportProps {
  readonly notebook: NotebookDocument;
  readonly runs: RunsReader;
  /** What wrote it, in words. */
  readonly version: string;
}

export function Report({ notebook, runs, version }: ReportProps) {
  return (
    <main>
      <h1>{notebook.title || 'Untitled'}</h1>
      <p className="dateline">{version}</p>
      {notebook.cells.map((cell) =>
        cell.kind === 'text' ? (
          <Text key={cell.id} source={cell.source} />
        ) : (
          <Section key={cell.id} cell={cell} results={resultsOf(notebook, cell, runs)} />
        ),
      )}
    </main>
  );
}

/** Formulas as MathML, which needs no fonts; pictures would have to be fetched. */
function Text({ source }: { readonly source: string }) {
  return (
    <ReactMarkdown
      remarkPlugins={[remarkMath, boundedDepth]}
      rehypePlugins={[[rehypeKatex, { output: 'mathml', trust: false }]]}
      disallowedElements={['img']}
    >
      {source}
    </ReactMarkdown>
  );
}

function Section({ cell, results: { figures, tables } }: { readonly cell: Cell; readonly results: CellResults }) {
  const { id: _, collapsed: _collapsed, ...settings } = cell;
  return (
    <section>
      <h2>{nameOfCell(cell)}</h2>
      <details>
        <summary>Settings</summary>
        <pre>{JSON.stringify(settings, null, 2)}</pre>
      </details>
      {tables.map((table) => (
        <ResultTable key={table.caption} table={table} />
      ))}
      {figures.map((figure) => (
        <figure key={figure.title}>
          <FigureSvg figure={figure} />
        </figure>
      ))}
    </section>
  );
}

function ResultTable({ table: { caption, head, rows } }: { readonly table: Table }) {
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {head.map((name, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat, columns keep their order
            <th key={column} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, ...values]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {values.map((value, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is a run, and runs keep their order
              <td key={column}>{value}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
