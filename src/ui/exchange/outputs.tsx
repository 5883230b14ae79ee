// Results as what stands under a Jupyter cell: every figure as Vega-Lite, as a picture and in words, every table as text.
import type { MimeBundle } from '../../notebook/exchange/ipynb.ts';
import { describeChart, formatNumber } from '../charts/series.ts';
import { drawStill } from './draw-still.ts';
import { FIGURE_WIDTH, FigureSvg, figureHeight } from './FigureSvg.tsx';
import type { CellResults, Figure, Table } from './results.ts';
import { vegaLiteOf } from './vega-lite.ts';

export async function outputsOf({ figures, tables }: CellResults): Promise<readonly MimeBundle[]> {
  const drawn = await Promise.all(
    figures.map(async (figure) => ({
      'application/vnd.vegalite.v5+json': vegaLiteOf(figure),
      'image/png': await pngOf(figure),
      'text/plain': describeChart(figure.title, figure.series, figure.yFormat ?? formatNumber),
    })),
  );
  return [...tables.map((table) => ({ 'text/plain': textOf(table) })), ...drawn];
}

/** Columns aligned by spaces, as a terminal or a plain-text reader shows them. */
export function textOf({ caption, head, rows }: Table): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [caption, ...lines].join('\n');
}

/** Twice as many pixels as the figure is wide: screens show them sharp. */
const SCALE = 2;

/** Base64. */
async function pngOf(figure: Figure): Promise<string> {
  const svg = new XMLSerializer().serializeToString(drawStill(<FigureSvg figure={figure} />).firstElementChild!);
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(SCALE * FIGURE_WIDTH, SCALE * figureHeight(figure));
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return base64(new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer()));
  } finally {
    URL.revokeObjectURL(url);
  }
}

const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
