// A figure of the page as a file that stands alone: its title and legend, then what is drawn, with the colours and the
// letters that the page's styles give it. Vectors stay vectors; a canvas becomes an image within them.
import { legacyColor } from './colors.ts';

export interface LegendEntry {
  readonly label: string;
  /** Any CSS colour. */
  readonly color: string;
  readonly mark: 'line' | 'dashes' | 'square';
}

export interface FigureParts {
  readonly title: string;
  readonly legend: readonly LegendEntry[];
  readonly width: number;
  readonly height: number;
  /** What is drawn, each in pixels of the figure's own plot. */
  readonly layers: readonly SVGElement[];
}

const SVG = 'http://www.w3.org/2000/svg';
const LINE = 20;
const EDGE = 12;
const FONT = "'Source Sans 3', system-ui, sans-serif";

/** The drawings inside an element of the page, SVG or canvas, in their places. */
export function drawnIn(plot: HTMLElement): Pick<FigureParts, 'width' | 'height' | 'layers'> {
  const frame = plot.getBoundingClientRect();
  const drawings = [...plot.querySelectorAll<SVGSVGElement | HTMLCanvasElement>('svg, canvas')];
  const layers = drawings
    .filter((drawing) => !drawing.parentElement?.closest('svg'))
    .map((drawing) => {
      const { left, top, width, height } = drawing.getBoundingClientRect();
      const place = { x: left - frame.left, y: top - frame.top, width, height };
      if (drawing instanceof HTMLCanvasElement) return imageOf(drawing, place);
      return withAttributes(standalone(drawing), { ...place, overflow: 'visible' });
    });
  return { width: frame.width, height: frame.height, layers };
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A canvas as an image; a crisp one shows its pixels as squares where it is enlarged. */
export function imageOf(canvas: HTMLCanvasElement, place: Place, isCrisp = false): SVGElement {
  const image = svgElement('image', { ...place, href: canvas.toDataURL(), preserveAspectRatio: 'none' });
  return isCrisp ? withAttributes(image, { style: 'image-rendering: pixelated' }) : image;
}

function figureFile({ title, legend, width, height, layers }: FigureParts): FigureFile {
  const head = LINE * (legend.length + 1) + EDGE;
  const size = { width: Math.ceil(width) + 2 * EDGE, height: Math.ceil(height) + head + 2 * EDGE };
  const ink = paint('var(--ink)');
  const entries = legend.flatMap(({ label, color, mark }, index) => {
    const y = EDGE + LINE * (index + 1) + 10;
    return [legendMark(mark, paint(color), y), textAt(label, { x: EDGE + 30, y: y + 4, 'font-size': 12, fill: ink })];
  });
  const plot = svgElement('g', { transform: `translate(${EDGE} ${head + EDGE})` });
  plot.append(...layers);
  const root = svgElement('svg', { viewBox: `0 0 ${size.width} ${size.height}`, ...size, 'font-family': FONT });
  root.append(
    svgElement('rect', { width: size.width, height: size.height, fill: paint('var(--panel)') }),
    textAt(title, { x: EDGE, y: EDGE + 12, 'font-size': 14, 'font-weight': 600, fill: ink }),
    ...entries,
    plot,
  );
  return { ...size, svg: new XMLSerializer().serializeToString(root) };
}

interface FigureFile {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** A figure as it stands when the file is asked for. */
export const figureFiles = (partsOf: () => FigureParts) => ({
  png: () => pngBlob(figureFile(partsOf())),
  svg: async () => svgBlob(figureFile(partsOf())),
});

const svgBlob = ({ svg }: FigureFile): Blob => new Blob([svg], { type: 'image/svg+xml' });

/** Twice as many pixels as the figure is wide: screens show them sharp. */
const SCALE = 2;

async function pngBlob(file: FigureFile): Promise<Blob> {
  const url = URL.createObjectURL(svgBlob(file));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(SCALE * file.width, SCALE * file.height);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: 'image/png' });
  } finally {
    URL.revokeObjectURL(url);
  }
}

const fromStyles = [
  ...['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'opacity'],
  ...['font-size', 'font-weight', 'text-anchor', 'paint-order'],
];
const ofThePage = ['class', 'style', 'id', 'tabindex', 'role', 'aria-hidden'];

/** A copy that needs no style sheet: what the page's styles say of each part is written on it. */
function standalone(source: SVGElement): SVGElement {
  const copy = source.cloneNode(false) as SVGElement;
  for (const name of ofThePage) copy.removeAttribute(name);
  const style = getComputedStyle(source);
  for (const name of fromStyles) {
    const value = style.getPropertyValue(name);
    copy.setAttribute(name, name === 'fill' || name === 'stroke' ? paint(value) : value);
  }
  for (const child of source.childNodes) {
    copy.append(child instanceof SVGElement ? standalone(child) : child.cloneNode(true));
  }
  return copy;
}

function legendMark(mark: LegendEntry['mark'], color: string, y: number): SVGElement {
  if (mark === 'square')
    return svgElement('rect', { x: EDGE + 6, y: y - 5, width: 10, height: 10, rx: 2, fill: color });
  const line = svgElement('line', { x1: EDGE, x2: EDGE + 22, y1: y, y2: y, stroke: color, 'stroke-width': 2 });
  return mark === 'dashes' ? withAttributes(line, { 'stroke-dasharray': '5 4' }) : line;
}

function textAt(content: string, attributes: Attributes): SVGElement {
  const text = svgElement('text', attributes);
  text.textContent = content;
  return text;
}

type Attributes = Readonly<Record<string, string | number>>;

export const svgElement = (name: string, attributes: Attributes): SVGElement =>
  withAttributes(document.createElementNS(SVG, name), attributes);

function withAttributes<E extends SVGElement>(element: E, attributes: Attributes): E {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** A colour in the old syntax, which every reader of SVG knows. */
const paint = (css: string): string => (/^(none|rgba?\(|url\()/.test(css) ? css : legacyColor(css));
