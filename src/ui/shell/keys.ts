// Keys as commands name them: "Alt+ArrowUp", "Mod+Shift+Z", and "D D" for one pressed twice. Mod is Control or ⌘.
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Node, where the page is drawn in tests, has no navigator. */
const isApple = /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? '');

export function chordOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): string {
  // Of a sign such as “?”, Shift is part already.
  const countsShift = shiftKey && (key.length > 1 || key.toLowerCase() !== key.toUpperCase());
  const modifiers = [(ctrlKey || metaKey) && 'Mod', altKey && 'Alt', countsShift && 'Shift'].filter(Boolean);
  return [...modifiers, key.length === 1 ? key.toUpperCase() : key].join('+');
}

const symbols: Readonly<Record<string, string>> = {
  Mod: isApple ? '⌘' : 'Ctrl',
  Alt: isApple ? '⌥' : 'Alt',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/** As a person reads it: "Alt ↑". */
export const shownKeys = (keys: string): string =>
  keys
    .split(/[+ ]/)
    .map((key) => symbols[key] ?? key)
    .join(' ');

/** As `aria-keyshortcuts` has it, which knows no sequences. */
export function ariaKeys(keys: readonly string[]): string | undefined {
  const chords = keys.filter((key) => !key.includes(' '));
  return chords.join(' ').replaceAll('Mod', isApple ? 'Meta' : 'Control') || undefined;
}
