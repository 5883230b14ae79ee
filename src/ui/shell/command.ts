// What a command is: something that the reader can ask of the page, by keys, palette, menu or button.
import type { Services } from '../services.ts';

export interface Command {
  readonly id: string;
  readonly label: string;
  readonly about?: string;
  readonly group: 'Cell' | 'Go' | 'Add a cell' | 'Notebook' | 'Help';
  /** Any of these; see keys.ts. */
  readonly keys?: readonly string[];
  /** Keys count on a focused cell; these also in a cell's fields, or everywhere. */
  readonly keysWork?: 'in-cell' | 'everywhere';
  /** Acts on a cell, and is not offered without one. */
  readonly needsCell?: boolean;
  /** False while there is nothing for it to do, to the cell in question or at all. */
  readonly isUsable?: (services: Services, cellId: string | null) => boolean;
  /** Changes nothing, so that a tab that only watches has it, too. */
  readonly onlyReads?: boolean;
  /** Only by its keys: the palette is no place for it. */
  readonly isKeyOnly?: boolean;
  /** `cellId` is the cell in question; null only where none is needed. */
  readonly run: (services: Services, cellId: string | null) => void;
}

/** Whether this tab may do it, and there is something for it to do. */
export const isOffered = ({ onlyReads, isUsable }: Command, services: Services, cellId: string | null): boolean =>
  (onlyReads || services.tab.getState().type === 'works') && isUsable?.(services, cellId) !== false;

/** A command on one cell. */
export function onCell(
  id: string,
  label: string,
  keys: readonly string[],
  run: (services: Services, cellId: string) => void,
): Command {
  const guarded = (services: Services, cellId: string | null) => cellId !== null && run(services, cellId);
  return { id, label, group: 'Cell', keys, needsCell: true, run: guarded };
}
