// A chart takes about 20 ms to redraw, and a report changes all of them: together they would hold the page's thread
// for longer than a frame or two. So charts take turns, one per animation frame, and none in a hidden tab.
import { useEffect, useRef, useState } from 'react';

const waiting = new Set<() => void>();

/** The value as of this component's last turn; null before the first. */
export function useTurn<T>(value: T): T | null {
  const [shown, setShown] = useState<T | null>(null);
  const latest = useRef(value);
  const [turn] = useState(() => () => setShown(() => latest.current));
  useEffect(() => {
    latest.current = value;
    askForTurn(turn);
  }, [value, turn]);
  useEffect(() => () => void waiting.delete(turn), [turn]);
  return shown;
}

/** Asking again before the turn comes keeps the place in the queue. */
function askForTurn(turn: () => void): void {
  if (waiting.size === 0) requestAnimationFrame(takeTurns);
  waiting.add(turn);
}

function takeTurns(): void {
  const [turn] = waiting;
  if (!turn) return;
  waiting.delete(turn);
  turn();
  if (waiting.size > 0) requestAnimationFrame(takeTurns);
}
