// One matrix as a picture: scaled crisp where a weight covers a pixel, averaged where it does not, so that a sparse
// mask looks as sparse as it is. Zoom, pan and cursor belong to the caller, who shares them between pictures.
import { type KeyboardEvent, type PointerEvent, useCallback, useLayoutEffect, useRef } from 'react';
import type { MatrixInfo } from '../../runs/events.ts';
import { cssRgb, type Rgb, useColors } from '../charts/colors.ts';
import type { Cell, Unit } from './matrix.ts';
import { KEY_ZOOM, pointOf, useWheelZoom } from './useWheelZoom.ts';
import {
  cellAt,
  originOf,
  panBy,
  positionAt,
  reveal,
  type Shape,
  type Size,
  scaleOf,
  type Viewport,
  zoomAt,
} from './viewport.ts';

export interface PictureProps {
  readonly label: string;
  readonly image: HTMLCanvasElement | null;
  readonly info: MatrixInfo;
  /** Is outlined where its lines have room between them. */
  readonly unit: Unit | null;
  readonly size: Size;
  readonly view: Viewport;
  readonly onView: (change: (view: Viewport) => Viewport) => void;
  readonly cursor: Cell | null;
  readonly onCursor: (cell: Cell | null) => void;
  readonly describedBy: string;
}

export function Picture(props: PictureProps) {
  const { label, image, info, unit, size, view, onView, cursor, onCursor, describedBy } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [ink] = useColors('var(--ink)');
  useLayoutEffect(() => {
    if (canvas.current && image && ink) draw(canvas.current, { image, info, unit, size, view, ink });
  }, [image, info, unit, size, view, ink]);
  useWheelZoom(
    canvas,
    useCallback(
      (factor, point) => onView((now) => zoomAt(now, size, info, factor, positionAt(now, size, info, point))),
      [size, info, onView],
    ),
  );
  const handlers = useDragging(props);

  return (
    <div className="mask-picture" style={size}>
      <canvas
        ref={canvas}
        style={{ ...size, touchAction: view.zoom > 1 ? 'none' : 'pan-y' }}
        role="img"
        aria-label={label}
        aria-describedby={describedBy}
        tabIndex={0}
        onKeyDown={(event) => moveByKey(event, props)}
        onPointerLeave={() => onCursor(null)}
        {...handlers}
      />
      {cursor && <CursorBox cursor={cursor} view={view} size={size} shape={info} />}
    </div>
  );
}

interface Drawing {
  readonly image: HTMLCanvasElement;
  readonly info: MatrixInfo;
  readonly unit: Unit | null;
  readonly size: Size;
  readonly view: Viewport;
  readonly ink: Rgb;
}

function draw(canvas: HTMLCanvasElement, { image, info, unit, size, view, ink }: Drawing): void {
  const ratio = devicePixelRatio;
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  const context = canvas.getContext('2d');
  if (!context) return;
  const scale = scaleOf(view, size, info);
  const { x, y } = originOf(view, size, info);
  context.scale(ratio, ratio);
  context.imageSmoothingEnabled = scale * ratio < 1;
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, x, y, info.columns * scale, info.rows * scale);
  if (!unit || unit.size * scale < NARROWEST_UNIT) return;
  context.strokeStyle = cssRgb(ink, 0.25);
  context.lineWidth = 1;
  context.stroke(new Path2D(outlines(info, unit, scale, { x, y })));
}

/** Pixels below which lines between units would hide the weights. */
export const NARROWEST_UNIT = 6;

/** The lines between heads or neurons, on half pixels so that they stay thin; as SVG writes a path. */
export function outlines(
  info: MatrixInfo,
  { axis, size }: Unit,
  scale: number,
  origin: { x: number; y: number },
): string {
  const crisp = (value: number) => Math.round(value) + 0.5;
  const [width, height] = [info.columns * scale, info.rows * scale];
  const total = axis === 'row' ? info.rows : info.columns;
  const starts = Array.from({ length: Math.ceil(total / size) - 1 }, (_, index) => (index + 1) * size * scale);
  return starts
    .map((start) =>
      axis === 'row'
        ? `M${origin.x} ${crisp(origin.y + start)}h${width}`
        : `M${crisp(origin.x + start)} ${origin.y}v${height}`,
    )
    .join('');
}

/** An element of its own, so that moving it redraws no picture. */
function CursorBox({ cursor, view, size, shape }: { cursor: Cell; view: Viewport; size: Size; shape: Shape }) {
  const scale = scaleOf(view, size, shape);
  const origin = originOf(view, size, shape);
  const side = Math.max(scale, 7);
  const left = origin.x + (cursor.column + 0.5) * scale - side / 2;
  const top = origin.y + (cursor.row + 0.5) * scale - side / 2;
  return (
    <div className="mask-cursor" style={{ width: side, height: side, transform: `translate(${left}px, ${top}px)` }} />
  );
}

/** Hovering moves the cursor; dragging pans. */
function useDragging({ size, info, view, onView, onCursor }: PictureProps) {
  const last = useRef<{ readonly x: number; readonly y: number } | null>(null);
  return {
    onPointerDown(event: PointerEvent<HTMLCanvasElement>) {
      last.current = { x: event.clientX, y: event.clientY };
      event.currentTarget.setPointerCapture(event.pointerId);
      onCursor(cellAt(view, size, info, pointOf(event, event.currentTarget)));
    },
    onPointerMove(event: PointerEvent<HTMLCanvasElement>) {
      const from = last.current;
      if (from && view.zoom > 1) {
        last.current = { x: event.clientX, y: event.clientY };
        onView((now) => panBy(now, size, info, event.clientX - from.x, event.clientY - from.y));
        return; // the weight that was grabbed stays under the pointer
      }
      onCursor(cellAt(view, size, info, pointOf(event, event.currentTarget)));
    },
    onPointerUp() {
      last.current = null;
    },
    onPointerCancel() {
      last.current = null;
    },
  };
}

const ARROWS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Arrows move the cursor by one weight, by 16 with Shift; + − 0 zoom around it; Escape takes it away. */
function moveByKey(event: KeyboardEvent, { size, info, view, onView, cursor, onCursor }: PictureProps): void {
  const arrow = ARROWS[event.key];
  const anchor = cursor ?? { row: Math.floor(view.row), column: Math.floor(view.column) };
  if (arrow) {
    const stride = event.shiftKey ? 16 : 1;
    const cell = {
      row: Math.min(Math.max(anchor.row + arrow[0] * stride, 0), info.rows - 1),
      column: Math.min(Math.max(anchor.column + arrow[1] * stride, 0), info.columns - 1),
    };
    onCursor(cell);
    onView((now) => reveal(now, size, info, cell));
  } else if (event.key === '+' || event.key === '=') onView((now) => zoomAt(now, size, info, KEY_ZOOM, anchor));
  else if (event.key === '-') onView((now) => zoomAt(now, size, info, 1 / KEY_ZOOM, anchor));
  else if (event.key === '0') onView((now) => zoomAt(now, size, info, 0, anchor));
  else if (event.key === 'Escape') onCursor(null);
  else return;
  event.preventDefault();
}
