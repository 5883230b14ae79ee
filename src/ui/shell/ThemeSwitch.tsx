import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../components/IconButton.tsx';
import { chooseTheme, storedTheme, themes } from './theme.ts';

const icons = { system: Monitor, light: Sun, dark: Moon };

/** One button that goes round: system, light, dark. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(storedTheme);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length]!;
  return (
    <IconButton
      icon={icons[theme]}
      label={`Theme: ${theme}. Switch to ${next}`}
      onPress={() => {
        chooseTheme(next);
        setTheme(next);
      }}
    />
  );
}
