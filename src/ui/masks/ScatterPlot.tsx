// The scatter's canvas, and the weight nearest to the pointer.
import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react';
import type { MatrixData } from '../../runs/protocol.ts';
import { type Rgb, useColors } from './colors.ts';
import { drawScatter, type ScatterFrame, toPixel, toValue } from './drawScatter.ts';
import { formatCount, formatWeight, type Weight, weightAt } from './matrix.ts';
import { nearestWeight, type WeightGrid, weightGrid } from './nearest.ts';
import { type Points, type ScatterKind, scatterDensity } from './scatter.ts';
import { shade } from './shade.ts';
import { useJob } from './useJob.ts';

/** How near the pointer must come, and how far an arrow key moves it. */
const REACH = 16;
const KEY_STRIDE = 6;

interface ScatterPlotProps {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly data: MatrixData;
  /** Of `data`, what `kind` shows. */
  readonly points: Points;
  readonly kind: ScatterKind;
  readonly frame: ScatterFrame;
  /** Index of the weight that is pointed at, in this plot or in the one beside it. */
  readonly probed: number | null;
  readonly onProbe: (index: number | null) => void;
  /** The whole plot in words. */
  readonly label: string;
}

export function ScatterPlot({ canvas, data, points, kind, frame, probed: index, onProbe, label }: ScatterPlotProps) {
  const outside = useDrawing(canvas, points, kind, frame);
  const { limit } = frame;
  const grid = useJob(useCallback((signal: AbortSignal) => weightGrid(points, limit, signal), [points, limit]));
  const handlers = useProbe(grid, points, frame, onProbe);
  const { columns } = data.info;
  const weight = index === null ? null : weightAt(data, { row: Math.floor(index / columns), column: index % columns });
  const marked = index === null ? null : toPixel(frame, points.x[index]!, points.y[index]!);
  return (
    <div className="scatter-frame">
      <div className="scatter-plot" style={{ width: frame.width, height: frame.height }}>
        <canvas
          ref={canvas}
          style={{ width: frame.width, height: frame.height }}
          role="img"
          aria-label={label}
          tabIndex={0}
          {...handlers}
        />
        {marked && (
          <div className="scatter-mark" style={{ transform: `translate(${marked.x - 5}px, ${marked.y - 5}px)` }} />
        )}
      </div>
      <Probe
        weight={weight}
        hasScores={data.scores !== null}
        score={index === null ? null : (data.scores?.[index] ?? null)}
      />
      {outside > 0 && <p className="masks-help">{formatCount(outside)} weights lie beyond this frame.</p>}
    </div>
  );
}

/** Counts, shades and draws, each anew only when what it depends on changed; returns the weights left out. */
function useDrawing(
  canvas: RefObject<HTMLCanvasElement | null>,
  points: Points,
  kind: ScatterKind,
  frame: ScatterFrame,
): number {
  const colors = useColors(
    'var(--kept)',
    'var(--pruned)',
    'var(--ink)',
    'var(--ink-soft)',
    'var(--line)',
    'var(--panel)',
  );
  const side = Math.round(frame.side * frame.ratio);
  const { limit } = frame;
  const density = useJob(
    useCallback((signal: AbortSignal) => scatterDensity(points, { side, limit }, signal), [points, side, limit]),
  );
  const image = useJob(
    useMemo(() => {
      const [kept, pruned] = colors as readonly [Rgb, Rgb];
      return density && ((signal: AbortSignal) => shade(density, { kept, pruned }, signal));
    }, [density, colors]),
  );
  useLayoutEffect(() => {
    if (!canvas.current || !image) return;
    const [, , ink, soft, line, panel] = colors as readonly [Rgb, Rgb, Rgb, Rgb, Rgb, Rgb];
    const { fontFamily: font } = getComputedStyle(canvas.current);
    drawScatter(canvas.current, { frame, kind, density: image, ink: { ink, soft, line, panel, font } });
  }, [canvas, image, kind, frame, colors]);
  return density?.outside ?? 0;
}

/** Tells which weight is nearest to the pointer, or to a point that the arrow keys move. */
function useProbe(
  grid: WeightGrid | null,
  points: Points,
  frame: ScatterFrame,
  onProbe: (index: number | null) => void,
) {
  const point = useRef<{ readonly x: number; readonly y: number } | null>(null);
  const setPoint = (to: { readonly x: number; readonly y: number } | null) => {
    point.current = to;
    if (!grid || !to) return onProbe(null);
    onProbe(nearestWeight(grid, points, { ...toValue(frame, to), maxDistance: (2 * REACH) / frame.side }));
  };
  return {
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const { left, top } = event.currentTarget.getBoundingClientRect();
      setPoint({ x: event.clientX - left, y: event.clientY - top });
    },
    onPointerLeave: () => setPoint(null),
    onBlur: () => setPoint(null),
    onKeyDown(event: KeyboardEvent) {
      const [dx, dy] = ARROWS[event.key] ?? [0, 0];
      if (dx === 0 && dy === 0) return event.key === 'Escape' ? setPoint(null) : undefined;
      event.preventDefault();
      const from = point.current ?? toPixel(frame, 0, 0);
      setPoint({ x: from.x + dx * KEY_STRIDE, y: from.y + dy * KEY_STRIDE });
    },
  };
}

const ARROWS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

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
