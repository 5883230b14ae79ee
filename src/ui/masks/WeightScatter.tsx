// A scatter of every weight of a matrix, and which of them the mask keeps: how fine-tuning moved it (Sanh et al. 2020,
// figure 1), or how its score follows its value.
import { useCallback, useMemo, useRef, useState } from 'react';
import type { MatrixData } from '../../runs/protocol.ts';
import { drawnIn, figureFiles, type LegendEntry } from '../charts/figure-file.ts';
import { useWidth } from '../charts/useWidth.ts';
import { ExportButtons } from '../components/ExportButtons.tsx';
import { fileNamePart } from '../files/save-blob.ts';
import { Swatch } from './AgreementLegend.tsx';
import { matrixCsv } from './csv.ts';
import { formatCount, formatShare, matrixTitle } from './matrix.ts';
import { ScatterPlot } from './ScatterPlot.tsx';
import {
  describeScatter,
  movementKind,
  movementOf,
  type Points,
  type ScatterKind,
  type ScatterSummary,
  scoringKind,
  scoringOf,
  summariseScatter,
  type View,
} from './scatter.ts';
import { scatterFrame, viewOf } from './scatterFrame.ts';
import { useJob } from './useJob.ts';
import './masks.css';

interface ScatterProps {
  readonly label: string;
  readonly data: MatrixData;
  /** Index of the weight that is pointed at, shared with the scatter beside this one. */
  readonly probed: number | null;
  readonly onProbe: (index: number | null) => void;
  /** The values on show, shared likewise; null shows all. */
  readonly view: View | null;
  readonly onView: (view: View | null) => void;
}

/** How fine-tuning moved each weight. */
export function MovementScatter(props: ScatterProps) {
  const points = useMemo(() => movementOf(props.data), [props.data]);
  return <WeightScatter {...props} points={points} kind={movementKind} />;
}

/** How each weight's score follows its value. */
export function ScoreScatter(props: ScatterProps) {
  const points = useMemo(() => scoringOf(props.data), [props.data]);
  if (points) return <WeightScatter {...props} points={points} kind={scoringKind} />;
  return <p className="empty">{props.label} learned no scores: what it keeps is decided by the weights’ size alone.</p>;
}

interface WeightScatterProps extends ScatterProps {
  /** Of `data`, what `kind` shows; the same object while that is the same. */
  readonly points: Points;
  readonly kind: ScatterKind;
}

const LEGEND: readonly LegendEntry[] = [
  { label: 'kept', color: 'var(--kept)', mark: 'square' },
  { label: 'pruned', color: 'var(--pruned)', mark: 'square' },
];
const WIDEST = 520;
/** Room around the outermost weight, so that its dot is whole. */
const PADDING = 1.03;
/** A few outliers this many times further out would squash all others into the middle: then they start left out. */
const SQUASHED = 1.5;

function WeightScatter({ label, data, points, kind, probed, onProbe, view, onView }: WeightScatterProps) {
  const summary = useJob(useCallback((signal: AbortSignal) => summariseScatter(points, signal), [points]));
  const [chosen, setChosen] = useState<boolean | null>(null);
  const plot = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const width = Math.min(useWidth(body), WIDEST);
  const isCentral = chosen ?? (summary !== null && isSquashed(summary));
  const whole = useMemo(() => summary && wholeView(summary, kind, isCentral), [summary, kind, isCentral]);
  const frame = useMemo(() => (whole && width > 0 ? scatterFrame(width, view ?? whole) : null), [width, view, whole]);
  const chooseCentral = (to: boolean) => {
    setChosen(to);
    onView(null);
  };
  const files = figureFiles(() => ({
    title: `${label}: ${matrixTitle(data.info)}`,
    legend: LEGEND,
    ...drawnIn(plot.current!),
  }));

  return (
    <section className="scatter" aria-label={`Scatter of ${label}`}>
      <header className="scatter-header">
        <h4>
          {label} <span className="scatter-matrix">{matrixTitle(data.info)}</span>
        </h4>
        <ExportButtons
          subject={`scatter of ${label}`}
          fileName={`${data.info.name}.${fileNamePart(label)}.${fileNamePart(kind.y)}`}
          files={{ ...(frame ? files : { png: null, svg: null }), csv: (signal) => matrixCsv(data, signal) }}
        />
      </header>
      <div ref={body} className="scatter-body">
        {frame && summary && whole ? (
          <ScatterPlot
            plot={plot}
            data={data}
            points={points}
            kind={kind}
            frame={frame}
            whole={whole}
            onView={onView}
            probed={probed}
            onProbe={onProbe}
            label={describeScatter(label, kind, summary)}
          />
        ) : (
          <p className="scatter-wait">Reading {formatCount(data.pretrained.length)} weights…</p>
        )}
        {summary && <Facts summary={summary} kind={kind} isCentral={isCentral} onCentral={chooseCentral} />}
      </div>
    </section>
  );
}

const isSquashed = ({ limit, centralLimit }: ScatterSummary): boolean =>
  limit.x > SQUASHED * centralLimit.x || limit.y > SQUASHED * centralLimit.y;

/** What the plot shows without zoom: all weights or the central ones, with the same scale on both axes where they can be compared. */
function wholeView({ limit, centralLimit }: ScatterSummary, { isOneScale }: ScatterKind, isCentral: boolean): View {
  const { x, y } = isCentral ? centralLimit : limit;
  const padded = (value: number) => PADDING * value || 1;
  const most = Math.max(x, y);
  return viewOf(isOneScale ? { x: padded(most), y: padded(most) } : { x: padded(x), y: padded(y) });
}

interface FactsProps {
  readonly summary: ScatterSummary;
  readonly kind: ScatterKind;
  readonly isCentral: boolean;
  readonly onCentral: (isCentral: boolean) => void;
}

function Facts({ summary, kind, isCentral, onCentral }: FactsProps) {
  const { total, kept, correlation, keptMovedAway, prunedMovedAway } = summary;
  const pruned = total - kept;
  return (
    <div className="scatter-facts">
      <p>
        <Swatch color="var(--kept)" /> <strong>{formatCount(kept)}</strong> kept, {formatShare(kept / total)} of{' '}
        {formatCount(total)}
        {kept > 0 && kind.isOneScale && <small>{formatShare(keptMovedAway / kept)} of them moved away from zero</small>}
      </p>
      <p>
        <Swatch color="var(--pruned)" /> <strong>{formatCount(pruned)}</strong> pruned
        {pruned > 0 && kind.isOneScale && (
          <small>{formatShare(prunedMovedAway / pruned)} of them moved away from zero</small>
        )}
      </p>
      <p>
        Correlation of {kind.x} and {kind.y} <strong>{correlation.toFixed(4)}</strong>
      </p>
      <label className="scatter-choice">
        <input type="checkbox" checked={isCentral} onChange={(event) => onCentral(event.target.checked)} />
        Leave out the outermost 0.1 %
      </label>
    </div>
  );
}
