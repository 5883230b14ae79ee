// Density to pixels: pruned weights below, kept ones above, each darker where more weights fall, on a log scale.
import type { Rgb } from '../charts/colors.ts';
import type { Density } from './scatter.ts';
import { slices } from './slices.ts';

const ROWS_PER_SLICE = 32;
/** Opacity of a lone weight: a single outlier must be seen. */
const FAINTEST = { kept: 0.65, pruned: 0.75 } as const;

interface Layer {
  readonly counts: Uint32Array;
  readonly color: Rgb;
  readonly faintest: number;
  readonly densest: number;
}

/** Null when aborted. */
export async function shade(
  { side, kept, pruned }: Density,
  colors: { readonly kept: Rgb; readonly pruned: Rgb },
  signal: AbortSignal,
): Promise<ImageData | null> {
  const image = new ImageData(side, side);
  const below = layerOf(pruned, colors.pruned, FAINTEST.pruned);
  const above = layerOf(kept, colors.kept, FAINTEST.kept);
  for await (const [from, to] of slices(side, ROWS_PER_SLICE, signal)) {
    for (let row = from; row < to; row++) {
      for (let column = 0; column < side; column++) {
        const at = row * side + column;
        blend(
          image.data,
          4 * at,
          [below, opacity(below, side, row, column)],
          [above, opacity(above, side, row, column)],
        );
      }
    }
  }
  return signal.aborted ? null : image;
}

function layerOf(counts: Uint32Array, color: Rgb, faintest: number): Layer {
  let densest = 0;
  for (const count of counts) if (count > densest) densest = count;
  return { counts, color, faintest, densest };
}

/** From `faintest` for one weight to 1 for the densest pixel; below one weight, the soft edge of a dot. */
function opacity({ counts, faintest, densest }: Layer, side: number, row: number, column: number): number {
  const density = blurred(counts, side, row, column);
  if (density <= 1) return density * faintest;
  return Math.min(1, faintest + (1 - faintest) * (Math.log(density) / Math.log(densest)));
}

/** Neighbours weighted 1 2 1 / 2 4 2 / 1 2 1, by quarters: a lone weight is a dot three pixels wide. */
function blurred(counts: Uint32Array, side: number, row: number, column: number): number {
  const line = (r: number) => {
    if (r < 0 || r >= side) return 0;
    const at = r * side + column;
    return (column > 0 ? counts[at - 1]! : 0) + 2 * counts[at]! + (column < side - 1 ? counts[at + 1]! : 0);
  };
  return (line(row - 1) + 2 * line(row) + line(row + 1)) / 4;
}

type Wash = readonly [layer: Layer, opacity: number];

/** The upper wash over the lower one, as one pixel with its own opacity. */
function blend(pixels: Uint8ClampedArray, at: number, [below, lower]: Wash, [above, upper]: Wash): void {
  const under = lower * (1 - upper);
  const alpha = upper + under;
  if (alpha === 0) return;
  for (let channel = 0; channel < 3; channel++) {
    pixels[at + channel] = (above.color[channel]! * upper + below.color[channel]! * under) / alpha;
  }
  pixels[at + 3] = 255 * alpha;
}
