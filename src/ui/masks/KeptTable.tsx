// What each run kept, by layer and kind of matrix: numbers to read, bars to compare.

import { useId } from 'react';
import type { MatrixInfo } from '../../runs/events.ts';
import { ExportButtons } from '../components/ExportButtons.tsx';
import { csvBlob } from '../files/csv.ts';
import { fullBar, type KeptRun, KINDS, layersOf, type Tally, tally } from './keptShares.ts';
import { formatCount, formatShare, weightCount } from './matrix.ts';
import './masks.css';

type Select = (matrix: MatrixInfo) => boolean;

export function KeptTable({ runs }: { readonly runs: readonly KeptRun[] }) {
  const caption = useId();
  const full = fullBar(runs);
  const cell = (key: string, select: Select, className?: string) => (
    <td key={key} className={className}>
      {runs.map((run) => (
        <Share key={`${run.label} ${run.color}`} run={run} tally={tally(run, select)} full={full} />
      ))}
    </td>
  );
  return (
    <figure className="kept-table">
      <figcaption id={caption}>
        <ExportButtons subject="kept shares" fileName="kept-shares" files={{ csv: () => csvBlob(keptRows(runs)) }} />
        <RunNames runs={runs} />
        {describeDenominators(runs)} Bars are full at {formatShare(full)}.
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="kept-scroll" aria-label="Kept share by layer and kind" tabIndex={0}>
        <table aria-describedby={caption}>
          <thead>
            <tr>
              <th scope="col">layer</th>
              {KINDS.map((kind) => (
                <th key={kind} scope="col">
                  {kind}
                </th>
              ))}
              <th scope="col" className="kept-total">
                whole layer
              </th>
            </tr>
          </thead>
          <tbody>
            {layersOf(runs).map((layer) => (
              <tr key={layer}>
                <th scope="row">{layer}</th>
                {KINDS.map((kind) => cell(kind, (matrix) => matrix.layer === layer && matrix.kind === kind))}
                {cell('total', (matrix) => matrix.layer === layer, 'kept-total')}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">all</th>
              {KINDS.map((kind) => cell(kind, (matrix) => matrix.kind === kind))}
              {cell('total', () => true, 'kept-total')}
            </tr>
          </tfoot>
        </table>
      </section>
    </figure>
  );
}

function Share({ run, tally: { kept, total }, full }: { run: KeptRun; tally: Tally; full: number }) {
  if (total === 0) return <div className="kept-share">–</div>;
  const share = kept / total;
  return (
    <div className="kept-share" title={`${run.label}: ${formatCount(kept)} of ${formatCount(total)} weights`}>
      <span className="kept-bar" aria-hidden="true">
        <span style={{ width: `${100 * Math.min(1, share / full)}%`, background: run.color }} />
      </span>
      <span className="kept-number">{formatShare(share)}</span>
    </div>
  );
}

/** Kept weights and all, of every matrix and run. */
function keptRows(runs: readonly KeptRun[]): readonly (readonly (string | number)[])[] {
  const rows = runs.flatMap(({ label, matrices, keptByMatrix }) =>
    matrices.map((matrix, index) => {
      const { name, layer, kind } = matrix;
      return [label, name, layer, kind, keptByMatrix[index] ?? '', weightCount(matrix)];
    }),
  );
  return [['run', 'matrix', 'layer', 'kind', 'kept', 'weights'], ...rows];
}

function RunNames({ runs }: { runs: readonly KeptRun[] }) {
  return (
    <span className="kept-runs">
      {runs.map((run) => (
        <span key={`${run.label} ${run.color}`}>
          <span className="masks-swatch" style={{ background: run.color }} /> {run.label}{' '}
        </span>
      ))}
    </span>
  );
}

/** "Share of the weights kept …": always of what. Runs of models of different size name each their own. */
function describeDenominators(runs: readonly KeptRun[]): string {
  const totals = [...new Set(runs.map((run) => tally(run, () => true).total))].map(formatCount).join(' or ');
  return (
    `Share of weights kept, from top to bottom per run: of each matrix, of all six matrices of a layer (right), of ` +
    `one kind over all layers (below), and of the encoder’s ${totals} weights in linear maps (bottom right). ` +
    `Embeddings, biases, LayerNorm, pooler and head are never pruned and not counted.`
  );
}
