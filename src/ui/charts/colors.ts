// CSS colours for canvases: resolved to RGB, and again when the theme changes.
import { useMemo, useSyncExternalStore } from 'react';

export type Rgb = readonly [red: number, green: number, blue: number];

/** The colours named, in order, such as `var(--kept)`; a new array only when a colour or the theme changed. */
export function useColors(...css: readonly string[]): readonly Rgb[] {
  const theme = useSyncExternalStore(onThemeChange, themeKey);
  const key = css.join('|');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides what the names stand for
  return useMemo(() => key.split('|').map(resolveColor), [key, theme]);
}

export function cssRgb([red, green, blue]: Rgb, alpha = 1): string {
  return `rgb(${red} ${green} ${blue} / ${alpha})`;
}

/** As one opaque pixel of an ImageData seen through a Uint32Array; typed arrays are little-endian in browsers. */
export function packPixel([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

function resolveColor(css: string): Rgb {
  const [red = 128, green = 128, blue = 128] = pixelOf(css);
  return [red, green, blue];
}

/** As `rgb(…)` or `rgba(…)`, which programs other than browsers read, too. */
export function legacyColor(css: string): string {
  const [red = 128, green = 128, blue = 128, alpha = 255] = pixelOf(css);
  return alpha === 255 ? `rgb(${red}, ${green}, ${blue})` : `rgba(${red}, ${green}, ${blue}, ${alpha / 255})`;
}

/** By painting a pixel, so that any syntax the browser knows is understood (oklch, light-dark, color-mix, …). */
function pixelOf(css: string): readonly number[] {
  const probe = document.body.appendChild(document.createElement('span'));
  probe.style.color = css;
  const computed = getComputedStyle(probe).color;
  probe.remove();
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return [];
  context.fillStyle = computed;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data];
}

/** Changes with the system's scheme and with whatever the page's theme switch sets on the root element. */
function themeKey(): string {
  const { dataset, className } = document.documentElement;
  return `${matchMedia('(prefers-color-scheme: dark)').matches} ${dataset.theme ?? ''} ${className}`;
}

function onThemeChange(notify: () => void): () => void {
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(notify);
  scheme.addEventListener('change', notify);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
  return () => {
    scheme.removeEventListener('change', notify);
    observer.disconnect();
  };
}
