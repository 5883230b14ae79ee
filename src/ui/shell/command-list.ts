// All that the reader can ask of the page, once: keys, palette, shortcut sheet, menus and tooltips read this list.
import { isUnderWay } from '../../notebook/cell-status.ts';
import { templates } from '../../notebook/templates/templates.ts';
import { isActive } from '../../runs/reducer.ts';
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
  redo,
  remove,
  runCell,
  runningCell,
  staleCells,
  startAll,
  startStale,
  stepFrom,
  stopAll,
  stopCell,
  undo,
  waitingRunOf,
} from '../commands.ts';
import type { Services } from '../services.ts';
import { cellOffers } from './cell-kinds.ts';
import { openEmpty, openExample } from './navigation.ts';
import { openNotebookFile, saveNotebook, saveReport } from './notebook-files.ts';

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
  /** Only by its keys: the palette is no place for it. */
  readonly isKeyOnly?: boolean;
  /** `cellId` is the cell in question; null only where none is needed. */
  readonly run: (services: Services, cellId: string | null) => void;
}

/** A command on one cell. */
function onCell(
  id: string,
  label: string,
  keys: readonly string[],
  run: (services: Services, cellId: string) => void,
): Command {
  const guarded = (services: Services, cellId: string | null) => cellId !== null && run(services, cellId);
  return { id, label, group: 'Cell', keys, needsCell: true, run: guarded };
}

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

const goCommands: readonly Command[] = [
  {
    id: 'next',
    label: 'Next cell',
    group: 'Go',
    keys: ['J', 'ArrowDown'],
    run: (services, id) => stepFrom(services, id, 1),
  },
  {
    id: 'previous',
    label: 'Previous cell',
    group: 'Go',
    keys: ['K', 'ArrowUp'],
    run: (services, id) => stepFrom(services, id, -1),
  },
  {
    id: 'running',
    label: 'Go to the running cell',
    group: 'Go',
    keys: ['G'],
    isUsable: (services) => runningCell(services) !== null,
    run: (services) => focusCell(runningCell(services) ?? undefined),
  },
];

const addCommands: readonly Command[] = cellOffers.map(({ id, label, about, create }) => ({
  id: `add-${id}`,
  label: `Add: ${label}`,
  about,
  group: 'Add a cell',
  run: (services, cellId) => {
    const { length } = services.notebook.getState().history.present.cells;
    addCellAt(services, create, { index: cellId === null ? length : indexOf(services, cellId) + 1, write: true });
  },
}));

const isBusy = ({ runs }: Services): boolean =>
  Object.values(runs.getState().runs).some((run) => isActive(run) || run.status === 'queued');

export const historyCommands = {
  undo: {
    id: 'undo',
    label: 'Undo',
    group: 'Notebook',
    keys: ['Z', 'Mod+Z'],
    isUsable: ({ notebook }) => notebook.getState().history.past.length > 0,
    run: undo,
  },
  redo: {
    id: 'redo',
    label: 'Redo',
    group: 'Notebook',
    keys: ['Shift+Z', 'Mod+Shift+Z', 'Mod+Y'],
    isUsable: ({ notebook }) => notebook.getState().history.future.length > 0,
    run: redo,
  },
} as const satisfies Readonly<Record<string, Command>>;

const runCommands: readonly Command[] = [
  {
    id: 'run-all',
    label: 'Run all',
    about: 'Every run without a current result',
    group: 'Notebook',
    isUsable: (services) => !isBusy(services),
    run: startAll,
  },
  {
    id: 'run-stale',
    label: 'Run all stale',
    about: 'Every run whose settings, model, data or earlier runs have changed since',
    group: 'Notebook',
    keys: ['Shift+R'],
    isUsable: (services) => staleCells(services).length > 0,
    run: startStale,
  },
  { id: 'stop-all', label: 'Stop all', group: 'Notebook', isUsable: isBusy, run: stopAll },
];

/** What the notebook's menu lists, too. */
export const fileCommands: readonly Command[] = [
  {
    id: 'notebooks',
    label: 'Notebooks…',
    about: 'All of them, the examples and the bin',
    group: 'Notebook',
    keys: ['Mod+O'],
    keysWork: 'everywhere',
    run: ({ view }) => view.set({ dialog: 'notebooks' }),
  },
  { id: 'empty', label: 'New notebook', group: 'Notebook', run: (services) => void openEmpty(services) },
  { id: 'open', label: 'Open a notebook file…', group: 'Notebook', run: openNotebookFile },
  {
    id: 'save',
    label: 'Save as a Jupyter notebook (.ipynb)',
    about: 'With settings, curves and results',
    group: 'Notebook',
    run: (services) => void saveNotebook(services),
  },
  {
    id: 'report',
    label: 'Save as a report (.html)',
    about: 'One page to read, print or send',
    group: 'Notebook',
    run: (services) => void saveReport(services),
  },
  {
    id: 'share',
    label: 'Share by a link…',
    about: 'Settings and texts only',
    group: 'Notebook',
    run: ({ view }) => view.set({ dialog: 'share' }),
  },
  { id: 'versions', label: 'Versions…', group: 'Notebook', run: ({ view }) => view.set({ dialog: 'versions' }) },
];

const exampleCommands = templates.map(
  (template): Command => ({
    id: `template-${template.id}`,
    label: `Example: “${template.title}”`,
    about: `${template.about}. Opens a new copy.`,
    group: 'Notebook',
    run: (services) => void openExample(services, template),
  }),
);

export const helpCommands = {
  palette: {
    id: 'palette',
    label: 'Commands',
    group: 'Help',
    keys: ['Mod+K'],
    keysWork: 'everywhere',
    isKeyOnly: true,
    run: ({ view }) => view.set({ dialog: 'palette' }),
  },
  shortcuts: {
    id: 'shortcuts',
    label: 'Keyboard shortcuts',
    group: 'Help',
    keys: ['?'],
    run: ({ view }) => view.set({ dialog: 'shortcuts' }),
  },
} as const satisfies Readonly<Record<string, Command>>;

export const commandList: readonly Command[] = [
  ...Object.values(cellCommands),
  ...goCommands,
  ...addCommands,
  ...Object.values(historyCommands),
  ...runCommands,
  ...fileCommands,
  ...exampleCommands,
  ...Object.values(helpCommands),
];
