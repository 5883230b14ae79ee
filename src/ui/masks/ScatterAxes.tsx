// What stands around a scatter's points: grid, ticks, names and, where both axes have one scale, the identity line.
import { linearTicks } from '../charts/axis.ts';
import { formatNumber } from '../charts/series.ts';
import type { ScatterKind } from './scatter.ts';
import { SCATTER_MARGIN, type ScatterFrame, toPixel } from './scatterFrame.ts';

const PIXELS_PER_TICK = 80;

interface ScatterAxesProps {
  readonly frame: ScatterFrame;
  readonly kind: ScatterKind;
}

/** Below the points. */
export function ScatterGrid({ frame }: Pick<ScatterAxesProps, 'frame'>) {
  const { view, side, width, height } = frame;
  const { left, top } = SCATTER_MARGIN;
  const count = Math.max(2, Math.round(side / PIXELS_PER_TICK));
  const lineClass = (tick: number) => (tick === 0 ? 'scatter-line scatter-zero' : 'scatter-line');
  return (
    <svg className="scatter-layer" width={width} height={height} aria-hidden="true">
      {linearTicks(view.x, count).map((tick) => {
        const x = crisp(toPixel(frame, tick, 0).x);
        return (
          <g key={tick}>
            <line className={lineClass(tick)} x1={x} x2={x} y1={top} y2={top + side} />
            <text className="scatter-text" x={x} y={top + side + 16} textAnchor="middle">
              {formatNumber(tick)}
            </text>
          </g>
        );
      })}
      {linearTicks(view.y, count).map((tick) => {
        const y = crisp(toPixel(frame, 0, tick).y);
        return (
          <g key={tick}>
            <line className={lineClass(tick)} x1={left} x2={left + side} y1={y} y2={y} />
            <text className="scatter-text" x={left - 7} y={y + 4} textAnchor="end">
              {formatNumber(tick)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** Above the points. */
export function ScatterNames({ frame, kind }: ScatterAxesProps) {
  const { width, height } = frame;
  return (
    <svg className="scatter-layer" width={width} height={height} aria-hidden="true">
      <text className="scatter-text" x={0} y={12}>
        {`↑ ${kind.y}`}
      </text>
      <text className="scatter-text" x={width - SCATTER_MARGIN.right} y={height - 5} textAnchor="end">
        {`${kind.x} →`}
      </text>
      {kind.isOneScale && <Identity frame={frame} />}
    </svg>
  );
}

/** Where a weight lies that fine-tuning left as it was, and the line's name above the corner where it ends. */
function Identity({ frame }: Pick<ScatterAxesProps, 'frame'>) {
  const { x, y } = frame.view;
  const [low, high] = [Math.max(x[0], y[0]), Math.min(x[1], y[1])];
  const [from, to] = [toPixel(frame, low, low), toPixel(frame, high, high)];
  const right = frame.width - SCATTER_MARGIN.right;
  return (
    <>
      {low < high && <line className="scatter-identity" x1={from.x} y1={from.y} x2={to.x} y2={to.y} />}
      <text className="scatter-text" x={right} y={12} textAnchor="end">
        unchanged
      </text>
      <line className="scatter-identity" x1={right - 88} x2={right - 64} y1={8.5} y2={8.5} />
    </>
  );
}

/** On a half pixel, where a line one pixel wide stays sharp. */
function crisp(value: number): number {
  return Math.round(value - 0.5) + 0.5;
}
