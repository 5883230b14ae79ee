// A scatter on the page: its axes, its canvas, and the weight nearest to the pointer.
import { type RefObject, useCallback, useRef } from 'react';
import type { MatrixData } from '../../runs/protocol.ts';
import { formatCount, formatWeight, type Weight, weightAt } from './matrix.ts';
import { weightGrid } from './nearest.ts';
import { ScatterGrid, ScatterNames } from './ScatterAxes.tsx';
import type { Points, ScatterKind, View } from './scatter.ts';
import { SCATTER_MARGIN, type ScatterFrame, toPixel, zoomOf } from './scatterFrame.ts';
import { useJob } from './useJob.ts';
import { type Drawn, useScatterDrawing } from './useScatterDrawing.ts';
import { useScatterPointer } from './useScatterPointer.ts';
import { ZoomButtons } from './ZoomButtons.tsx';

interface ScatterPlotProps {
  /** What is drawn, to be saved. */
  readonly plot: RefObject<HTMLDivElement | null>;
  readonly data: MatrixData;
  /** Of `data`, what `kind` shows. */
  readonly points: Points;
  readonly kind: ScatterKind;
  readonly frame: ScatterFrame;
  /** What the frame shows without zoom; the very object, then. */
  readonly whole: View;
  /** Null shows the whole. */
  readonly onView: (view: View | null) => void;
  /** Index of the weight that is pointed at, in this plot or in the one beside it. */
  readonly probed: number | null;
  readonly onProbe: (index: number | null) => void;
  /** The whole plot in words. */
  readonly label: string;
}

export function ScatterPlot(props: ScatterPlotProps) {
  const { plot, data, points, kind, frame, whole, onView, probed: index, onProbe, label } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const grid = useJob(useCallback((signal: AbortSignal) => weightGrid(points, whole, signal), [points, whole]));
  const drawn = useScatterDrawing(canvas, points, grid, frame);
  const { zoom, handlers } = useScatterPointer(canvas, { points, grid, frame, whole, onProbe, onView });
  const { columns } = data.info;
  const weight = index === null ? null : weightAt(data, { row: Math.floor(index / columns), column: index % columns });
  const marked = index === null ? null : toPixel(frame, points.x[index]!, points.y[index]!);
  const isZoomed = frame.view !== whole;
  return (
    <div className="scatter-frame">
      <div ref={plot} className="scatter-plot" style={{ width: frame.width, height: frame.height }}>
        <ScatterGrid frame={frame} />
        <canvas
          ref={canvas}
          style={{
            left: SCATTER_MARGIN.left,
            top: SCATTER_MARGIN.top,
            width: frame.side,
            height: frame.side,
            touchAction: isZoomed ? 'none' : 'pan-y',
          }}
          role="img"
          aria-label={label}
          tabIndex={0}
          {...handlers}
        />
        <ScatterNames frame={frame} kind={kind} />
        {marked && isInside(frame, marked) && (
          <div className="scatter-mark" style={{ transform: `translate(${marked.x - 5}px, ${marked.y - 5}px)` }} />
        )}
      </div>
      <div className="scatter-tools">
        <ZoomButtons zoom={zoomOf(frame.view, whole)} onZoom={zoom} />
        <p className="masks-help">{wordsOf(drawn, isZoomed)}</p>
      </div>
      <Probe
        weight={weight}
        hasScores={data.scores !== null}
        score={index === null ? null : (data.scores?.[index] ?? null)}
      />
    </div>
  );
}

/** A weight pointed at in the plot beside this one may lie out of view here. */
function isInside({ side }: ScatterFrame, { x, y }: { readonly x: number; readonly y: number }): boolean {
  const { left, top } = SCATTER_MARGIN;
  return x >= left && x <= left + side && y >= top && y <= top + side;
}

function wordsOf({ dots, outside }: Drawn, isZoomed: boolean): string {
  if (dots !== null) return `${formatCount(dots)} weights in view, each a dot.`;
  const beyond = outside > 0 && !isZoomed ? ` ${formatCount(outside)} lie beyond this frame.` : '';
  return `Shaded by density; zoomed in, every weight is a dot.${beyond}`;
}

interface ProbeProps {
  readonly weight: Weight | null;
  readonly hasScores: boolean;
  readonly score: number | null;
}

function Probe({ weight, hasScores, score }: ProbeProps) {
  const entries = [
    ['row', weight?.row],
    ['column', weight?.column],
    ['pretrained', weight && formatWeight(weight.pretrained)],
    ['fine-tuned', weight && formatWeight(weight.finetuned)],
    ...(hasScores ? [['score', score === null ? null : formatWeight(score)] as const] : []),
    ['mask', weight && (weight.isKept ? 'kept' : 'pruned')],
  ] as const;
  return (
    <dl className="masks-readout" aria-live="polite">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? '–'}</dd>
        </div>
      ))}
    </dl>
  );
}
