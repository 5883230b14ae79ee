import { describe, expect, it } from 'vitest';
import { commandList } from '../../../src/ui/shell/command-list.ts';
import { placeFor } from '../../../src/ui/shell/drag-cell.ts';
import { ariaKeys, chordOf, shownKeys } from '../../../src/ui/shell/keys.ts';

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
