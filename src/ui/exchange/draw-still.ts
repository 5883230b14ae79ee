import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';

/** Draws what does not change afterwards into an element that is on no page. */
export function drawStill(still: ReactNode): HTMLElement {
  const element = document.createElement('div');
  flushSync(() => createRoot(element).render(still));
  return element;
}
