// Commands on the notebook as a whole: undo, its runs, its file, the examples beside it.
import { templates } from '../../notebook/templates/templates.ts';
import { isBusy, redo, staleCells, startAll, startStale, stopAll, undo } from '../commands.ts';
import type { Command } from './command.ts';
import { openEmpty, openExample } from './navigation.ts';
import { openNotebookFile, saveNotebook, saveReport } from './notebook-files.ts';

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

export const runCommands: readonly Command[] = [
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
  {
    id: 'stop-all',
    label: 'Stop all',
    about: 'What this notebook has running or waiting',
    group: 'Notebook',
    isUsable: isBusy,
    run: stopAll,
  },
];

/** What the notebook's menu lists, too. */
export const fileCommands: readonly Command[] = [
  {
    id: 'notebooks',
    label: 'Notebooks…',
    about: 'All of them, the examples and the bin',
    group: 'Notebook',
    onlyReads: true,
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
    onlyReads: true,
    run: (services) => void saveNotebook(services),
  },
  {
    id: 'report',
    label: 'Save as a report (.html)',
    about: 'One page to read, print or send',
    group: 'Notebook',
    onlyReads: true,
    run: (services) => void saveReport(services),
  },
  {
    id: 'share',
    label: 'Share by a link…',
    about: 'Settings and texts only',
    group: 'Notebook',
    run: ({ view }) => view.set({ dialog: 'share' }),
  },
  {
    id: 'storage',
    label: 'Models and data on this machine…',
    about: 'What is kept, checkpoints too, and how large it is; the Hub’s address and a token',
    group: 'Notebook',
    run: ({ view }) => view.set({ dialog: 'storage' }),
  },
  { id: 'versions', label: 'Versions…', group: 'Notebook', run: ({ view }) => view.set({ dialog: 'versions' }) },
];

export const exampleCommands = templates.map(
  (template): Command => ({
    id: `template-${template.id}`,
    label: `Example: “${template.title}”`,
    about: `${template.about}. Opens a new copy.`,
    group: 'Notebook',
    run: (services) => void openExample(services, template),
  }),
);
