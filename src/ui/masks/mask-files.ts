// A picture of masks as files: PNG with a pixel per weight, SVG with title, legend and what the matrix is made of.

import type { MatrixInfo } from '../../runs/events.ts';
import { figureFiles, imageOf, type LegendEntry, svgElement } from '../charts/figure-file.ts';
import type { Unit } from './matrix.ts';
import { NARROWEST_UNIT, outlines } from './Picture.tsx';

const WIDTH = 768;

interface MaskImage {
  readonly title: string;
  readonly legend: readonly LegendEntry[];
  /** A pixel per weight. */
  readonly image: HTMLCanvasElement;
  readonly info: MatrixInfo;
  readonly unit: Unit | null;
}

export function maskFiles({ title, legend, image, info, unit }: MaskImage) {
  const scale = WIDTH / info.columns;
  const size = { width: WIDTH, height: info.rows * scale };
  const lines = unit && unit.size * scale >= NARROWEST_UNIT ? outlines(info, unit, scale, { x: 0, y: 0 }) : '';
  const { svg } = figureFiles(() => ({
    title,
    legend,
    ...size,
    layers: [
      imageOf(image, { x: 0, y: 0, ...size }, true),
      svgElement('path', { d: lines, stroke: '#000', 'stroke-opacity': 0.25, fill: 'none' }),
    ],
  }));
  return { svg, png: () => new Promise<Blob | null>((resolve) => image.toBlob(resolve, 'image/png')) };
}
