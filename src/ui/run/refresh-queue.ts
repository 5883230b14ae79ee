// Redraws of live charts, one at a time with room between them, so that no single task keeps the page from answering
// (a redraw of thousands of points takes tens of milliseconds).
const gapMs = 90;
const waiting = new Set<() => void>();
let isScheduled = false;

/** A redraw that already waits is not queued twice. */
export function redrawSoon(redraw: () => void): void {
  waiting.add(redraw);
  if (!isScheduled) setTimeout(redrawNext, 0);
  isScheduled = true;
}

export function cancelRedraw(redraw: () => void): void {
  waiting.delete(redraw);
}

function redrawNext(): void {
  const [next] = waiting;
  isScheduled = next !== undefined;
  if (!next) return;
  waiting.delete(next);
  next();
  setTimeout(redrawNext, gapMs);
}
