// The scatter's canvas, and the weight nearest to the pointer.
import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useMemo,
  useState,
} from 'react';
import type { MatrixData } from '../../runs/protocol.ts';
import { type Rgb, useColors } from './colors.ts';
import { drawScatter, type ScatterFrame, toPixel, toValue } from './drawScatter.ts';
import { formatCount, formatWeight, type Weight, weightAt } from './matrix.ts';
import { nearestWeight, type WeightGrid, weightGrid } from './nearest.ts';
import { scatterDensity } from './scatter.ts';
import { shade } from './shade.ts';
import { useJob } from './useJob.ts';

/** How near the pointer must come, and how far an arrow key moves it. */
const REACH = 16;
const KEY_STRIDE = 6;

interface ScatterPlotProps {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly data: MatrixData;
  readonly frame: ScatterFrame;
  /** The whole plot in words. */
  readonly label: string;
}

export function ScatterPlot({ canvas, data, frame, label }: ScatterPlotProps) {
  const outside = useDrawing(canvas, data, frame);
  const grid = useJob(useCallback((signal: AbortSignal) => weightGrid(data, frame.limit, signal), [data, frame.limit]));
  const { weight, handlers } = useProbe(grid, data, frame);
  const marked = weight && toPixel(frame, weight.pretrained, weight.finetuned);
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
      <Probe weight={weight} />
      {outside > 0 && <p className="masks-help">{formatCount(outside)} weights lie beyond this frame.</p>}
    </div>
  );
}

/** Counts, shades and draws, each anew only when what it depends on changed; returns the weights left out. */
function useDrawing(canvas: RefObject<HTMLCanvasElement | null>, data: MatrixData, frame: ScatterFrame): number {
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
    useCallback((signal: AbortSignal) => scatterDensity(data, { side, limit }, signal), [data, side, limit]),
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
    drawScatter(canvas.current, frame, image, {
      ink,
      soft,
      line,
      panel,
      font: getComputedStyle(canvas.current).fontFamily,
    });
  }, [canvas, image, frame, colors]);
  return density?.outside ?? 0;
}

/** The weight nearest to the pointer, or to a point that the arrow keys move. */
function useProbe(grid: WeightGrid | null, data: MatrixData, frame: ScatterFrame) {
  const [point, setPoint] = useState<{ readonly x: number; readonly y: number } | null>(null);
  const weight = useMemo(() => {
    if (!grid || !point) return null;
    const maxDistance = (REACH * 2 * frame.limit) / frame.side;
    const index = nearestWeight(grid, data, { ...toValue(frame, point), maxDistance });
    const { columns } = data.info;
    return index === null ? null : weightAt(data, { row: Math.floor(index / columns), column: index % columns });
  }, [grid, data, frame, point]);
  const handlers = {
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
      const from = point ?? toPixel(frame, 0, 0);
      setPoint({ x: from.x + dx * KEY_STRIDE, y: from.y + dy * KEY_STRIDE });
    },
  };
  return { weight, handlers };
}

const ARROWS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

function Probe({ weight }: { weight: Weight | null }) {
  const entries = [
    ['row', weight?.row],
    ['column', weight?.column],
    ['pretrained', weight && formatWeight(weight.pretrained)],
    ['fine-tuned', weight && formatWeight(weight.finetuned)],
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
