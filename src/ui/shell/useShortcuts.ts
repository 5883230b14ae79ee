// Keys that Jupyter put into people's fingers: letters act on the focused cell, never while something is being typed.
import { useEffect } from 'react';
import { type Services, useServices } from '../services.ts';
import { type Command, isOffered } from './command.ts';
import { commandList } from './command-list.ts';
import { chordOf } from './keys.ts';

const doublePressMs = 600;

export function useShortcuts(): void {
  const services = useServices();
  useEffect(() => {
    let last = { chord: '', at: Number.NEGATIVE_INFINITY };
    const handle = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !(event.target instanceof HTMLElement)) return;
      const chord = chordOf(event);
      const isDouble = chord === last.chord && event.timeStamp - last.at < doublePressMs && !event.repeat;
      const place = placeOf(event.target);
      const command =
        (isDouble && commandFor(`${chord} ${chord}`, place, services)) || commandFor(chord, place, services);
      last = command ? { chord: '', at: 0 } : { chord, at: event.timeStamp };
      if (!command) return;
      event.preventDefault();
      command.run(services, cellIn(place, services));
    };
    window.addEventListener('keydown', handle);
    return () => window.removeEventListener('keydown', handle);
  }, [services]);
}

/** The cell that a command is about: where the focus is, else where it last was. */
const cellIn = ({ cellId }: Place, { view }: Services): string | null => cellId ?? view.getState().selected;

interface Place {
  /** The cell that has the focus, itself or in one of its fields. */
  readonly cellId: string | null;
  readonly kind: 'nowhere' | 'cell' | 'in-cell' | 'layer' | 'elsewhere';
  readonly isTyping: boolean;
}

function placeOf(target: HTMLElement): Place {
  const isTyping = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  if (target.closest('dialog, [popover]')) return { cellId: null, kind: 'layer', isTyping };
  const cell = target.closest<HTMLElement>('[data-cell]');
  if (cell) return { cellId: cell.dataset.cell ?? null, kind: cell === target ? 'cell' : 'in-cell', isTyping };
  return { cellId: null, kind: target === document.body ? 'nowhere' : 'elsewhere', isTyping };
}

function commandFor(keys: string, place: Place, services: Services): Command | null {
  const command = commandList.find((candidate) => candidate.keys?.includes(keys));
  return command && isHeard(command, keys, place) && isOffered(command, services, cellIn(place, services))
    ? command
    : null;
}

function isHeard({ keysWork, needsCell }: Command, keys: string, { kind, isTyping }: Place): boolean {
  if (kind === 'layer') return false;
  if (keysWork === 'everywhere' || kind === 'cell') return true;
  if (keysWork === 'in-cell') return kind === 'in-cell';
  if (isTyping) return false;
  // Where nothing has the focus, arrows scroll, and no key changes a cell that the reader may not see.
  return keys.startsWith('Mod+') || (kind === 'nowhere' && !needsCell && !keys.startsWith('Arrow'));
}
