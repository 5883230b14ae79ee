// Commands on a cell: run, edit, add, move, cut and paste, take a place in the queue.
import { isUnderWay } from '../../notebook/cell-status.ts';
import {
  addCellAt,
  canRun,
  collapse,
  copy,
  cut,
  duplicate,
  editCell,
  focusCell,
  move,
  moveInQueue,
  paste,
  remove,
  runCell,
  stepFrom,
  stopCell,
  waitingRunOf,
} from '../commands.ts';
import type { Services } from '../services.ts';
import { cellOffers } from './cell-kinds.ts';
import { type Command, onCell } from './command.ts';

const indexOf = ({ notebook }: Services, cellId: string): number =>
  notebook.getState().history.present.cells.findIndex(({ id }) => id === cellId);

function queueCommand(id: string, label: string, keys: string, by: -1 | 1): Command {
  const act = (services: Services, cellId: string) => {
    const runId = waitingRunOf(services, cellId, by);
    if (runId !== undefined) moveInQueue(services, runId, by);
  };
  return {
    ...onCell(id, label, [keys], act),
    isUsable: (services, cellId) => cellId !== null && waitingRunOf(services, cellId, by) !== undefined,
  };
}

/** Without a cell, at the end. */
function pasteCommand(id: string, label: string, keys: string, offset: 0 | 1): Command {
  return {
    id,
    label,
    group: 'Cell',
    keys: [keys],
    isUsable: ({ view }) => view.getState().clipping !== null,
    run: (services, cellId) => {
      const { length } = services.notebook.getState().history.present.cells;
      paste(services, cellId === null ? length : indexOf(services, cellId) + offset);
    },
  };
}

const newText = (id: string) => ({ kind: 'text', id, source: '' }) as const;

export const cellCommands = {
  runAndGoOn: {
    ...onCell('run-and-go-on', 'Run the cell and go to the next', ['Shift+Enter'], (services, id) => {
      runCell(services, id);
      stepFrom(services, id, 1);
    }),
    keysWork: 'in-cell',
    isKeyOnly: true,
  },
  run: {
    ...onCell('run', 'Run the cell', ['Mod+Enter'], (services, id) => {
      runCell(services, id);
      focusCell(id);
    }),
    keysWork: 'in-cell',
    isUsable: (services, id) => id !== null && canRun(services, id),
  },
  edit: onCell('edit', 'Edit the cell', ['Enter'], editCell),
  leave: {
    ...onCell('leave', 'Leave the field for the cell', ['Escape'], (services, id) => {
      services.view.set({ editing: null });
      focusCell(id);
    }),
    keysWork: 'in-cell',
    isKeyOnly: true,
  },
  addAbove: onCell('add-above', 'Add a text above', ['A'], (services, id) =>
    addCellAt(services, newText, { index: indexOf(services, id) }),
  ),
  addBelow: onCell('add-below', 'Add a text below', ['B'], (services, id) =>
    addCellAt(services, newText, { index: indexOf(services, id) + 1 }),
  ),
  moveUp: onCell('move-up', 'Move up', ['Alt+ArrowUp'], (services, id) => move(services, id, -1)),
  moveDown: onCell('move-down', 'Move down', ['Alt+ArrowDown'], (services, id) => move(services, id, 1)),
  sooner: queueCommand('run-sooner', 'Run sooner', 'Alt+Shift+ArrowUp', -1),
  later: queueCommand('run-later', 'Run later', 'Alt+Shift+ArrowDown', 1),
  stop: {
    ...onCell('stop', 'Stop the cell’s run, or take it out of the queue', ['I I'], stopCell),
    isUsable: ({ statuses }, id) => id !== null && isUnderWay(statuses.getState().get(id)),
  },
  cut: onCell('cut', 'Cut cell', ['X'], cut),
  copy: onCell('copy', 'Copy cell', ['C'], copy),
  pasteBelow: pasteCommand('paste', 'Paste cell below', 'V', 1),
  pasteAbove: pasteCommand('paste-above', 'Paste cell above', 'Shift+V', 0),
  duplicate: onCell('duplicate', 'Duplicate cell', ['Shift+D'], duplicate),
  collapse: onCell('collapse', 'Collapse or expand cell', ['O'], collapse),
  remove: onCell('delete', 'Delete cell', ['D D'], remove),
} as const satisfies Readonly<Record<string, Command>>;

export const addCommands: readonly Command[] = cellOffers.map(({ id, label, about, create }) => ({
  id: `add-${id}`,
  label: `Add: ${label}`,
  about,
  group: 'Add a cell',
  run: (services, cellId) => {
    const { length } = services.notebook.getState().history.present.cells;
    addCellAt(services, create, { index: cellId === null ? length : indexOf(services, cellId) + 1, write: true });
  },
}));
