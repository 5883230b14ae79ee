// All that the reader can ask of the page, once: keys, palette, shortcut sheet, menus and tooltips read this list.
import { focusCell, runningCell, stepFrom } from '../commands.ts';
import { addCommands, cellCommands } from './cell-commands.ts';
import type { Command } from './command.ts';
import { exampleCommands, fileCommands, historyCommands, runCommands } from './notebook-commands.ts';

const goCommands: readonly Command[] = [
  {
    id: 'next',
    label: 'Next cell',
    group: 'Go',
    onlyReads: true,
    keys: ['J', 'ArrowDown'],
    run: (services, id) => stepFrom(services, id, 1),
  },
  {
    id: 'previous',
    label: 'Previous cell',
    group: 'Go',
    onlyReads: true,
    keys: ['K', 'ArrowUp'],
    run: (services, id) => stepFrom(services, id, -1),
  },
  {
    id: 'running',
    label: 'Go to the running cell',
    group: 'Go',
    onlyReads: true,
    keys: ['G'],
    isUsable: (services) => runningCell(services) !== null,
    run: (services) => focusCell(runningCell(services) ?? undefined),
  },
];

export const helpCommands = {
  palette: {
    id: 'palette',
    label: 'Commands',
    group: 'Help',
    onlyReads: true,
    keys: ['Mod+K'],
    keysWork: 'everywhere',
    isKeyOnly: true,
    run: ({ view }) => view.set({ dialog: 'palette' }),
  },
  shortcuts: {
    id: 'shortcuts',
    label: 'Keyboard shortcuts',
    group: 'Help',
    onlyReads: true,
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
