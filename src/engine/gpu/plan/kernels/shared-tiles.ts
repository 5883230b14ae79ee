// Tiles in shared memory for GPUs: a workgroup reads a slice of both operands once, each thread sums 4 rows of one
// vector. Slices lie with the summed dimension outermost, so every form of product has the same inner loop.
import { type Extent, guarded, load, loadPlace, type Operand, type Product, range, type Tiling } from './product.ts';

/** Length of a slice along the summed dimension. */
const SLICE = 16;
/** Rows and columns of a tile: the large one where the result fills the GPU all the same. */
const SMALL = 32;
const LARGE = 64;
const TILES_TO_FILL = 96;
/** Words between rows of a slice beyond the tile, against bank conflicts. */
const GAP = 4;
const COMPONENTS = ['x', 'y', 'z', 'w'] as const;

export function sharedTiling(extent: Extent): Tiling {
  const count = (size: number) => Math.ceil(extent.rows / size) * Math.ceil((extent.vectors * 4) / size);
  const size = count(LARGE) >= TILES_TO_FILL ? LARGE : SMALL;
  const vectors = size / 4;
  const words = SLICE * (size + GAP);
  return {
    across: Math.ceil(extent.vectors / vectors),
    down: Math.ceil(extent.rows / size),
    unit: 'group',
    threadsPerTile: vectors * vectors,
    workgroupSize: vectors * vectors,
    declarations: `var<workgroup> sliceA: array<f32, ${words}>; var<workgroup> sliceB: array<f32, ${words}>;`,
    locate: (tileRow, tileColumn) => `
      let firstRow = ${tileRow} * ${size}u; let firstColumn = ${tileColumn} * ${vectors}u;
      let row = firstRow + (lane / ${vectors}u) * 4u; let column = firstColumn + lane % ${vectors}u;`,
    declareSums: () =>
      range(4)
        .map((i) => `var s${i} = vec4f();`)
        .join(' '),
    accumulate: (product) => accumulate(size, product),
    eachVector: (text) =>
      range(4)
        .map(
          (i) =>
            `{ let r = row + ${i}u; let c = column; var v = s${i}; ${guarded(extent, { rows: size, vectors }, text)} }\n`,
        )
        .join(' '),
    sumRows: (operand, rows, store) => sumRows(size, extent, { operand, rows, store }),
  };
}

function accumulate(size: number, { form, depth, a, b }: Product): string {
  const vectors = size / 4;
  const sums = range(4).map((i) => `s${i} = fma(vec4f(x.${COMPONENTS[i]}), y, s${i});`);
  const length = form === 'TN' ? depth : 4 * depth;
  const fillA = form === 'TN' ? fillAlong : fillAcross;
  const fillB = form === 'NT' ? fillAcross : fillAlong;
  return `
    for (var k0 = 0u; k0 < ${length}u; k0 += ${SLICE}u) {
      ${fillA('sliceA', { size, length, operand: a, first: form === 'TN' ? 'firstRow / 4u' : 'firstRow' })}
      ${fillB('sliceB', { size, length, operand: b, first: form === 'NT' ? 'firstColumn * 4u' : 'firstColumn' })}
      workgroupBarrier();
      for (var k = 0u; k < ${SLICE}u; k++) {
        let x = ${vectorAt('sliceA', size, `lane / ${vectors}u`)};
        let y = ${vectorAt('sliceB', size, `lane % ${vectors}u`)};
        ${sums.join(' ')}
      }
      workgroupBarrier();
    }`;
}

function vectorAt(slice: string, size: number, vector: string): string {
  const words = range(4).map((word) => `${slice}[k * ${size + GAP}u + (${vector}) * 4u + ${word}u]`);
  return `vec4f(${words.join(', ')})`;
}

interface Fill {
  readonly size: number;
  /** Of the summed dimension; beyond it, slices are zero. */
  readonly length: number;
  readonly operand: Operand;
  /** The tile's first row of the operand, or its first vector column. */
  readonly first: string;
}

/** The operand's rows run along the summed dimension: vectors are copied as they lie. */
function fillAlong(slice: string, { size, length, operand, first }: Fill): string {
  const vectors = size / 4;
  const value = loadPlace(operand, { row: 'k0 + k', vector: `${first} + i % ${vectors}u` });
  return `for (var i = lane; i < ${SLICE * vectors}u; i += ${vectors * vectors}u) {
    let k = i / ${vectors}u;
    let v = select(vec4f(), ${value}, k0 + k < ${length}u);
    let at = k * ${size + GAP}u + (i % ${vectors}u) * 4u;
    ${range(4)
      .map((word) => `${slice}[at + ${word}u] = v.${COMPONENTS[word]};`)
      .join(' ')}
  }`;
}

/** The operand's columns run along the summed dimension: vectors are turned. */
function fillAcross(slice: string, { size, length, operand, first }: Fill): string {
  const vectors = size / 4;
  const perRow = SLICE / 4;
  const value = loadPlace(operand, { row: `${first} + i / ${perRow}u`, vector: 'k0 / 4u + q' });
  return `for (var i = lane; i < ${size * perRow}u; i += ${vectors * vectors}u) {
    let q = i % ${perRow}u;
    let v = select(vec4f(), ${value}, k0 + 4u * q < ${length}u);
    let at = 4u * q * ${size + GAP}u + i / ${perRow}u;
    ${range(4)
      .map((word) => `${slice}[at + ${word * (size + GAP)}u] = v.${COMPONENTS[word]};`)
      .join(' ')}
  }`;
}

/** Threads of one column take every so many rows; their sums meet in shared memory. */
function sumRows(
  size: number,
  extent: Extent,
  o: {
    readonly operand: Operand;
    readonly rows: number;
    readonly store: (column: string, sum: string) => string;
  },
): string {
  const vectors = size / 4; // columns of the tile, and strips of rows
  return `
    let vector = firstRow / 4u + lane % ${vectors}u;
    var sum = vec4f();
    for (var k = lane / ${vectors}u; k < ${o.rows}u; k += ${vectors}u) {
      sum += ${load(o.operand, `${o.operand.offset} + k * ${o.operand.stride}u + vector`)};
    }
    ${range(4)
      .map((word) => `sliceA[lane * 4u + ${word}u] = sum.${COMPONENTS[word]};`)
      .join(' ')}
    workgroupBarrier();
    if (lane < ${vectors}u && vector < ${extent.rows / 4}u) {
      var total = vec4f();
      for (var strip = 0u; strip < ${vectors}u; strip++) {
        let at = (strip * ${vectors}u + lane) * 4u;
        total += vec4f(sliceA[at], sliceA[at + 1u], sliceA[at + 2u], sliceA[at + 3u]);
      }
      ${o.store('vector', 'total')}
    }`;
}
