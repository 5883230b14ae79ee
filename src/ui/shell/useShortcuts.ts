// Keys that Jupyter put into people's fingers. They act on the focused cell, never while something is being typed.
import { useEffect } from 'react';
import { addCellAt, duplicate, elementIdOf, move, remove, startRuns } from '../commands.ts';
import { type Services, useServices } from '../services.ts';

export const shortcuts: readonly (readonly [keys: string, meaning: string])[] = [
  ['Shift Enter', 'Run the cell; on a text cell, show it'],
  ['Enter', 'Edit a text cell'],
  ['J  K', 'Next cell, previous cell'],
  ['A  B', 'Add a text cell above, below'],
  ['Alt ↑  Alt ↓', 'Move the cell'],
  ['C', 'Duplicate the cell'],
  ['D D', 'Delete the cell'],
  ['Ctrl Z  Ctrl Shift Z', 'Undo, redo'],
];

const doublePressMs = 600;

export function useShortcuts(): void {
  const services = useServices();
  useEffect(() => {
    let lastD = 0;
    const handle = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey) return undoOrRedo(services, event);
      const cellId = focusedCell(event.target);
      if (cellId === null) return;
      if (event.key === 'd') {
        const isSecond = event.timeStamp - lastD < doublePressMs;
        lastD = isSecond ? 0 : event.timeStamp;
        if (isSecond) remove(services, cellId);
        return;
      }
      if (actOnCell(services, cellId, event)) event.preventDefault();
    };
    window.addEventListener('keydown', handle);
    return () => window.removeEventListener('keydown', handle);
  }, [services]);
}

function undoOrRedo({ notebook }: Services, event: KeyboardEvent): void {
  const key = event.key.toLowerCase();
  const isRedo = (key === 'z' && event.shiftKey) || key === 'y';
  if (!isRedo && key !== 'z') return;
  event.preventDefault();
  if (isRedo) notebook.redo();
  else notebook.undo();
}

function actOnCell(services: Services, id: string, { key, altKey, shiftKey }: KeyboardEvent): boolean {
  const { cells } = services.notebook.getState().history.present;
  const index = cells.findIndex((cell) => cell.id === id);
  const cell = cells[index];
  if (!cell) return false;
  const act = (action: () => void) => {
    action();
    return true;
  };
  if (altKey && key === 'ArrowUp') return act(() => move(services, id, -1));
  if (altKey && key === 'ArrowDown') return act(() => move(services, id, 1));
  if (altKey) return false;
  if (key === 'Enter' && shiftKey) return act(() => cell.kind === 'run' && startRuns(services, [id]));
  if (key === 'j') return act(() => focusCell(cells[index + 1]?.id));
  if (key === 'k') return act(() => focusCell(cells[index - 1]?.id));
  if (key === 'a') return act(() => addCellAt(services, newText, index));
  if (key === 'b') return act(() => addCellAt(services, newText, index + 1));
  if (key === 'c') return act(() => duplicate(services, id));
  return false;
}

const newText = (id: string) => ({ kind: 'text', id, source: '' }) as const;

function focusCell(id: string | undefined): void {
  if (id !== undefined) document.getElementById(elementIdOf(id))?.focus();
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Only when the cell itself has the focus: a key meant for a button inside must not move cells. */
const focusedCell = (target: EventTarget | null): string | null =>
  target instanceof HTMLElement ? (target.dataset.cell ?? null) : null;
