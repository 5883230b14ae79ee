// Dragging a cell by its grip: the gap where it would land lights up; nothing else moves until it is dropped. Cells are
// taller than the window often enough that moving them along would hide where they go.
import type { PointerEvent as ReactPointerEvent } from 'react';
import { moveTo } from '../commands.ts';
import type { Services } from '../services.ts';

/** Nearer to the window's edge than this, the page scrolls along. */
const edgePx = 90;
const scrollPxPerFrame = 14;

export function dragCell(services: Services, cellId: string, press: ReactPointerEvent<HTMLElement>): void {
  if (press.button !== 0) return;
  press.preventDefault();
  const grip: HTMLElement = press.currentTarget;
  const controller = new AbortController();
  const { signal } = controller;
  let y = press.clientY;
  grip.setPointerCapture(press.pointerId);

  const show = () => services.view.set({ drag: { cellId, gap: gapAt(y) } });
  const end = () => {
    services.view.set({ drag: null });
    controller.abort();
  };
  const drop = () => {
    const { drag } = services.view.getState();
    end();
    if (drag) moveTo(services, cellId, placeFor(drag.gap, indexOf(cellId)));
  };
  const scrollAlong = () => {
    if (signal.aborted) return;
    const by = y < edgePx ? -scrollPxPerFrame : y > window.innerHeight - edgePx ? scrollPxPerFrame : 0;
    if (by !== 0 && services.view.getState().drag) {
      window.scrollBy(0, by);
      show();
    }
    requestAnimationFrame(scrollAlong);
  };

  grip.addEventListener(
    'pointermove',
    (event) => {
      y = event.clientY;
      show();
    },
    { signal },
  );
  grip.addEventListener('pointerup', drop, { signal });
  grip.addEventListener('pointercancel', end, { signal });
  window.addEventListener('keydown', (event) => event.key === 'Escape' && end(), { signal });
  requestAnimationFrame(scrollAlong);
}

const cellElements = (): readonly HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-cell]')];

const indexOf = (cellId: string): number => cellElements().findIndex(({ dataset }) => dataset.cell === cellId);

/** Gap 0 is above the first cell; a cell's upper half belongs to the gap above it. */
function gapAt(y: number): number {
  const below = cellElements().findIndex((cell) => {
    const { top, height } = cell.getBoundingClientRect();
    return y < top + height / 2;
  });
  return below === -1 ? cellElements().length : below;
}

/** Without the cell itself, the places after it are one less. */
export const placeFor = (gap: number, from: number): number => (gap > from ? gap - 1 : gap);
