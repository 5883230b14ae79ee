// Light, dark, or as the system says; remembered on this device. The page's root always names the one in force.
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'winnow-theme';
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

export function storedTheme(): Theme {
  const stored = localStorage.getItem(key);
  return themes.find((theme) => theme === stored) ?? 'system';
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(key, theme);
  show(theme);
}

/** Shows the stored theme from now on, and follows the system where that is what it says. */
export function startTheme(): void {
  show(storedTheme());
  systemIsDark.addEventListener('change', () => show(storedTheme()));
}

function show(theme: Theme): void {
  const isDark = theme === 'dark' || (theme === 'system' && systemIsDark.matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
}
