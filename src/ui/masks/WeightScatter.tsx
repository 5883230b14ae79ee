// How fine-tuning moved every weight of a matrix, and which of them the mask keeps (Sanh et al. 2020, figure 1).
import { useCallback, useMemo, useRef, useState } from 'react';
import type { MatrixData } from '../../runs/protocol.ts';
import { useWidth } from '../charts/useWidth.ts';
import { Swatch } from './AgreementLegend.tsx';
import { downloadCanvas, fileNamePart } from './download.ts';
import { scatterFrame } from './drawScatter.ts';
import { ExportButtons } from './ExportButtons.tsx';
import { formatCount, formatShare, matrixTitle } from './matrix.ts';
import { ScatterPlot } from './ScatterPlot.tsx';
import { describeScatter, type ScatterSummary, summariseScatter } from './scatter.ts';
import { useJob } from './useJob.ts';
import './masks.css';

export interface WeightScatterProps {
  readonly label: string;
  readonly data: MatrixData;
}

const WIDEST = 520;
/** Room around the outermost weight, so that its dot is whole. */
const PADDING = 1.03;
/** A few outliers this many times further out would squash all others into the middle: then they start left out. */
const SQUASHED = 1.5;

export function WeightScatter({ label, data }: WeightScatterProps) {
  const summary = useJob(useCallback((signal: AbortSignal) => summariseScatter(data, signal), [data]));
  const [chosen, setChosen] = useState<boolean | null>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const width = Math.min(useWidth(body), WIDEST);
  const isCentral = chosen ?? (summary !== null && summary.limit > SQUASHED * summary.centralLimit);
  const limit = summary && (PADDING * (isCentral ? summary.centralLimit : summary.limit) || 1);
  const frame = useMemo(
    () => (limit !== null && width > 0 ? scatterFrame(width, limit, devicePixelRatio) : null),
    [width, limit],
  );
  const savePng = frame ? (name: string) => downloadCanvas(canvas.current!, name) : null;

  return (
    <section className="scatter" aria-label={`Scatter of ${label}`}>
      <header className="scatter-header">
        <h4>
          {label} <span className="scatter-matrix">{matrixTitle(data.info)}</span>
        </h4>
        <ExportButtons
          subject={`scatter of ${label}`}
          fileName={`${data.info.name}.${fileNamePart(label)}.scatter`}
          savePng={savePng}
          data={data}
        />
      </header>
      <div ref={body} className="scatter-body">
        {frame && summary ? (
          <ScatterPlot canvas={canvas} data={data} frame={frame} label={describeScatter(label, summary)} />
        ) : (
          <p className="scatter-wait">Reading {formatCount(data.pretrained.length)} weights…</p>
        )}
        {summary && <Facts summary={summary} isCentral={isCentral} onCentral={setChosen} />}
      </div>
    </section>
  );
}

interface FactsProps {
  readonly summary: ScatterSummary;
  readonly isCentral: boolean;
  readonly onCentral: (isCentral: boolean) => void;
}

function Facts({ summary, isCentral, onCentral }: FactsProps) {
  const { total, kept, correlation, keptMovedAway, prunedMovedAway } = summary;
  const pruned = total - kept;
  return (
    <div className="scatter-facts">
      <p>
        <Swatch color="var(--kept)" /> <strong>{formatCount(kept)}</strong> kept, {formatShare(kept / total)} of{' '}
        {formatCount(total)}
        {kept > 0 && <small>{formatShare(keptMovedAway / kept)} of them moved away from zero</small>}
      </p>
      <p>
        <Swatch color="var(--pruned)" /> <strong>{formatCount(pruned)}</strong> pruned
        {pruned > 0 && <small>{formatShare(prunedMovedAway / pruned)} of them moved away from zero</small>}
      </p>
      <p>
        Correlation of pretrained and fine-tuned <strong>{correlation.toFixed(4)}</strong>
      </p>
      <label className="scatter-choice">
        <input type="checkbox" checked={isCentral} onChange={(event) => onCentral(event.target.checked)} />
        Leave out the outermost 0.1 %
      </label>
    </div>
  );
}
