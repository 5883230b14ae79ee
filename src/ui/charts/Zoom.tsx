// The range of steps on show, shared by all charts inside a provider: dragged out with a pointer, or narrowed by + and
// widened by − around the step under the arrow keys.
import { createContext, type KeyboardEvent, type PointerEvent, type ReactNode, useContext, useState } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Range } from './axis.ts';
import { type Frame, plotBox, stepAt, xOf } from './frame.ts';
import type { HoverStepStore } from './HoverStep.tsx';

interface ZoomState {
  /** Null: all steps. */
  readonly range: Range | null;
  /** All steps, as of the first zoom: what + and − must not leave. */
  readonly whole: Range | null;
}

type ZoomStore = StoreApi<ZoomState>;

const ZoomContext = createContext<ZoomStore | null>(null);

export function ZoomProvider({ children }: { readonly children: ReactNode }) {
  const [store] = useState(createZoomStore);
  return <ZoomContext value={store}>{children}</ZoomContext>;
}

/** The provider's store, or one of the chart's own where there is none. */
export function useZoomStore(): ZoomStore {
  const [own] = useState(createZoomStore);
  return useContext(ZoomContext) ?? own;
}

const createZoomStore = (): ZoomStore => createStore<ZoomState>(() => ({ range: null, whole: null }));

/** Shown only while there is something to undo. */
export function ResetZoom() {
  const store = useZoomStore();
  const range = useStore(store, (state) => state.range);
  if (!range) return null;
  return (
    <button type="button" className="button" onClick={() => store.setState({ range: null, whole: null })}>
      {`All steps (now ${Math.round(range[0])} to ${Math.round(range[1])})`}
    </button>
  );
}

/** A click is no drag. */
const shortestDragPixels = 6;

export function useZooming(store: ZoomStore, hover: HoverStepStore, frame: Frame | null) {
  const [selection, setSelection] = useState<Range | null>(null);
  const stepOf = (event: PointerEvent<HTMLElement>) =>
    frame ? clamp(stepAt(frame, event.clientX - event.currentTarget.getBoundingClientRect().left), frame.x) : 0;
  const show = (range: Range) => {
    if (frame) store.setState(({ whole }) => ({ range, whole: whole ?? frame.x }));
  };
  const zoomHandlers = {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      // A finger scrolls the page.
      if (!frame || event.button !== 0 || event.pointerType === 'touch') return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setSelection([stepOf(event), stepOf(event)]);
    },
    onPointerMoveCapture(event: PointerEvent<HTMLElement>) {
      if (selection) setSelection([selection[0], stepOf(event)]);
    },
    onPointerUp() {
      if (!selection || !frame) return;
      const range: Range = selection[0] < selection[1] ? selection : [selection[1], selection[0]];
      if (xOf(frame, range[1]) - xOf(frame, range[0]) >= shortestDragPixels) show(range);
      setSelection(null);
    },
    onDoubleClick: () => store.setState({ range: null, whole: null }),
    onKeyDown(event: KeyboardEvent) {
      const factor = event.key === '+' ? 0.5 : event.key === '-' ? 2 : null;
      if (factor === null || !frame) return;
      event.preventDefault();
      const whole = store.getState().whole ?? frame.x;
      const next = scaled(frame.x, hover.getState().step, factor);
      if (next[0] <= whole[0] && next[1] >= whole[1]) store.setState({ range: null, whole: null });
      else show([clamp(next[0], whole), clamp(next[1], whole)]);
    },
  };
  return { selection, zoomHandlers };
}

/** The part of the plot that a drag has covered so far. */
export function Selection({ frame, range: [from, to] }: { readonly frame: Frame; readonly range: Range }) {
  const { top, bottom } = plotBox(frame);
  const x = Math.min(xOf(frame, from), xOf(frame, to));
  return (
    <svg className="metric-hover" width={frame.width} height={frame.height} aria-hidden="true">
      <rect
        className="metric-selection"
        x={x}
        y={top}
        width={Math.abs(xOf(frame, to) - xOf(frame, from))}
        height={bottom - top}
      />
    </svg>
  );
}

/** Around `center`, or the middle where there is none. */
function scaled([from, to]: Range, center: number | null, factor: number): Range {
  const middle = center ?? (from + to) / 2;
  return [middle - factor * (middle - from), middle + factor * (to - middle)];
}

const clamp = (value: number, [low, high]: Range): number => Math.min(Math.max(value, low), high);
