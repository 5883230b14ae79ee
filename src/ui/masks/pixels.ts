// Masks as images, one pixel per weight.
import { maskBit } from '../../engine/pruning/agreement.ts';
import { packPixel, type Rgb } from '../charts/colors.ts';
import { slices } from './slices.ts';

export interface Image {
  readonly pixelAt: (index: number) => number;
  readonly rows: number;
  readonly columns: number;
}

const PIXELS_PER_SLICE = 65_536;

export function maskPixel(mask: Uint8Array, [kept, pruned]: readonly Rgb[]): Image['pixelAt'] {
  const colors = Uint32Array.of(packPixel(pruned!), packPixel(kept!));
  return (index) => colors[maskBit(mask, index)]!;
}

/** Colours for neither, only A, only B, both. */
export function agreementPixel(a: Uint8Array, b: Uint8Array, colors: readonly Rgb[]): Image['pixelAt'] {
  const packed = Uint32Array.from(colors, packPixel);
  return (index) => packed[maskBit(a, index) + 2 * maskBit(b, index)]!;
}

/** Null when aborted. */
export async function paint({ pixelAt, rows, columns }: Image, signal: AbortSignal): Promise<HTMLCanvasElement | null> {
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for await (const [from, to] of slices(rows * columns, PIXELS_PER_SLICE, signal)) {
    for (let index = from; index < to; index++) pixels[index] = pixelAt(index);
  }
  if (signal.aborted) return null;
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}
