import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { cellStatuses } from '../../../src/notebook/cell-status.ts';
import { createNotebookStore } from '../../../src/notebook/store.ts';
import { magnitudeOrMovement } from '../../../src/notebook/templates/magnitude-or-movement.ts';
import type { Run } from '../../../src/runs/reducer.ts';
import type { Services } from '../../../src/ui/services.ts';
import { cellCommands } from '../../../src/ui/shell/cell-commands.ts';
import { commandList } from '../../../src/ui/shell/command-list.ts';
import { placeFor } from '../../../src/ui/shell/drag-cell.ts';
import { ariaKeys, chordOf, shownKeys } from '../../../src/ui/shell/keys.ts';
import { searchCommands } from '../../../src/ui/shell/search-commands.ts';
import { createViewStore } from '../../../src/ui/shell/view.ts';
import { recordOf, runOfCell } from '../../notebook/run-records.ts';

type Runs = Readonly<Record<string, Run>>;

const press = (key: string, held: 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | null = null) => {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  return chordOf({ key, ...none, ...(held ? { [held]: true } : {}) });
};

describe('the list of commands', () => {
  it('gives each its own name, and no keys to two', () => {
    const ids = commandList.map(({ id }) => id);
    const keys = commandList.flatMap((command) => command.keys ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain('D D');
  });
});

describe('the search among commands', () => {
  const found = (search: string) => searchCommands(commandList, search).map(({ label }) => label);

  it.each([
    ['Run all', ['Run all', 'Run all stale']],
    ['stale', ['Run all stale']],
    ['add model', ['Add: Model']],
    ['all', ['Run all', 'Stop all', 'Run all stale']],
    ['dup', ['Duplicate cell']],
    ['rst', ['Run all stale']],
    ['curves of several', ['Add: Compare']],
  ])('puts first what is meant by “%s”', (search, labels) => {
    expect(found(search).slice(0, labels.length)).toEqual(labels);
  });

  it('prefers the start of a name to the start of a later word, and that to letters within one', () => {
    const order = (search: string, ...labels: readonly string[]) =>
      found(search).filter((label) => labels.includes(label));
    expect(order('run', 'Add: Run from few labels', 'Run all')).toEqual(['Run all', 'Add: Run from few labels']);
    expect(order('cut', 'Keyboard shortcuts', 'Cut cell')).toEqual(['Cut cell', 'Keyboard shortcuts']);
    expect(found('run')).not.toContain('Copy cell');
  });

  it('leaves the list as it is while nothing is typed', () => {
    expect(searchCommands(commandList, ' ')).toBe(commandList);
  });
});

describe('“Run the cell”', () => {
  const template = magnitudeOrMovement('quick');
  const notebook = createNotebookStore(template);
  const isOffered = (cellId: string, { editing = null, runs = {} }: { editing?: string | null; runs?: Runs } = {}) => {
    const view = createViewStore();
    view.set({ editing });
    const statuses = createStore(() => cellStatuses(template, runs));
    return cellCommands.run.isUsable({ notebook, statuses, view } as unknown as Services, cellId);
  };

  it.each(template.cells)('is offered only where there is something to run: $kind', ({ id, kind }) => {
    expect(isOffered(id)).toBe(kind === 'run');
  });

  it('is offered on a text open for writing, and not on a run under way', () => {
    const text = template.cells.find(({ kind }) => kind === 'text')!.id;
    expect(isOffered(text, { editing: text })).toBe(true);
    expect(isOffered('movement', { runs: recordOf(runOfCell(template, 'movement', { status: 'paused' })) })).toBe(
      false,
    );
    expect(isOffered('movement', { runs: recordOf(runOfCell(template, 'movement')) })).toBe(true);
  });
});

describe('keys', () => {
  it('are told from a press, Control and ⌘ alike', () => {
    expect(press('k', 'ctrlKey')).toBe('Mod+K');
    expect(press('k', 'metaKey')).toBe('Mod+K');
    expect(press('Z', 'shiftKey')).toBe('Shift+Z');
    expect(press('ArrowUp', 'altKey')).toBe('Alt+ArrowUp');
    expect(press('Enter', 'shiftKey')).toBe('Shift+Enter');
  });

  it('of a letter mean the same with Caps Lock; of a sign they leave Shift out', () => {
    expect([press('d'), press('D')]).toEqual(['D', 'D']);
    expect(press('?', 'shiftKey')).toBe('?');
  });

  it('read as on the keycaps, and as ARIA has them', () => {
    expect(shownKeys('Mod+Shift+Z')).toBe('Ctrl Shift Z');
    expect(shownKeys('D D')).toBe('D D');
    expect(ariaKeys(['Mod+Z', 'Z'])).toBe('Control+Z Z');
    expect(ariaKeys(['D D'])).toBeUndefined();
  });
});

describe('a dropped cell', () => {
  // Gaps of four cells: 0 ▢ 1 ▢ 2 ▢ 3 ▢ 4; the second cell (1) is dragged.
  it.each([
    [0, 0],
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
  ])('in gap %i lands at %i', (gap, index) => {
    expect(placeFor(gap, 1)).toBe(index);
  });
});
